"""`ganzoo.load`: a run in Python is the run of the command line."""

import numpy as np
import pytest

import ganzoo as library
from ganzoo.errors import InputError
from ganzoo.training import checkpoint
from ganzoo.training.trained import load_encoder, load_generator


def test_images_are_those_that_generate_writes(ganzoo, run, tmp_path):
    assert ganzoo("generate", run, "--count", 5, "--seed", 3, "--out", "a.npz").exit_code == 0
    loaded = library.load(run)
    images = np.load(tmp_path / "a.npz")["images"]
    np.testing.assert_array_equal(loaded.sample(5, seed=3), images)
    np.testing.assert_array_equal(loaded.sample(2, seed=3), images[:2])
    assert not np.array_equal(loaded.sample(5), images)
    assert loaded.checkpoint == "000000.160" and loaded.config["seed"] == 1
    assert loaded.generator.input_shape == (None, 8)


@pytest.mark.parametrize(
    ("architecture", "model", "load"),
    [
        ("stylegan2:width=4,latent_size=8,mapping_layers=1", "gan", load_generator),
        ("cppn:width=4,latent_size=8", "gan", load_generator),
        ("resnet:width=4,latent_size=8", "vae", load_encoder),
    ],
)
def test_averages_of_layers_within_layers_are_found(
    squares, tmp_path, architecture, model, load
):
    # A copy of a network, as an average is, has other names for their weights than the network.
    trainer = library.Trainer(
        data=str(squares), architecture=architecture, model=model, schedule="8:0.016", batch=8
    )
    run = trainer.new_run(tmp_path)
    trainer.train(run)
    saved = checkpoint.load(run.checkpoints[-1])[0]
    averages = {a.tobytes() for name, a in saved.items() if name.startswith("ema")}
    assert {w.tobytes() for w in load(run).get_weights()} <= averages


def test_an_earlier_checkpoint_makes_the_smaller_images_of_its_stage(run):
    assert library.load(run, "000000.080").sample(2).shape == (2, 8, 8, 1)
    assert library.load(run).sample(2).shape == (2, 16, 16, 1)


def test_figures_are_a_frame(run):
    losses = library.load(run).losses()
    assert losses["kimg"].tolist() == [0.04, 0.08, 0.12, 0.16]
    assert {"d_loss", "g_loss", "seconds"} <= set(losses.columns)
    assert len(library.load(run).metrics()) == 0  # Nothing was scored.


@pytest.mark.parametrize("path", [None, 5, b"x", ["a"], {}])
def test_what_is_no_path_is_said(path):
    with pytest.raises(InputError, match=r"A run is given by its path, a text. Received: "):
        library.load(path)


def test_a_path_that_no_disk_takes_is_no_run():
    with pytest.raises(InputError, match=r"xx\.\.\.xx+' is not a run: it cannot be opened"):
        library.load("x" * 20_000)


@pytest.mark.parametrize("seed", [1.5, "1", None, True, float("nan"), [1]])
def test_a_seed_is_a_whole_number(run, seed):
    with pytest.raises(InputError, match=r"`seed` is a whole number. Received: "):
        library.load(run).sample(1, seed=seed)


def test_what_is_no_run_is_said(run, tmp_path):
    with pytest.raises(InputError, match="is not a run: it does not exist"):
        library.load(tmp_path / "nowhere")
    with pytest.raises(InputError, match="000099"):
        library.load(run, "000099")
    with pytest.raises(InputError, match="`count` is a whole number"):
        library.load(run).sample(0)
