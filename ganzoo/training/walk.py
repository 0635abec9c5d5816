"""Walks through a generator's latents, within a category or across several."""

import keras
import numpy as np

from ganzoo.architectures.categories import Categories
from ganzoo.errors import InputError
from ganzoo.samples import draw_latents, slerp

KEYS = 3  # Latents that a walk passes, before it is back at the first one.


def category_count(generator: keras.Model) -> int:
    """Coordinates at a latent's begin of which the largest chooses a category; 0 for none."""
    return max((x.count for x in generator.layers if isinstance(x, Categories)), default=0)


class Walk:
    """A closed walk from one latent to the next, and back to the first.

    Args:
        keys: Latents that it passes, float32 [K, L].
        categories: Coordinates at their begin that choose a category: those of the first key
            are kept all the way. 0 lets all coordinates move.
    """

    def __init__(self, keys: np.ndarray, categories: int = 0):
        self.fixed = keys[0, :categories]
        self.keys = keys[:, categories:]

    def at(self, places: np.ndarray) -> np.ndarray:
        """Latents, float32 [N, L], at places [N]: 0 is the first key, 1 the second, ..."""
        latents = []
        for place in places:
            leg = int(place)
            begin, end = self.keys[leg % len(self.keys)], self.keys[(leg + 1) % len(self.keys)]
            moved = slerp(begin, end, np.array([place - leg]))[0]
            latents.append(np.concatenate([self.fixed, moved]))
        return np.stack(latents).astype(np.float32)


def walks(seed: int, count: int, size: int, categories: int) -> list[Walk]:
    """`count` walks; the first n of them do not depend on `count`.

    Args:
        seed: Decides the latents.
        count: Number of walks.
        size: Length of a latent.
        categories: See `Walk`.

    Raises:
        InputError: If the categories take up the whole latent: nothing could move.
    """
    if categories >= size:
        raise InputError(
            f"All {size} coordinates of this generator's latents choose a category, and "
            "nothing can vary within one. Walk across categories instead."
        )
    keys = draw_latents(seed, "interpolate", count * KEYS, size).reshape(count, KEYS, size)
    return [Walk(each, categories) for each in keys]


def category_changes(latents: np.ndarray, categories: int) -> np.ndarray:
    """Whether each of the latents [N, L] chooses another category than the one before, [N]."""
    chosen = latents[:, :categories].argmax(axis=1) if categories else np.zeros(len(latents))
    return np.diff(chosen, prepend=chosen[:1]) != 0
