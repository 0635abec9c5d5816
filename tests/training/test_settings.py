"""What a training takes from its loss, and what from the user."""

import inspect
import json

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo import backend
from ganzoo.architectures.progressive_dcgan import ProgressiveDCGAN
from ganzoo.data import Reading
from ganzoo.errors import InputError
from ganzoo.losses.loss import Loss
from ganzoo.losses.penalties import R1
from ganzoo.models.gan import GANModel
from ganzoo.training.presets import PRESETS
from ganzoo.training.recommendations import settings_for
from ganzoo.training.settings import SETTINGS
from ganzoo.training.trainer import Trainer


@keras.saving.register_keras_serializable("tests")
class Tuned(Loss):
    """A hinge with recommendations of its own."""

    recommended = {"penalties": ("r1:gamma=0.25",), "ema": 0.5}

    def discriminator(self, real, fake):
        return ops.mean(ops.relu(1.0 - real)) + ops.mean(ops.relu(1.0 + fake))

    def generator(self, fake, real=None):
        return -ops.mean(fake)


def config(settings, **given):
    trainer = Trainer(**settings | given)
    return {key: trainer.config[key] for key in ("penalties", "optimizer", "ema")}


def test_the_defaults_are_those_of_the_quick_preset():
    own = {name: p.default for name, p in inspect.signature(Trainer).parameters.items()}
    # Which a program, and a kind of model, say for themselves.
    quick = PRESETS["quick"] | {"precision": None, "batch": None}
    assert {name: own[name] for name in quick} == quick
    assert PRESETS["quick"]["batch"] == settings_for(GANModel, None)["batch"]


def test_a_loss_brings_the_settings_it_does_best_with(settings):
    own = {
        "penalties": ["r1:gamma=0.25,every=1"],
        "optimizer": SETTINGS["optimizer"].default,
        "ema": 0.5,
    }
    assert config(settings, loss=Tuned()) == own


def test_what_is_given_wins_over_them(settings):
    given = {
        "penalties": ["r2:gamma=0.125,every=1"],
        "optimizer": "sgd:learning_rate=0.5",
        "ema": 3.0,
    }
    assert config(settings, loss=Tuned(), **given) == given
    assert config(settings, loss=Tuned(), penalties=())["penalties"] == []


def test_a_loss_cannot_set_what_all_losses_share(settings):
    tuned = Tuned()
    tuned.recommended = {"batch": 4}
    with pytest.raises(InputError, match="batch; a loss can only recommend penalties"):
        Trainer(**settings | {"loss": tuned})


@pytest.mark.parametrize("name", ["batch", "critic_steps"])
@pytest.mark.parametrize("number", [0, 2.5, "8"])
def test_what_is_counted_is_a_whole_number(settings, name, number):
    with pytest.raises(InputError, match=f"{name}.* is a (whole|positive) number"):
        Trainer(**settings | {name: number})


def test_choices_of_reading_are_recorded_and_defaults_are_not(settings):
    assert "reading" not in Trainer(**settings, reading=Reading()).config
    trainer = Trainer(**settings, reading=Reading(levels="0,510", labels=False))
    assert trainer.config["reading"] == {"labels": False, "levels": "0,510"}
    assert trainer.images.images.max() == 128 and trainer.images.class_count == 0
    again = Trainer(**json.loads(json.dumps(trainer.config)))
    assert again.config == trainer.config
    with pytest.raises(InputError, match=r"not those that the run began with"):
        Trainer(**{k: v for k, v in trainer.config.items() if k != "reading"}).prepare()


def test_numbers_of_numpy_are_numbers(settings):
    given = {"batch": np.int64(8), "critic_steps": np.int64(2), "tick": np.float32(0.5)}
    given |= {"seed": np.int64(3), "keep": np.int64(4), "score": np.int64(0)}
    trainer = Trainer(**settings | given, penalties=[R1(gamma=np.float64(0.1))])
    assert Trainer(**trainer.config).config == trainer.config
    assert trainer.config["penalties"] == ["r1:gamma=0.1,every=1"]
    whole = [trainer.config[key] for key in ("batch", "seed", "keep", "score")]
    assert json.dumps(whole) == "[8, 3, 4, 0]"


