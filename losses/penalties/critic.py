"""The critic as losses and penalties see it."""

from collections.abc import Callable
from typing import Any

from ganzoo import backend


class Critic:
    """A function from images to logits that scores each batch once.

    A loss and R1 look at the same images: scores and slope there come of one forward pass.

    Args:
        score: Function from images [N, H, W, C] to logits [N, ...], which changes no variable.
    """

    def __init__(self, score: Callable[[Any], Any]):
        self._score = score
        self._seen: list[tuple[Any, tuple[Any, Callable[[], Any]]]] = []

    def __call__(self, images: Any) -> Any:
        """Logits of images."""
        return self._look(images)[0]

    def slope(self, images: Any) -> Any:
        """d sum(D(x)) / dx, shape as `images`; differentiable with respect to variables."""
        return self._look(images)[1]()

    def _look(self, images: Any) -> tuple[Any, Callable[[], Any]]:
        for seen, found in self._seen:
            if seen is images:
                return found
        self._seen.append((images, backend.with_slope(self._score, images)))
        return self._seen[-1][1]
