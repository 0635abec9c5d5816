"""Settings with which each loss gave its best images; docs/recommendations.md has the trials.

Of a loss that is not here the defaults of `ganzoo.training.settings` hold. A kind of model says
in its class what goes with it.
"""

from collections.abc import Mapping
from typing import Any

from ganzoo import architectures, losses
from ganzoo.errors import InputError
from ganzoo.losses.loss import Loss
from ganzoo.models.choice import Choice
from ganzoo.models.generative_model import GenerativeModel
from ganzoo.training.settings import SETTINGS

R1 = {"penalties": ("r1:gamma=1.0,every=4",)}
R1_AND_R2 = {"penalties": ("r1:gamma=0.3,every=4", "r2:gamma=0.3,every=4")}
SLOWER = {"optimizer": "adam:learning_rate=0.001,beta_1=0.0,beta_2=0.99,global_clipnorm=1.0"}
SPECTRAL = {"architecture": "progressive-dcgan:discriminator_normalization=spectral"}
RECOMMENDATIONS: dict[str, Mapping[str, Any]] = {
    "dual-contrastive": R1_AND_R2,
    "f-gan": R1_AND_R2,
    "gan-qp": R1_AND_R2,
    "hinge": R1_AND_R2,
    "lsgan": R1_AND_R2,
    "minimax": R1_AND_R2,
    "non-saturating": R1_AND_R2,
    "ra-hinge": R1_AND_R2,
    "ra-lsgan": R1_AND_R2,
    "ra-sgan": R1_AND_R2,
    "repulsive-mmd": SPECTRAL,
    "rpgan": R1_AND_R2,
    "softmax-gan": R1_AND_R2,
    "wgan": R1 | SLOWER,
    "wgan-gp": R1 | SLOWER,
}
DEFAULTS = {s.name: s.default for s in SETTINGS.values() if s.recommended}
BY_MODEL = {s.name: s.default for s in SETTINGS.values() if s.by_model}


def settings_for(kind: type[GenerativeModel], loss: Loss | None) -> dict[str, Any]:
    """Each setting that may be recommended, as it is for a kind of model with its loss.

    Raises:
        InputError: If the kind or the loss recommends a setting that it may not.
    """
    own = recommended(loss)
    if unknown := kind.recommended.keys() - BY_MODEL.keys():
        raise InputError(
            f"The model {kind.__name__!r} recommends {', '.join(sorted(unknown))}; "
            f"a model can only recommend {', '.join(BY_MODEL)}."
        )
    return BY_MODEL | own | dict(kind.recommended)


def loss_of(choice: Choice, given: str | Loss | None) -> Loss | None:
    """The loss that was given, or the usual one; `None` where a kind of model has none.

    Raises:
        InputError: If there is no such loss.
    """
    usual = choice.kind.recommended.get("loss", SETTINGS["loss"].default)
    return losses.get(given or usual) if choice.takes("loss") else None


def without_recommended(
    preset: Mapping[str, Any], choice: Choice, loss: str | Loss | None = None
) -> dict[str, Any]:
    """The settings of a preset that a kind of model and its loss leave to it.

    Args:
        preset: Settings by name.
        choice: The kind of model.
        loss: The loss, if one was given.
    """
    own = choice.kind.recommended.keys() | _own(loss_of(choice, loss)).keys()
    return {key: value for key, value in preset.items() if key not in own}


def recommended(loss: Loss | None) -> dict[str, Any]:
    """Each setting that may be recommended, as it is for `loss`, or for a model without one.

    A loss's own `recommended` comes first, then what the table says of its class or of the
    next one that it derives from, then the default.

    Raises:
        InputError: If the loss recommends a setting that none may.
    """
    own = _own(loss)
    if unknown := own.keys() - DEFAULTS.keys():
        raise InputError(
            f"The loss {loss!r} recommends {', '.join(sorted(unknown))}; "
            f"a loss can only recommend {', '.join(DEFAULTS)}."
        )
    return DEFAULTS | own


def _own(loss: Loss | None) -> dict[str, Any]:
    """What is recommended for a loss alone."""
    if loss is None:
        return {}
    networks = {"architecture": architectures.with_autoencoder()[0]} if loss.autoencoder else {}
    return networks | dict(loss.recommended or _of_table(type(loss)))


def _of_table(cls: type[Any]) -> Mapping[str, Any]:
    names = map(losses.registry.describe, cls.__mro__)
    return next((RECOMMENDATIONS[name] for name in names if name in RECOMMENDATIONS), {})
