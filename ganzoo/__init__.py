"""ganzoo: a Keras 3 zoo of GAN variants, compared on equal terms.

Names are imported when they are first used, so that `import ganzoo` does not import
Keras. Saved models with ganzoo's layers load after it (`ganzoo.registration`).
"""

import os
from typing import TYPE_CHECKING

from ganzoo.lazy import lazy
from ganzoo.registration import register_with_keras

if TYPE_CHECKING:
    from ganzoo import architectures as architectures
    from ganzoo import augmentations as augmentations
    from ganzoo import callbacks as callbacks
    from ganzoo import conditions as conditions
    from ganzoo import data as data
    from ganzoo import losses as losses
    from ganzoo import metrics as metrics
    from ganzoo import models as models
    from ganzoo.growth import Fade as Fade
    from ganzoo.loaded_run import load as load
    from ganzoo.models.gan import GANModel as GANModel
    from ganzoo.models.generative_model import GenerativeModel as GenerativeModel
    from ganzoo.schedule import Schedule as Schedule
    from ganzoo.schedule import Stage as Stage
    from ganzoo.training.progress import progress as progress
    from ganzoo.training.trainer import Trainer as Trainer

__version__ = "0.2.0"
__all__ = [
    "Fade",
    "GANModel",
    "GenerativeModel",
    "Schedule",
    "Stage",
    "Trainer",
    "architectures",
    "augmentations",
    "callbacks",
    "conditions",
    "data",
    "load",
    "losses",
    "metrics",
    "models",
    "progress",
]

_HOMES = {name: f"ganzoo.{name}" for name in __all__ if name.islower()} | {
    "load": "ganzoo.loaded_run",
    "progress": "ganzoo.training.progress",
    "Fade": "ganzoo.growth",
    "GANModel": "ganzoo.models.gan",
    "GenerativeModel": "ganzoo.models.generative_model",
    "Schedule": "ganzoo.schedule",
    "Stage": "ganzoo.schedule",
    "Trainer": "ganzoo.training.trainer",
}

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy(__name__, _HOMES)

# An installed package holds `losses` and `architectures`; in a clone they stand beside it.
if not os.path.isdir(os.path.join(__path__[0], "losses")):
    __path__.append(os.path.dirname(__path__[0]))

register_with_keras()
