"""Peak memory of `ganzoo train`, against the batch and the number of images.

    python benchmarks/memory.py --backends tensorflow torch --batch 16 64 256

The resident memory of the process at its highest, as the system counts it, over a short
training with growth and fade from 28 to 56 px on images of noise. Start-up is in it: the
framework alone takes most. Memory of a GPU is not.
"""

import importlib.metadata
import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from timing import arguments, publish

from ganzoo.data.image_file import write

BACKENDS = [n for n in ("tensorflow", "jax", "torch") if importlib.util.find_spec(n)]
SIDE = 56
TRAINING = ("--schedule", "28:1,56:1:1", "--tick", "1", "--snap", "2")
KIB_A_UNIT = 1 / 1024 if sys.platform == "darwin" else 1  # Of `ru_maxrss`.


def noise(path: Path, count: int) -> None:
    """Write uint8 [count, 56, 56, 1], one by one: a child's peak begins with its parent's."""
    rng = np.random.default_rng(0)
    images = (rng.integers(0, 256, (SIDE, SIDE, 1), np.uint8) for _ in range(count))
    write(path, images, count, SIDE)


def peak(backend: str, data: Path, batch: int, outdir: Path) -> float:
    """MiB of one training, a process of its own."""
    command = [sys.executable, "-m", "ganzoo", "train", "--data", str(data), *TRAINING]
    command += ["--backend", backend, "--batch", str(batch), "--outdir", str(outdir)]
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)  # Usage of this child alone.
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            raise SystemExit(f"{backend}, batch {batch}: {output.read().decode().strip()}")
    return usage.ru_maxrss * KIB_A_UNIT / 1024


def row(backend: str, batch: int, count: int) -> dict[str, Any]:
    """Figures of one training."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "noise.npy"
        noise(data, count)
        return {
            "backend": backend,
            "batch": batch,
            "images": count,
            "images, MiB": count * SIDE * SIDE / 2**20,
            "peak, MiB": peak(backend, data, batch, Path(folder)),
        }


def main() -> None:
    parser = arguments(__doc__, rounds=None)
    parser.add_argument("--backends", nargs="+", default=BACKENDS, choices=BACKENDS)
    parser.add_argument("--batch", type=int, nargs="+", default=[16, 64, 256])
    parser.add_argument("--images", type=int, nargs="+", default=[1_400, 14_000, 56_000])
    given = parser.parse_args()
    # Each batch with the fewest images, and each number of images with the smallest batch.
    few, small = min(given.images), min(given.batch)
    cases = [(batch, few) for batch in given.batch]
    cases += [(small, count) for count in given.images if count != few]
    rows = [row(backend, *case) for backend in given.backends for case in cases]
    others = {name: importlib.metadata.version(name) for name in given.backends}
    publish("Peak resident memory of a training", rows, given.out, **others)


if __name__ == "__main__":
    main()
