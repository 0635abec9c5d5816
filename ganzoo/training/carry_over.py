"""What goes from one model to the next where the layers themselves are shared."""

from collections.abc import Mapping
from typing import Any

from ganzoo.model import GANModel


def grow(previous: GANModel, model: GANModel) -> None:
    """Counters and averages, from one stage's model to the next stage's.

    Optimizers begin anew: an old Adam counter would take the correction of its first steps
    from the new layers.
    """
    model.iteration.assign(previous.iteration)
    model.images_seen.assign(previous.images_seen)
    averages = {v.path: v for v in previous.ema_generator.variables}
    _assign(averages, {v.path: v for v in model.ema_generator.variables if v.path in averages})


def settle(fading: GANModel, model: GANModel) -> None:
    """Everything, from a model that has faded in to the one without its old paths.

    At alpha 1 an old path adds exactly 0 to images, scores and gradients, so the run goes on
    as it would have.
    """
    _assign(fading.named_variables(), model.named_variables())


def _assign(values: Mapping[str, Any], variables: Mapping[str, Any]) -> None:
    for name, variable in variables.items():
        if variable is not values[name]:
            variable.assign(values[name])
