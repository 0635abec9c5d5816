"""Arrays in an .npz file."""

from pathlib import Path
from typing import Any

import numpy as np

from ganzoo.files.atomic import atomic


def write_arrays(path: str | Path, **arrays: Any) -> None:
    """Write arrays by name into a compressed .npz file, whole or not at all."""
    with atomic(path) as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
