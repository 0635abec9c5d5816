"""`ganzoo.load`: a run in Python is the run of the command line."""

import numpy as np
import pytest

import ganzoo as library
from ganzoo.errors import InputError


def test_images_are_those_that_generate_writes(ganzoo, run, tmp_path):
    assert ganzoo("generate", run, "--count", 5, "--seed", 3, "--out", "a.npz").exit_code == 0
    loaded = library.load(run)
    images = np.load(tmp_path / "a.npz")["images"]
    np.testing.assert_array_equal(loaded.sample(5, seed=3), images)
    np.testing.assert_array_equal(loaded.sample(2, seed=3), images[:2])
    assert not np.array_equal(loaded.sample(5), images)
    assert loaded.checkpoint == "000000.160" and loaded.config["seed"] == 1
    assert loaded.generator.input_shape == (None, 8)


def test_an_earlier_checkpoint_makes_the_smaller_images_of_its_stage(run):
    assert library.load(run, "000000.080").sample(2).shape == (2, 8, 8, 1)
    assert library.load(run).sample(2).shape == (2, 16, 16, 1)


def test_figures_are_a_frame(run):
    losses = library.load(run).losses()
    assert losses["kimg"].tolist() == [0.04, 0.08, 0.12, 0.16]
    assert {"d_loss", "g_loss", "seconds"} <= set(losses.columns)
    assert len(library.load(run).metrics()) == 0  # Nothing was scored.


def test_what_is_no_run_is_said(run, tmp_path):
    with pytest.raises(InputError, match="is not a run: it does not exist"):
        library.load(tmp_path / "nowhere")
    with pytest.raises(InputError, match="000099"):
        library.load(run, "000099")
    with pytest.raises(InputError, match="`count` is a whole number"):
        library.load(run).sample(0)