def test_a_whole_number_is_the_decimal_that_it_equals(settings):
    whole, decimal = (
        {"tick": kind(1), "snap": kind(2), "ema": kind(4)} for kind in (int, float)
    )
    one, other = (json.dumps(Trainer(**settings | each).config) for each in (whole, decimal))
    assert one == other


def test_one_penalty_may_be_given_alone(settings):
    assert config(settings, penalties="r1:gamma=0.5")["penalties"] == ["r1:gamma=0.5,every=1"]


class Plain(ProgressiveDCGAN):
    """Networks without a choice of precision."""

    def __init__(self, channels=1, base=8, seed=0):
        super().__init__(latent_size=8, width=8, channels=channels, base=base, seed=seed)


@pytest.fixture
def fast_bfloat16(monkeypatch):
    monkeypatch.setattr(backend, "precision", lambda: "bfloat16")


def precision(settings, architecture=None, **given):
    """Of the networks of a training, and of the one that its config makes again."""
    if architecture is not None:
        given["architecture"] = architecture
    trainer = Trainer(**settings | given)
    again = Trainer(**trainer.config)
    assert again.architecture.precision == trainer.architecture.precision
    return trainer.architecture.precision


def test_precision_is_float32_unless_asked(settings, fast_bfloat16):
    assert precision(settings) == "float32"
    assert precision(settings, precision="bfloat16") == "bfloat16"
    assert precision(settings, "progressive-dcgan:precision=bfloat16") == "bfloat16"


def test_auto_precision_is_what_is_faster_here(settings, fast_bfloat16, monkeypatch):
    assert precision(settings, precision="auto") == "bfloat16"
    # What the networks are told themselves holds, and so does a run's config elsewhere.
    told = "progressive-dcgan:precision=float32"
    assert precision(settings, told, precision="auto") == "float32"
    config = Trainer(**settings, precision="auto").config
    monkeypatch.setattr(backend, "precision", lambda: "float32")
    assert precision(settings, precision="auto") == "float32"
    assert Trainer(**config).architecture.precision == "bfloat16"


def test_auto_precision_asks_nothing_of_networks_without_the_choice(settings, fast_bfloat16):
    path = f"{__name__}:Plain"
    trainer = Trainer(**settings | {"architecture": path, "precision": "auto"})
    assert trainer.architecture.precision == "float32"
    with pytest.raises(InputError, match="no option 'precision'"):
        Trainer(**settings | {"architecture": path, "precision": "bfloat16"}).prepare()


@pytest.mark.parametrize(
    ("classes", "options", "expected"),
    [(3, "", 24), (1, "", 32), (3, ",categories=5", 5)],
    ids=["a few", "none", "told otherwise"],
)
def test_categories_follow_the_classes_of_the_images(
    settings, tmp_path, classes, options, expected
):
    labels = np.arange(12, dtype=np.int32) % classes
    np.savez(tmp_path / "set.npz", images=np.zeros((12, 8, 8), np.uint8), labels=labels)
    given = {"data": str(tmp_path / "set.npz"), "schedule": "8:0.1"}
    given["architecture"] = f"progressive-dcgan:width=8,latent_size=64{options}"
    trainer = Trainer(**settings | given)
    assert trainer.architecture.categories == expected
    assert Trainer(**trainer.config).architecture.categories == expected


def test_two_different_precisions_are_refused(settings):
    told = "progressive-dcgan:precision=bfloat16"
    with pytest.raises(InputError, match="it is float32 here, not bfloat16"):
        Trainer(**settings | {"architecture": told, "precision": "float32"}).prepare()


@pytest.mark.parametrize(("images", "score", "allowed"), [(48, 5, 5), (20, 12, 10)])
def test_too_few_images_to_measure_are_refused_before_the_training(
    settings, blobs, tmp_path, images, score, allowed
):
    arrays = np.load(blobs)
    np.savez(tmp_path / "few.npz", **{name: arrays[name][:images] for name in arrays})
    given = settings | {"data": str(tmp_path / "few.npz"), "score": score}
    message = f"few and --score allow {allowed}. Add images, or raise --score"
    with pytest.raises(InputError, match=message):
        Trainer(**given).prepare()
