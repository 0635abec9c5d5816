"""The score of a snapshot: figures of samples, or of translations of held-out images."""

import time
from functools import partial
from typing import Any

from ganzoo.training.clock import SECONDS_A_SAMPLE


def score(model: Any, trainer: Any) -> tuple[dict[str, Any], str]:
    """Figures of what a model's averaged networks make.

    Args:
        model: The model.
        trainer: Its trainer, which says how many images are scored and by what.

    Returns:
        Figures by name, with the seconds that it takes to make an image, and the main ones in
        a few words.
    """
    return _of_translations(model, trainer) if model.translates else _of_samples(model, trainer)


def _of_samples(model: Any, trainer: Any) -> tuple[dict[str, Any], str]:
    from ganzoo.metrics.attributes import measured
    from ganzoo.metrics.evaluate import headline

    asked = None
    if model.condition is not None:
        asked = model.condition.requests(trainer.images, trainer.score)
    begun = time.perf_counter()
    given = None if asked is None else asked.given
    images = model.sample(trainer.score, trainer.seed, "metrics", given)
    taken = (time.perf_counter() - begun) / len(images)
    measures = measured(
        trainer.evaluator,
        images,
        asked,
        lambda words: model.sample(len(words), trainer.seed, "new", words),
    )
    return {SECONDS_A_SAMPLE: taken, **measures}, headline(measures)


def _of_translations(model: Any, trainer: Any) -> tuple[dict[str, Any], str]:
    from ganzoo.metrics.translation_evaluator import headline

    source, _ = trainer.evaluator.domains
    begun = time.perf_counter()
    made = model.translate(source.images)
    taken = (time.perf_counter() - begun) / len(made)
    ways = {way: partial(model.translate, direction=way) for way in model.directions}
    measures = trainer.evaluator.figures(ways)
    return {SECONDS_A_SAMPLE: taken, **measures}, headline(measures)
