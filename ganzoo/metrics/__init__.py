"""How good the images of a generator are: measures, and a verdict in one line.

>>> from ganzoo.data import load
>>> from ganzoo.metrics import Evaluator
>>> evaluator = Evaluator(load("unown"))
>>> evaluator(images)["forms"]  # images: uint8 [N, H, W, C]

Measures are NumPy in float64 on features [N, F]; the features come from a small
network fitted to real images of the set (see `ganzoo.metrics.features`).
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ganzoo.metrics.evaluate import Evaluator as Evaluator
    from ganzoo.metrics.features import Features as Features

__all__ = ["Evaluator", "Features"]

_HOMES = {"Evaluator": "ganzoo.metrics.evaluate", "Features": "ganzoo.metrics.features"}


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """Import what needs Keras when it is first asked for."""
        if name in _HOMES:
            return getattr(importlib.import_module(_HOMES[name]), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
