"""An architecture with the options that follow from the rest of a training."""

from collections.abc import Iterable
from typing import Any

from ganzoo import architectures, backend
from ganzoo.architectures.architecture import Architecture
from ganzoo.conditions.condition import Condition
from ganzoo.errors import InputError
from ganzoo.losses.loss import Loss
from ganzoo.losses.penalties.penalty import Penalty
from ganzoo.spec import parse
from ganzoo.variant import check_whole


def fitted_architecture(
    spec: str,
    precision: str | None,
    loss: Loss | None,
    penalties: Iterable[Penalty],
    condition: Condition | None,
    classes: int,
    **derived: Any,
) -> Architecture:
    """What makes the networks of a training.

    Args:
        spec: What a person chose.
        precision: `"auto"`, `"float32"`, `"bfloat16"`, or `None` for what `spec` says.
        loss: The loss, if the model has one.
        penalties: All penalties of a step, which may need float32.
        condition: What the networks are asked for.
        classes: Classes of the images.
        derived: Options that follow from the data, the schedule and the seed.

    Raises:
        InputError: If `spec` says of such an option something else.
    """
    own = parse(spec)[1]
    if architectures.registry.takes(spec, "classes"):
        # With a condition the latent need not choose among classes, only within one.
        derived["classes"] = classes if condition is None else 1
    if precision == "auto":
        free = "precision" not in own and architectures.registry.takes(spec, "precision")
        precision = _fast_precision(penalties) if free else None
    if precision is not None:
        derived["precision"] = precision
    for key, given in own.items():
        if key in derived and given != derived[key]:
            raise InputError(
                f"The architecture's {key} follows from the data, the schedule, --seed and "
                f"--precision: it is {derived[key]} here, not {given}. Leave it out of --arch."
            )
    architecture = architectures.get(spec, derived)
    architecture.condition = condition
    if loss is not None:
        check_whole(logits=loss.logits)
        architecture.logits = loss.logits
    return architecture


def _fast_precision(penalties: Iterable[Penalty]) -> str:
    """What is fastest here, or float32 where a penalty needs it."""
    exact = any(penalty.float32 for penalty in penalties)
    return "float32" if exact else backend.precision()
