"""ganzoo: a Keras 3 zoo of GAN variants, compared on equal terms.

Names are imported when they are first used, so that `import ganzoo` does not import
Keras. Saved models with ganzoo's layers load after it (`ganzoo.registration`).
"""

import importlib
from typing import TYPE_CHECKING, Any

from ganzoo.registration import register_with_keras

if TYPE_CHECKING:
    from ganzoo.growth import Fade, Schedule, Stage
    from ganzoo.model import GANModel
    from ganzoo.training.trainer import Trainer

__version__ = "0.1.0"
__all__ = ["Fade", "GANModel", "Schedule", "Stage", "Trainer"]

_HOMES = {
    "Fade": "ganzoo.growth",
    "GANModel": "ganzoo.model",
    "Schedule": "ganzoo.growth",
    "Stage": "ganzoo.growth",
    "Trainer": "ganzoo.training.trainer",
}
_PACKAGES = ("architectures", "data", "losses", "metrics")


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    if name in _PACKAGES:
        return importlib.import_module(f"ganzoo.{name}")
    raise AttributeError(f"module 'ganzoo' has no attribute {name!r}")


register_with_keras()
