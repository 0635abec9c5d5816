"""What is exported gives, in its own runtime, the images that `ganzoo generate` gives."""

import json
import sys
import zipfile

import numpy as np
import pytest
from click.testing import CliRunner

from ganzoo.export.formats import litert
from ganzoo.training import samples


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


FADING = ["--checkpoint", "000000.016"]


@pytest.fixture(scope="module")
def bfloat16_run(small, tmp_path_factory):
    """The folder of a training in bfloat16 with a checkpoint within the growth to 16 px."""
    from ganzoo.cli import main

    outdir = tmp_path_factory.mktemp("bfloat16")
    options = [*small, "--precision", "bfloat16", "--schedule", "8:0.008,16:0.016:0.016"]
    options += ["--loss", "hinge", "--snap", "0.008", "--outdir", str(outdir)]
    result = CliRunner().invoke(main, ["train", *options])
    assert result.exit_code == 0, result.output
    return outdir / "00000-squares-hinge"


@pytest.mark.parametrize("out", FORMATS)
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_an_exported_file_plays(ganzoo, run, request, tmp_path, out, precision):
    options = []
    if precision == "bfloat16":
        run, options = request.getfixturevalue("bfloat16_run"), FADING
    play, metadata, runtime = FORMATS[out]
    result = ganzoo("export", run, "--out", out, *options)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    assert f"{out}: latents [N, 8] to images [N, 16, 16, 1], metadata in " in result.stdout
    assert f"Played by {runtime}: within " in result.stdout

    kept = ["--count", "5", "--seed", "3", "--save-latents", "--out", "x.npz", *options]
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
    assert (
        found["run"] == run.name and found["checkpoint"] == (options or ["", "000000.160"])[1]
    )
    assert found["data"] == "squares.npz" and found["data_licence"] == "unknown"
    assert found["loss"].partition(":")[0] == ("hinge" if options else "wgan-gp")
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
            for out in ("g.mp4", "g.pt", "g.h5", "g.ONNX", ".onnx", "g.", "v1.5")
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


def test_without_its_runtime_a_file_is_kept_and_said_not_to_be_played(
    ganzoo, run, tmp_path, monkeypatch
):
    monkeypatch.setitem(sys.modules, "ai_edge_litert", None)
    result = ganzoo("export", run, "--out", "g.tflite")
    assert result.exit_code == 0 and "Played" not in result.stdout
    assert (
        "LiteRT (ai_edge_litert) is not installed, so the file was not played" in result.stderr
    )
    assert "pip install 'ganzoo[export]'" in result.stderr
    assert len(result.stderr.splitlines()) == 1 and (tmp_path / "g.tflite").is_file()


def write_noise(self, generator, path, metadata):
    path.write_bytes(b"no file of LiteRT's")


def write_other_weights(self, generator, path, metadata):
    kernel = next(w for w in generator.weights if w.path.endswith("kernel"))
    kept = kernel.numpy()
    kernel.assign(kept + 0.5)
    write(self, generator, path, metadata)
    kernel.assign(kept)


def refuse(self, generator, path, metadata):
    path.write_bytes(b"half a file")
    raise RuntimeError("\n  no such operation: %tfl\n" + 100 * "more of the same\n")


write = litert.LiteRT.write


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (write_noise, "LiteRT does not play the exported file, so it was not kept"),
        (write_other_weights, "In LiteRT the exported file gives other images than ganzoo, by"),
        (refuse, "cannot be written as LiteRT: RuntimeError: no such operation: %tfl"),
    ],
)
def test_a_file_that_does_not_play_is_not_kept(
    ganzoo, run, tmp_path, monkeypatch, wrong, message
):
    monkeypatch.setattr(litert.LiteRT, "write", wrong)
    result = ganzoo("export", run, "--out", "g.tflite")
    assert result.exit_code == 1 and message in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not list(tmp_path.iterdir())
