"""What an exported file says of itself."""

import json

import keras
import pytest

import ganzoo
from ganzoo.data.forms import FORMS
from ganzoo.export.metadata import describe
from ganzoo.training.run import Run
from ganzoo.training.trainer import Trainer

pytestmark = pytest.mark.backends("tensorflow")  # Which writes most of the formats.


@pytest.fixture
def generator():
    """Latents of 3 numbers to images of 2 x 2 pixels."""
    latents = keras.Input((3,))
    return keras.Model(latents, keras.layers.Reshape((2, 2, 1))(keras.layers.Dense(4)(latents)))


def metadata(folder, generator, **settings):
    config = Trainer(
        data="unown", per_class=2, schedule="8:0.1", architecture="progressive-dcgan:width=4"
    ).config
    path = folder / "00007-letters"
    path.mkdir()
    (path / "config.json").write_text(json.dumps(config | settings))
    return describe(Run.open(path), "000040", generator)


def test_everything_that_one_must_know_without_the_run(tmp_path, generator):
    found = metadata(tmp_path, generator)
    assert len(found["data_sha256"]) == 64 and found["architecture"].startswith(
        "progressive-dcgan:"
    )
    assert found | {"data_sha256": "", "architecture": ""} == {
        "latents": "float32 [N, 3], each number from the standard normal distribution",
        "images": "float32 [N, 2, 2, 1], from -1 (black) to 1 (white)",
        "model": "gan",
        "latent_size": 3,
        "categories": 0,
        "resolution": 2,
        "channels": 1,
        "classes": list(FORMS),
        "run": "00007-letters",
        "checkpoint": "000040",
        "loss": "non-saturating:label_smoothing=0.0",
        "architecture": "",
        "data": "unown",
        "data_sha256": "",
        "data_licence": "Apache-2.0",
        "ganzoo": ganzoo.__version__,
    }


@pytest.mark.parametrize(
    ("data", "name", "licence"),
    [
        (
            "unown-original",
            "unown-original",
            "none given; the forms are a trademark of their owner",
        ),
        ("/home/somebody/photos.zip", "photos.zip", "unknown"),
        ("C:\\photos\\mine", "mine", "unknown"),
    ],
)
def test_own_images_have_a_name_and_no_licence(tmp_path, generator, data, name, licence):
    found = metadata(tmp_path, generator, data=data)
    assert (found["data"], found["data_licence"]) == (name, licence)
