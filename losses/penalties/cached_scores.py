"""The critic as losses and penalties see it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ganzoo import backend, joint_batch


@dataclass(frozen=True, eq=False)
class Pass:
    """One forward pass, of one batch or of several side by side."""

    batches: tuple[Any, ...]
    scores: list[Any]
    gradients: Callable[[], list[Any]]

    def index(self, images: Any) -> int | None:
        """Which of the batches `images` is, if any."""
        return next((i for i, batch in enumerate(self.batches) if batch is images), None)


class CachedScores:
    """A function from images to logits that scores each batch once.

    A loss and R1 look at the same images: scores and gradients there come of one forward pass.

    Args:
        score: Function from images [N, H, W, C] to logits [N, ...], which changes no variable.
        scores_jointly: Whether real and fake images may share a pass; see `ganzoo.joint_batch`.
    """

    def __init__(self, score: Callable[[Any], Any], scores_jointly: bool = False):
        self._score = score
        self._scores_jointly = scores_jointly
        self._passes: list[Pass] = []
        self._gradients: dict[Pass, list[Any]] = {}

    def __call__(self, images: Any) -> Any:
        """Logits of images."""
        found, i = self._find(images)
        return found.scores[i]

    def both(self, real: Any, fake: Any) -> list[Any]:
        """Logits of the two batches."""
        if not self._scores_jointly:
            return [self(real), self(fake)]
        self._passes.append(self._look(real, fake))
        return self._passes[-1].scores

    def gradient(self, images: Any) -> Any:
        """d sum(D(x)) / dx, shape as `images`; differentiable with respect to variables."""
        found, i = self._find(images)
        if found not in self._gradients:
            self._gradients[found] = found.gradients()
        return self._gradients[found][i]

    def composed(self, function: Callable[[Any], Any]) -> "CachedScores":
        """The critic `function(D(x))`, whose passes are its own."""
        return CachedScores(lambda images: function(self._score(images)))

    def inside(self, both: bool) -> "CachedScores":
        """A copy for use inside `cond`; its tensors must not leak out.

        Args:
            both: Whether gradients at real and at fake images will be asked for. That of a
                shared pass is of both: for one of them a pass of its own takes less time.
        """
        critic = CachedScores(self._score)
        critic._passes = [p for p in self._passes if both or len(p.batches) == 1]
        critic._gradients = dict(self._gradients)
        return critic

    def _find(self, images: Any) -> tuple[Pass, int]:
        for known in self._passes:
            if (i := known.index(images)) is not None:
                return known, i
        self._passes.append(self._look(images))
        return self._passes[-1], 0

    def _look(self, *batches: Any) -> Pass:
        count = len(batches)
        if count == 1:
            scores, gradient = backend.with_input_gradient(self._score, batches[0])
            return Pass(batches, [scores], lambda: [gradient()])
        with joint_batch.joined(count):
            scores, gradient = backend.with_input_gradient(
                self._score, joint_batch.join(*batches)
            )
        return Pass(
            batches,
            joint_batch.split(scores, count),
            lambda: joint_batch.split(gradient(), count),
        )
