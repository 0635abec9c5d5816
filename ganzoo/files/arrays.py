"""Arrays in an .npz file."""

from pathlib import Path
from typing import Any

import numpy as np

from ganzoo.files.atomic import atomic


def write_arrays(path: Path, **arrays: Any) -> None:
    """Write arrays by name into a compressed .npz file, whole or not at all."""
    with atomic(path) as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, **arrays)
