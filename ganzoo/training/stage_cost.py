"""What training in a stage costs, and whether its networks can be trained here."""

from collections.abc import Sequence
from dataclasses import dataclass

from ganzoo import backend
from ganzoo.architectures.architecture import Architecture
from ganzoo.errors import InputError
from ganzoo.losses.loss import Loss
from ganzoo.losses.penalties.penalty import Penalty
from ganzoo.memory import gigabytes, usable_memory
from ganzoo.models.gan import refuse_batch_statistics
from ganzoo.schedule import Stage
from ganzoo.training.cost import NetworkCosts, training_flops


@dataclass(frozen=True)
class StageCost:
    """The cost of one stage.

    Attributes:
        flops: Floating-point operations for one real image, on average over the stage.
        parameters: Weights of generator and discriminator at its end.
    """

    flops: int
    parameters: int


def stage_cost(
    architecture: Architecture,
    phases: Sequence[Stage],
    loss: Loss,
    penalties: Sequence[Penalty],
    critic_steps: int,
    batch: int,
) -> StageCost:
    """The cost of a stage, whose networks are built to find it.

    Args:
        architecture: Makes the networks.
        phases: The stage, and itself without its fade where the fade's paths are left out
            after it: see `Timetable.phases`.
        loss: The loss.
        penalties: All penalties of a step, the loss's own among them.
        critic_steps: Discriminator updates for each generator update.
        batch: Images of a step, over all devices.

    Raises:
        InputError: If a penalty forbids the discriminator's layers, or a step takes more than
            all of the memory.
    """
    networks = []
    for phase in phases:
        networks.append(_networks(architecture, phase, penalties))
        _check_memory(phase, networks[-1], batch)
    flops = [training_flops(found, loss, penalties, critic_steps) for found in networks]
    share = phases[0].fade / phases[0].kimg
    mean = round(share * flops[0] + (1 - share) * flops[-1])
    return StageCost(mean, networks[-1].parameters)


_known: dict[tuple[type[Architecture], str, Stage, bool], NetworkCosts] = {}


def _networks(
    architecture: Architecture, stage: Stage, penalties: Sequence[Penalty]
) -> NetworkCosts:
    """Costs of the networks of `stage`, which are built once in a process.

    A comparison makes thousands of trainers, whose seeds cost nothing here.
    """
    config = architecture.get_config() | {"seed": None}
    key = (type(architecture), repr(sorted(config.items())), stage, bool(penalties))
    if key not in _known:
        generator, discriminator, _ = architecture(stage)
        refuse_batch_statistics(discriminator, penalties)
        _known[key] = NetworkCosts.of(generator, discriminator)
    return _known[key]


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
