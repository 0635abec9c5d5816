"""What is exported gives, in its own runtime, the images that `ganzoo generate` gives."""

import json
import sys
import zipfile

import numpy as np
import pytest
from click.testing import CliRunner

from ganzoo import samples
from ganzoo.export.formats import keras as keras_format
from ganzoo.training.run import Run
from ganzoo.training.trained import load_generator

pytestmark = pytest.mark.backends("tensorflow")  # Which writes most of the formats.


def saved_model(path, latents):
    import tensorflow as tf

    loaded = tf.saved_model.load(str(path))  # Its variables live as long as it does.
    return loaded.signatures["serving_default"](latents=tf.constant(latents))["images"].numpy()


def keras_file(path, latents):
    import keras

    return np.asarray(keras.saving.load_model(path)(latents))


def onnx_file(path, latents):
    import onnxruntime

    return onnxruntime.InferenceSession(path).run(["images"], {"latents": latents})[0]


def litert_file(path, latents):
    from ai_edge_litert.interpreter import Interpreter

    return Interpreter(str(path)).get_signature_runner()(latents=latents)["images"]


def in_zip(path):
    with zipfile.ZipFile(path) as file:
        return json.loads(file.read("ganzoo.json"))


def in_folder(path):
    return json.loads((path / "assets.extra" / "ganzoo.json").read_text())


def in_onnx(path):
    import onnx

    texts = {prop.key: prop.value for prop in onnx.load(path).metadata_props}
    numbers = ("latent_size", "resolution", "channels", "classes")
    return texts | {key: json.loads(texts[key]) for key in numbers}


FORMATS = {
    "folder": (saved_model, in_folder, "TensorFlow"),
    "g.keras": (keras_file, in_zip, "Keras"),
    "g.onnx": (onnx_file, in_onnx, "ONNX Runtime"),
    "g.tflite": (litert_file, in_zip, "LiteRT"),
}


@pytest.fixture(scope="module")
def bfloat16_run(small, tmp_path_factory):
    """The folder of a training in bfloat16, of two steps."""
    from ganzoo.cli import main

    outdir = tmp_path_factory.mktemp("bfloat16")
    options = [*small, "--precision", "bfloat16", "--schedule", "16:0.016"]
    options += ["--loss", "hinge", "--outdir", str(outdir)]
    result = CliRunner().invoke(main, ["train", *options])
    assert result.exit_code == 0, result.output
    return outdir / "00000-squares-hinge"


