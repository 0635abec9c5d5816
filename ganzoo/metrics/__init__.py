"""How good the images of a generator are: measures, and a verdict in one line.

>>> from ganzoo.data import load
>>> from ganzoo.metrics import Evaluator
>>> evaluator = Evaluator(load("unown"))
>>> evaluator(images)["modes"]  # images: uint8 [N, H, W, C]

Measures are NumPy in float64 on features [N, F]; the features come from a small
network fitted to real images of the set (see `ganzoo.metrics.features`).
"""

from typing import TYPE_CHECKING

from ganzoo.lazy import lazy

if TYPE_CHECKING:
    from ganzoo.metrics.evaluate import Evaluator as Evaluator
    from ganzoo.metrics.features import Features as Features

__all__ = ["Evaluator", "Features"]

_HOMES = {"Evaluator": "ganzoo.metrics.evaluate", "Features": "ganzoo.metrics.features"}

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy(__name__, _HOMES)
