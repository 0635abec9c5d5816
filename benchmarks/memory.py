"""Peak memory of `ganzoo train`, against the batch and the number of images.

    python benchmarks/memory.py --backends tensorflow torch --batch 16 64 256
    python benchmarks/memory.py --snapshots 30

The resident memory of the process at its highest, as the system counts it, over a short
training with growth and fade from 28 to 56 px on images of noise. Start-up is in it: the
framework alone takes most. Memory of a GPU is not.

With `--snapshots` what is measured is whether memory stays flat: the anonymous memory (what
no file stands behind, Linux alone) at each checkpoint of a training with so many, and how
much it grew a snapshot after the third one.
"""

import importlib.metadata
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
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
    command = [sys.executable, "-P", "-m", "ganzoo", "train", "--data", str(data), *TRAINING]
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


def anonymous(pid: int) -> float | None:
    """MiB of a process that no file stands behind; `None` if it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    lines = [line for line in status.splitlines() if line.startswith("RssAnon:")]
    return int(lines[0].split()[1]) / 1024 if lines else None


def at_snapshots(backend: str, snapshots: int, score: int) -> list[float]:
    """MiB of anonymous memory as each checkpoint of a training appears."""
    options = ("--schedule", f"28:{snapshots / 4:g},56:{snapshots / 4:g}:1", "--batch", "16")
    options += ("--snap", "0.5", "--tick", "0.25", "--score", str(score))
    options += ("--arch", "progressive-dcgan:width=4", "--backend", backend)
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as output:
        data = Path(folder) / "noise.npy"
        noise(data, 400)
        command = [sys.executable, "-P", "-m", "ganzoo", "train", "--data", str(data), *options]
        process = subprocess.Popen([*command, "--outdir", folder], stdout=output, stderr=output)
        found: dict[str, float] = {}
        while process.poll() is None:
            names = {path.name for path in Path(folder).glob("0*/checkpoints/0*")}
            now = anonymous(process.pid)
            found |= {name: now for name in names - found.keys() if now is not None}
            time.sleep(0.02)
        if process.returncode:
            output.seek(0)
            raise SystemExit(f"{backend}: {output.read().decode().strip()}")
    return [found[name] for name in sorted(found)]


def growth(backend: str, snapshots: int, score: int) -> dict[str, Any]:
    """How much memory grew within the second stage, whose networks are the larger ones.

    The first three snapshots of a stage are left out: programs are compiled, caches fill.
    """
    memory = at_snapshots(backend, snapshots, score)
    stage = memory[len(memory) // 2 :][3:]
    slope = np.polyfit(np.arange(len(stage)), stage, 1)[0]
    return {
        "backend": backend,
        "snapshots": len(memory),
        "scored": score,
        "after the third, MiB": stage[0],
        "at the end, MiB": stage[-1],
        "growth a snapshot, MiB": float(slope),
    }


def main() -> None:
    parser = arguments(__doc__, rounds=None)
    parser.add_argument("--backends", nargs="+", default=BACKENDS, choices=BACKENDS)
    parser.add_argument("--batch", type=int, nargs="+", default=[16, 64, 256])
    parser.add_argument("--images", type=int, nargs="+", default=[1_400, 14_000, 56_000])
    parser.add_argument("--snapshots", type=int, help="measure growth over so many")
    parser.add_argument("--score", type=int, default=0, help="samples scored at each of them")
    given = parser.parse_args()
    others = {name: importlib.metadata.version(name) for name in given.backends}
    if given.snapshots:
        rows = [growth(backend, given.snapshots, given.score) for backend in given.backends]
        publish("Memory over the snapshots of a training", rows, given.out, **others)
        return
    # Each batch with the fewest images, and each number of images with the smallest batch.
    few, small = min(given.images), min(given.batch)
    cases = [(batch, few) for batch in given.batch]
    cases += [(small, count) for count in given.images if count != few]
    rows = [row(backend, *case) for backend in given.backends for case in cases]
    publish("Peak resident memory of a training", rows, given.out, **others)


if __name__ == "__main__":
    main()
