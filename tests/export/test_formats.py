"""Formats are found by a file's ending, and write any generator of the zoo."""

import pytest

from ganzoo import architectures, export
from ganzoo.errors import InputError
from ganzoo.export.check import check
from ganzoo.export.silence import silence
from ganzoo.schedule import Stage

pytestmark = pytest.mark.backends("tensorflow")  # Which writes most of the formats.


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("g.onnx", "ONNX"),
        ("a.b/g.of.two.tflite", "LiteRT"),
        ("g.keras", "Keras"),
        ("g.ONNX", "ONNX"),
        ("g.TFLite", "LiteRT"),
        ("a.b/folder", "SavedModel"),
    ],
)
def test_the_ending_is_the_format(name, title):
    assert export.find(name).title == title


@pytest.mark.parametrize("name", ["g.gif", ".onnx", "folder.", "v1.5"])
def test_an_ending_that_is_none_is_refused_with_those_that_are(name):
    with pytest.raises(InputError) as caught:
        export.find(name)
    message = str(caught.value)
    assert message.startswith(f"Nothing is exported as {name!r}. Known: NAME.keras (Keras), ")
    assert ", NAME.tflite (LiteRT), " in message and ", NAME.onnx (ONNX), " in message
    assert message.endswith(", and NAME without a dot for a folder (SavedModel).")


def test_an_ending_that_the_runtime_would_not_load_is_refused():
    with pytest.raises(InputError, match=r"Keras loads only .* Give g\.keras\.$"):
        export.find("g.KERAS")


SMALL = "progressive-dcgan:width=4,latent_size=8,base=8"


@pytest.mark.parametrize(
    ("name", "options", "stage"),
    [
        ("g.onnx", "upsampling=resize,normalization=batch,channels=3", Stage(16, 1, 1)),
        ("g.tflite", "upsampling=sub-pixel,normalization=layer,categories=0", Stage(16, 1)),
    ],
)
def test_other_networks_play_too(tmp_path, name, options, stage):
    generator, _, fade = architectures.get(f"{SMALL},{options}")(stage)
    if fade is not None:
        fade.seen.assign(300.0)
    form = export.find(name)
    with silence():
        form.write(generator, tmp_path / name, {})
    assert check(form, tmp_path / name, generator) <= 1
