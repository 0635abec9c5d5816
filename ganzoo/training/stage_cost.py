"""What training in a stage costs, and whether its networks can be trained here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ganzoo import backend
from ganzoo.ema import without_copies
from ganzoo.errors import InputError
from ganzoo.memory import gigabytes, usable_memory
from ganzoo.models.generative_model import GenerativeModel
from ganzoo.schedule import Stage
from ganzoo.training.cost import NetworkCosts


@dataclass(frozen=True)
class StageCost:
    """The cost of one stage.

    Attributes:
        flops: Floating-point operations for one real image, on average over the stage.
        parameters: Weights of the networks at its end.
        updates: Updates of each network in a step, by role.
        made: Operations for one image that is made at its end.
    """

    flops: int
    parameters: int
    updates: Mapping[str, int]
    made: int


def stage_cost(
    make: Callable[[Stage], GenerativeModel],
    phases: Sequence[Stage],
    batch: int,
    follows_from: str,
) -> StageCost:
    """The cost of a stage, whose networks are built to find it.

    Args:
        make: Makes the model.
        phases: The stage, and itself without its fade where the fade's paths are left out
            after it: see `Timetable.phases`.
        batch: Images of a step, over all devices.
        follows_from: What the cost depends on beside the stage. Of the same text and stage
            networks are built once in a process: a comparison makes thousands of trainers.

    Raises:
        InputError: If the model cannot be made of these networks, or a step takes more than
            all of the memory.
    """
    counted = []
    for phase in phases:
        key = follows_from, phase
        if key not in _known:
            with without_copies():
                model = make(phase)
            networks = NetworkCosts.of(model.by_role())
            both = networks.flops(model.passes()), networks.flops(model.sampled_passes())
            _known[key] = networks, *both, model.updates()
        networks, flops, made, updates = _known[key]
        _check_memory(phase, networks, batch)
        counted.append(flops)
    share = phases[0].fade / phases[0].kimg
    mean = round(share * counted[0] + (1 - share) * counted[-1])
    return StageCost(mean, networks.parameters, updates, made)


_known: dict[tuple[str, Stage], tuple[NetworkCosts, int, int, dict[str, int]]] = {}


def _check_memory(stage: Stage, networks: NetworkCosts, batch: int) -> None:
    """Raises `InputError` if a step takes more than all of the memory, on a CPU.

    Of weights there are gradients and two moments of Adam; the features of the networks
    are kept for the gradient.
    """
    memory = usable_memory() if backend.device() == "cpu" else None
    features = 2 * batch // backend.device_count() * networks.features
    needed = 4 * 4 * networks.parameters + features
    if memory is not None and needed > memory:
        raise InputError(
            f"A step of {batch} images of {stage.resolution} px takes at least "
            f"{gigabytes(needed)}, and the memory has {gigabytes(memory)}. Make the batch "
            "or the networks smaller."
        )
