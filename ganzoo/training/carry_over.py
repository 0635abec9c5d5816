"""State copied to the next stage's model; the layers themselves are shared."""

from ganzoo.models.generative_model import GenerativeModel


def grow(previous: GenerativeModel, model: GenerativeModel) -> None:
    """Counters, memory, and weights that are not shared, to the next stage's model.

    Those are averages, and networks that only one model holds, such as a teacher.

    Optimizers begin anew: with Adam's old counter the new layers' first steps would not be
    corrected for its moments, which begin at 0.
    """
    model.iteration.assign(previous.iteration)
    model.images_seen.assign(previous.images_seen)
    before = previous.named_weights()
    for name, variable in model.named_weights().items():
        if name in before and variable is not before[name]:
            variable.assign(before[name])
    memory = previous.memory()
    for name, variable in model.memory().items():
        variable.assign(memory[name])


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
    for name, variable in variables.items():
        if variable is not values[name]:
            variable.assign(values[name])
    return True
