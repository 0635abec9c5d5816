"""How long a person waits: for help, for a first line, a first step, a first picture.

    python benchmarks/start.py --rounds 5 --out benchmarks/results/start.json

Every figure is of processes of their own, from their start on. `ganzoo train` is stopped when
it has shown what is timed. The backend is that of KERAS_BACKEND.
"""

import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from remote import Remote
from timing import arguments, publish

GANZOO = [sys.executable, "-P", "-m", "ganzoo"]
ONE_STEP = ("--batch", "16", "--tick", "0.016")  # Figures after each step.
GIVE_UP = 600.0


def help_() -> dict[str, float]:
    """Seconds of `ganzoo --help`."""
    start = time.perf_counter()
    subprocess.run([*GANZOO, "--help"], check=True, stdout=subprocess.DEVNULL)
    return {"ganzoo --help": time.perf_counter() - start}


def train(*options: str, **environment: str) -> dict[str, float]:
    """Seconds until `ganzoo train` shows a first line, its first figures and pictures."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.time()  # What files are dated by.
        process = subprocess.Popen(
            [*GANZOO, "train", *options, "--outdir", folder],
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | environment,
        )
        try:
            line, figures = _lines(process)
            sheet = _file(Path(folder), "fakes0*.png", start + GIVE_UP)
            first = _file(Path(folder), "fakes_init.png", start + GIVE_UP)
        finally:
            process.kill()
            process.wait()
    return {
        "first line": line - start,
        "fakes_init.png": first - start,
        "first figures": figures - start,
        "first sheet of fakes": sheet - start,
    }


def _lines(process: subprocess.Popen[str]) -> tuple[float, float]:
    """When the first line came, and the first one of figures."""
    assert process.stderr
    first = None
    for line in process.stderr:
        first = first or time.time()
        if line.startswith("kimg"):
            return first, time.time()
    raise SystemExit(f"ganzoo train ended with {process.wait()} before its first figures.")


def _file(folder: Path, pattern: str, end: float) -> float:
    """When a run in `folder` wrote the first file of this name."""
    while time.time() < end:
        if found := sorted(folder.glob(f"*/{pattern}")):
            return found[0].stat().st_mtime
        time.sleep(0.01)
    raise SystemExit(f"ganzoo train wrote no {pattern} in {GIVE_UP:g} s.")


def compiling(schedule: str) -> dict[str, float]:
    """Seconds of the first step less those of a later one: compiling, and what is lazy."""
    worker = Remote("first_step", schedule=schedule)
    first, *later = [worker()["seconds"] for _ in range(8)]
    worker.close()
    return {f"to compile a step of {schedule}": first - median(later)}


def rounds(count: int) -> Iterator[dict[str, float]]:
    """What is timed, once each round."""
    for _ in range(count):
        yield help_()
        with tempfile.TemporaryDirectory() as cache:
            cold = train(GANZOO_CACHE=cache)
        yield {f"ganzoo train, ever first: {key}": value for key, value in cold.items()}
        yield {f"ganzoo train: {key}": value for key, value in train().items()}
        step = train(*ONE_STEP)
        yield {"ganzoo train: first step, shown at once": step["first figures"]}
        yield compiling("28:1")
        yield compiling("28:1,56:1:1")


def main() -> None:
    given = arguments(__doc__, rounds=5).parse_args()
    seconds = defaultdict(list)
    for name, value in itertools.chain.from_iterable(r.items() for r in rounds(given.rounds)):
        seconds[name].append(value)
    rows = [
        {"what": name, "least": min(found), "median": median(found), "most": max(found)}
        for name, found in seconds.items()
    ]
    publish(f"Seconds, {given.rounds} processes each", rows, given.out)


if __name__ == "__main__":
    main()
