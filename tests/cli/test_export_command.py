"""What is exported gives the images that the run's own generator gives."""

import sys

import numpy as np
import pytest

from ganzoo.training.run import Run
from ganzoo.training.trained import load_generator


@pytest.fixture(scope="module")
def expected(run):
    """Latents, and the images of the run's generator."""
    generator = load_generator(Run.open(run))
    latents = np.random.default_rng(0).normal(size=(5, generator.input_shape[-1]))
    latents = latents.astype("float32")
    return latents, np.asarray(generator(latents))


def saved_model(path, latents):
    import tensorflow as tf

    loaded = tf.saved_model.load(str(path))  # Its variables live as long as it does.
    return loaded.serve(latents).numpy()


def keras_file(path, latents):
    import keras

    return np.asarray(keras.saving.load_model(path)(latents))


@pytest.mark.parametrize(("out", "play"), [("folder", saved_model), ("g.keras", keras_file)])
def test_what_is_exported_gives_the_same_images(ganzoo, run, expected, tmp_path, out, play):
    latents, images = expected
    result = ganzoo("export", run, "--out", out)
    assert result.exit_code == 0, result.output
    assert f"{out}: latents [N, {latents.shape[1]}] to images [N, 16, 16, 1]" in result.stdout
    np.testing.assert_allclose(play(tmp_path / out, latents), images, rtol=0, atol=1e-5)
    assert images.std() > 0.01


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing", "--out", "g"], "'nothing' is not a run"),
        (["RUN", "--out", "far/g"], "There is no folder 'far'"),
        (["RUN", "--out", "there"], "'there' is there already"),
        (["RUN", "--out", "g", "--checkpoint", "9"], "has no checkpoint '9'"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(ganzoo, run, tmp_path, arguments, message):
    (tmp_path / "there").mkdir()
    before = sorted(tmp_path.iterdir())
    result = ganzoo("export", *[run if a == "RUN" else a for a in arguments])
    assert result.exit_code == 2 and message in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert sorted(tmp_path.iterdir()) == before


def test_a_package_that_is_not_there_is_asked_for(ganzoo, run, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    result = ganzoo("export", run, "--out", "g.onnx")
    assert result.exit_code == 2 and "onnx" in result.stderr and "Install" in result.stderr
    assert len(result.stderr.splitlines()) == 1 and not list(tmp_path.glob("*onnx"))
