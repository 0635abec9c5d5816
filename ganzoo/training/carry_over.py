"""State copied to the next stage's model; the layers themselves are shared."""

from collections.abc import Mapping
from typing import Any

from ganzoo.models.generative_model import GenerativeModel


def grow(previous: GenerativeModel, model: GenerativeModel) -> None:
    """Counters, memory, and weights that are not shared, to the next stage's model.

    Those are averages, and networks that only one model holds, such as a teacher.

    Optimizers begin anew: with Adam's old counter the new layers' first steps would not be
    corrected for its moments, which begin at 0.
    """
    before = previous.named_weights() | previous.memory()
    model.iteration.assign(previous.iteration)
    model.images_seen.assign(previous.images_seen)
    kept = {n: v for n, v in model.named_weights().items() if n in before}
    _copy(before, kept | model.memory())


def drop_fade(fading: GenerativeModel, model: GenerativeModel) -> bool:
    """Everything, from a model that has faded in to the one without its old paths.

    At alpha 1 an old path adds exactly 0 to images, scores and gradients, so the run goes on
    as it would have.

    Returns:
        Whether it could be done. Networks of which not every layer is kept from one call of
        their architecture to the next have weights that `fading` does not.
    """
    values, variables = fading.named_variables(), model.named_variables()
    if not variables.keys() <= values.keys():
        return False
    _copy(values, variables)
    return True


def _copy(values: Mapping[str, Any], variables: Mapping[str, Any]) -> None:
    """Give variables the values of their names; those that both models hold have them."""
    for name, variable in variables.items():
        if variable is not values[name]:
            variable.assign(values[name])
