"""Versions of what decides a run's numbers."""

import platform
from collections.abc import Mapping

import keras
import numpy as np

import ganzoo
from ganzoo import backend


def versions() -> Mapping[str, str]:
    """Versions of what decides the numbers, by package."""
    return {
        "ganzoo": ganzoo.__version__,
        "keras": keras.__version__,
        "numpy": np.__version__,
        backend.name: backend.version,
        "python": platform.python_version(),
    }
