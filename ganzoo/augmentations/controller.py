"""A probability that follows how sure the discriminator is of real images.

Karras et al., arXiv:2006.06676, section 3.1.
"""

from abc import ABC
from collections.abc import Mapping
from typing import Any

from keras import ops

from ganzoo.augmentations.augmentation import Augmentation
from ganzoo.losses.loss import Loss
from ganzoo.variant import check_between, check_not_negative, check_whole


class Controlled(Augmentation, ABC):
    """An augmentation that is applied with a probability p.

    Where D is sure of more real images than `target` says, it has begun to know them by heart,
    and p rises, so that it passes from 0 to 1 while `kimg` thousand images are shown; where it
    is less sure, p falls as fast. r_t = E[sign(D(x))] of the paper is the `certainty`.

    Args:
        target: The certainty at which p stays: the paper's r_t of 0.6.
        kimg: Thousands of real images in which p goes from 0 to 1; 0: p stays as it is.
        every: Updates of D from one change of p to the next.
        p: The first p.
    """

    watches = True
    most = 1.0

    def __init__(self, target: float, kimg: float, every: int, p: float):
        check_between(-1, 1, target=target)
        check_not_negative(kimg=kimg)
        check_whole(every=every)
        check_between(0, self.most, p=p)
        self.target = target
        self.kimg = kimg
        self.every = every
        self.p = p
        self.memory = {"p": float(p), "certainty": 0.0, "images": 0.0, "updates": 0.0}

    def learn(self, certainty: Any, images: Any, memory: Mapping[str, Any]) -> dict[str, Any]:
        """See `Augmentation.learn`; p changes after `every` updates, by their mean."""
        updates = memory["updates"] + 1.0
        total = memory["certainty"] + certainty
        seen = memory["images"] + ops.cast(images, "float32")
        due = updates >= self.every
        step = seen / (1000.0 * self.kimg) if self.kimg else 0.0 * seen
        up = ops.sign(total / updates - self.target)
        changed = ops.clip(memory["p"] + up * step, 0.0, self.most)
        left = {"certainty": total, "images": seen, "updates": updates}
        kept = {name: ops.where(due, 0.0, value) for name, value in left.items()}
        return {"p": ops.where(due, changed, memory["p"])} | kept

    def get_config(self) -> dict[str, Any]:
        return {"target": self.target, "kimg": self.kimg, "every": self.every, "p": self.p}


def certainty(loss: Loss, real: Any, fake: Any) -> Any:
    """Mean sign of the scores of real images, from where the loss parts them from fakes.

    Of a loss to which only differences of scores count, this place is half-way between the
    mean score of real images and that of fakes.

    Args:
        loss: The loss.
        real: Scores of real images, [N, ...].
        fake: Scores of fakes.
    """
    parted = loss.parted_at
    if parted is None:
        parted = (ops.mean(real) + ops.mean(fake)) / 2
    return ops.mean(ops.sign(real - parted))
