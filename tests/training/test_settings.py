"""What a training takes from its loss, and what from the user."""

import keras
import pytest
from keras import ops

from ganzoo.errors import InputError
from ganzoo.losses.loss import Loss
from ganzoo.training.trainer import SETTINGS, Trainer


@keras.saving.register_keras_serializable("tests")
class Tuned(Loss):
    """A hinge with settings of its own."""

    settings = {"penalties": ("r1:gamma=0.25",), "ema": 0.5}

    def discriminator(self, real, fake):
        return ops.mean(ops.relu(1.0 - real)) + ops.mean(ops.relu(1.0 + fake))

    def generator(self, fake, real=None):
        return -ops.mean(fake)


def config(settings, **given):
    trainer = Trainer(**settings | given)
    return {key: trainer.config[key] for key in ("penalties", "optimizer", "ema")}


def test_a_loss_brings_the_settings_it_does_best_with(settings):
    own = {
        "penalties": ["r1:gamma=0.25,every=1"],
        "optimizer": SETTINGS["optimizer"],
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
    tuned.settings = {"batch": 4}
    with pytest.raises(InputError, match="`settings` for batch; a loss can only set penalties"):
        Trainer(**settings | {"loss": tuned})