@pytest.mark.parametrize(
    ("precision", "out"),
    [
        *(("float32", out) for out in ("folder", "g.keras", "g.onnx")),
        *(("bfloat16", out) for out in ("g.onnx", "g.tflite")),
    ],
)
def test_an_exported_file_plays(ganzoo, run, request, tmp_path, out, precision):
    loss, checkpoint = "wgan-gp", "000000.160"
    if precision == "bfloat16":
        run, loss, checkpoint = request.getfixturevalue("bfloat16_run"), "hinge", "000000.016"
    play, metadata, runtime = FORMATS[out]
    result = ganzoo("export", run, "--out", out)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    assert f"{out}: latents [N, 8] to images [N, 16, 16, 1], metadata in " in result.stdout
    assert f"Played by {runtime}: within " in result.stdout

    kept = ["--count", "5", "--seed", "3", "--save-latents", "--out", "x.npz"]
    assert ganzoo("generate", run, *kept).exit_code == 0
    with np.load(tmp_path / "x.npz") as file:
        latents, images = file["latents"], file["images"]
    played = play(tmp_path / out, latents)
    assert played.dtype == np.float32 and np.abs(played).max() <= 1 and played.std() > 0.01
    np.testing.assert_allclose(samples.to_uint8(played).astype(int), images, rtol=0, atol=1)
    np.testing.assert_array_equal(play(tmp_path / out, latents[:1]).shape, (1, 16, 16, 1))

    found = metadata(tmp_path / out)
    assert found["latents"].startswith("float32 [N, 8], each number from the standard normal")
    assert found["images"] == "float32 [N, 16, 16, 1], from -1 (black) to 1 (white)"
    assert (found["latent_size"], found["resolution"], found["channels"]) == (8, 16, 1)
    assert found["run"] == run.name and found["checkpoint"] == checkpoint
    assert found["data"] == "squares.npz" and found["data_licence"] == "unknown"
    assert found["loss"].partition(":")[0] == loss
    assert f"precision={precision}" in found["architecture"]
    assert found["classes"] == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing", "--out", "g"], "'nothing' is not a run"),
        (["RUN", "--out", "far/g"], "There is no folder 'far'"),
        (["RUN", "--out", "there"], "'there' is there already"),
        (["RUN", "--out", "g", "--checkpoint", "9"], "has no checkpoint '9'"),
        *(
            (
                ["RUN", "--out", out],
                f"Nothing is exported as '{out}'. Known: NAME.keras (Keras)",
            )
            for out in ("g.mp4", "g.pt", "g.h5", ".onnx", "g.", "v1.5")
        ),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(ganzoo, run, tmp_path, arguments, message):
    (tmp_path / "there").mkdir()
    before = sorted(tmp_path.iterdir())
    result = ganzoo("export", *[run if a == "RUN" else a for a in arguments])
    assert result.exit_code == 2 and message in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("package", ["onnx", "tf2onnx"])
def test_a_package_that_is_not_there_is_asked_for(ganzoo, run, tmp_path, monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)
    result = ganzoo("export", run, "--out", "g.onnx", "--backend", "torch")
    assert result.exit_code == 2
    assert result.stderr == (
        f"Error: ONNX needs {package}, not installed here. Run: pip install 'ganzoo[export]'\n"
    )
    assert not list(tmp_path.iterdir())


def test_what_the_backend_cannot_write_tensorflow_writes(ganzoo, run, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    result = ganzoo("export", run, "--out", "g.onnx", "--backend", "torch")
    assert result.exit_code == 0 and (tmp_path / "g.onnx").is_file()
    assert result.stderr.splitlines() == [
        "note: ONNX is written by tensorflow, with the weights of the run.",
        "note: ONNX Runtime (onnxruntime) is not installed, so the file was not played. "
        "To check it: pip install 'ganzoo[export]', and export again.",
    ]
    assert "Played" not in result.stdout


def test_a_generator_of_bfloat16_computes_in_float32(bfloat16_run):
    generator = load_generator(Run.open(bfloat16_run))
    assert {layer.compute_dtype for layer in generator.layers} == {"float32"}


def write_noise(self, generator, path, metadata):
    path.write_bytes(b"no file of Keras's")


def write_other_weights(self, generator, path, metadata):
    kernel = next(w for w in generator.weights if w.path.endswith("kernel"))
    kept = kernel.numpy()
    kernel.assign(kept + 0.5)
    write(self, generator, path, metadata)
    kernel.assign(kept)


def write_half(self, generator, path, metadata):
    path.write_bytes(b"half a file")
    raise RuntimeError("\n  no such operation: %tfl\n" + 100 * "more of the same\n")


write = keras_format.KerasFile.write


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (write_noise, "Keras does not play the exported file, so it was not kept: "),
        (write_other_weights, "In Keras the exported file gives other images than ganzoo, by"),
        (write_half, "cannot be written as Keras: RuntimeError: no such operation: %tfl"),
    ],
)
def test_a_file_that_does_not_play_is_not_kept(
    ganzoo, run, tmp_path, monkeypatch, wrong, message
):
    monkeypatch.setattr(keras_format.KerasFile, "write", wrong)
    result = ganzoo("export", run, "--out", "g.keras")
    assert result.exit_code == 1 and message in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not list(tmp_path.iterdir())
