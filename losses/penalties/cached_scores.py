"""The critic as losses and penalties see it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ganzoo import backend, joint_batch


@dataclass(frozen=True, eq=False)
class Pass:
    """One forward pass, of one batch or of several side by side."""

    batches: tuple[Any, ...]
    scores: list[Any]
    others: list[list[Any]]
    gradients: Callable[[], list[Any]]

    def index(self, images: Any) -> int | None:
        """Which of the batches `images` is, if any."""
        return next((i for i, batch in enumerate(self.batches) if batch is images), None)


class CachedScores:
    """A function from images to logits that scores each batch once.

    A loss and R1 look at the same images: scores and gradients there come of one forward pass.

    Args:
        score: Function from images [N, H, W, C] to logits [N, ...], which changes no variable;
            or to a list of logits and of further outputs.
        scores_jointly: Whether real and fake images may share a pass; see `ganzoo.joint_batch`.
        labels: Batches of images and their labels, where `score` takes labels [N] after the
            images. Images of none of the batches have the labels of the first, as those
            between a real and a fake image have.
        gradients: Whether gradients at the images are asked for. Scores then have no gradient
            by what made the images.
    """

    def __init__(
        self,
        score: Callable[..., Any],
        scores_jointly: bool = False,
        labels: Sequence[tuple[Any, Any]] = (),
        gradients: bool = True,
    ):
        self._score = score
        self._pass = backend.with_input_gradient if gradients else _without_gradient
        self._scores_jointly = scores_jointly
        self._labels = labels
        self._passes: list[Pass] = []
        self._gradients: dict[Pass, list[Any]] = {}

    def __call__(self, images: Any) -> Any:
        """Logits of images."""
        found, i = self._find(images)
        return found.scores[i]

    def others(self, images: Any) -> list[Any]:
        """What the critic gives of images beside logits."""
        found, i = self._find(images)
        return found.others[i]

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

        def score(*inputs):
            scores, *others = _as_list(self._score(*inputs))
            return [function(scores), *others]

        return CachedScores(score, labels=self._labels)

    def like(self, images: Any, of: Any) -> Any:
        """Logits of images that were made of others and have their labels.

        Args:
            images: Images [N, H, W, C].
            of: The batch that they were made of.
        """
        if self._labels and self._labels_of(of) is not self._labels_of(images):
            self._labels = (*self._labels, (images, self._labels_of(of)))
        return self(images)

    def inside(self, both: bool) -> "CachedScores":
        """A copy for use inside `cond`; its tensors must not leak out.

        Args:
            both: Whether gradients at real and at fake images will be asked for. That of a
                shared pass is of both: for one of them a pass of its own takes less time.
        """
        critic = CachedScores(self._score, labels=self._labels)
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
        labels = [self._labels_of(images) for images in batches] if self._labels else []
        if count == 1:
            outputs, gradient = self._pass(
                lambda images: self._score(images, *labels), batches[0]
            )
            scores, *others = _as_list(outputs)
            return Pass(batches, [scores], [others], lambda: [gradient()])
        joined = [joint_batch.join(*labels)] if labels else []
        with joint_batch.joined(count):
            outputs, gradient = self._pass(
                lambda images: self._score(images, *joined), joint_batch.join(*batches)
            )
        scores, *others = (joint_batch.split(output, count) for output in _as_list(outputs))
        return Pass(
            batches,
            scores,
            [[other[i] for other in others] for i in range(count)],
            lambda: joint_batch.split(gradient(), count),
        )

    def _labels_of(self, images: Any) -> Any:
        known = (labels for batch, labels in self._labels if batch is images)
        return next(known, self._labels[0][1])


def _as_list(outputs: Any) -> list[Any]:
    return outputs if isinstance(outputs, list) else [outputs]


def _without_gradient(score: Callable[[Any], Any], images: Any) -> tuple[Any, Any]:
    return score(images), None
