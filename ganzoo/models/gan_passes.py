"""Passes of images through the networks of a GAN, of which training FLOPs are counted."""

from collections.abc import Sequence

from ganzoo.losses.loss import Loss
from ganzoo.losses.penalties.penalty import Penalty, due_together, one_sided
from ganzoo.passes import Passes


def gan_passes(
    loss: Loss, penalties: Sequence[Penalty], critic_steps: int, jointly: bool
) -> dict[str, Passes]:
    """Passes for one real image shown, by role, as the step on this backend makes them.

    The discriminator's step makes a fake without a gradient, and scores a real image and the
    fake with one by its weights. The generator's step makes another fake and scores it: the
    gradient goes through the discriminator by its input, and on by the generator's weights.

    Args:
        loss: The loss, whose `relativistic` says whether the generator's step scores real
            images too.
        penalties: All penalties of a step, the loss's own among them.
        critic_steps: Discriminator updates for each generator update.
        jointly: Whether real images and fakes are scored in one pass.
    """
    share = 1 / critic_steps
    scored = Passes(single=2)
    if loss.relativistic:
        # The gradient by the inputs of a joint pass is of the real images too.
        scored += Passes(single=2 if jointly else 1)
    own = Passes(single=2, backward=2) + penalty_passes(
        penalties, jointly, apart=loss.witness is not None
    )
    total = {
        "generator": Passes(single=1) + Passes(single=1, backward=1) * share,
        "discriminator": own + scored * share,
    }
    for penalty in penalties:
        for player in penalty.players:
            turns = share if player == "generator" else 1
            for role, passes in penalty.other_passes(player).items():
                total[role] += passes * (turns / penalty.every)
    return total


def penalty_passes(penalties: Sequence[Penalty], jointly: bool, apart: bool = False) -> Passes:
    """Passes of the discriminator that penalties take, on average over the steps.

    Args:
        penalties: Penalties of a step; `every` says how often each is due.
        jointly: Whether the loss scores real images and fakes in one pass.
        apart: Whether what penalties look at are not the loss's scores.
    """
    total = Passes()
    known: set[str | None] = set()
    penalties = [penalty for penalty in penalties if "discriminator" in penalty.players]
    for every, due in due_together({str(i): p for i, p in enumerate(penalties)}).items():
        # Within a joint pass the gradient at one of two batches is not to be had alone.
        shared = not apart and (every == 1 or not (jointly and one_sided(due.values())))
        seen = set(known)
        for penalty in due.values():
            if penalty.at is None or penalty.at not in seen:  # A gradient is taken once.
                total += penalty.passes(shared) * (1 / every)
            seen.add(penalty.at)
        if every == 1:
            known = seen
    return total
