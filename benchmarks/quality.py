"""Seconds of training until all modes are there, and until KID is low.

    python benchmarks/quality.py runs/00000-unown-wgan-gp runs/00001-unown-lsgan
    python benchmarks/quality.py --train "--loss wgan-gp" --train "--loss lsgan --batch 32"

A run is looked at when it was measured, at its snapshots, so that each time is late by at most
the time between two. Seconds are of training on the machine that ran it: start-up and
measuring do not count. Modes and KID at the end close the row. With `--train` the runs are made
first, by `ganzoo train`, one after another.
"""

import argparse
import json
import shlex
import subprocess
import sys
from typing import Any

from timing import arguments, publish

from ganzoo.errors import InputError
from ganzoo.training.run import Run

MEASURED = ("--score", "2800", "--snap", "5")  # What `--train` says wins over these.


def train(words: str, outdir: str) -> str:
    """The folder of a run that `ganzoo train` makes with the options in `words`."""
    command = ["train", *MEASURED, "--outdir", outdir, *shlex.split(words), "--json"]
    done = subprocess.run(
        [sys.executable, "-P", "-m", "ganzoo", *command], stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        raise SystemExit(f"ganzoo {shlex.join(command)} ended with {done.returncode}.")
    return json.loads(done.stdout)["run"]


def seconds_until(lines: list[dict[str, Any]], reached: Any) -> float | None:
    """Training seconds at the first snapshot of which `reached` is true, or `None`."""
    return next((line["seconds"] for line in lines if reached(line)), None)


def row(path: str, marks: list[float]) -> dict[str, Any]:
    """The figures of one run."""
    run = Run.open(path)
    lines = run.lines("metrics.jsonl")
    if not lines:
        raise InputError(f"{path} was not measured. Train with --score 2800 --snap 5.")
    last = lines[-1]
    found = {
        "all modes": seconds_until(lines, lambda line: line["modes"] == line["classes"]),
        **{
            f"KID < {mark:g}": seconds_until(lines, lambda line, m=mark: line["kid"] < m)
            for mark in marks
        },
    }
    return {
        "run": run.path.name,
        "kimg": last["kimg"],
        "seconds": last["seconds"],
        **found,
        "modes": last["modes"],
        "KID": last["kid"],
    }


def main() -> None:
    parser = arguments(__doc__, rounds=None)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("runs", nargs="*", metavar="RUN", help="Folders of `ganzoo train`.")
    parser.add_argument(
        "--train", action="append", default=[], metavar="OPTIONS", help="Make this run first."
    )
    parser.add_argument("--outdir", default="runs", help="Where --train makes its runs.")
    parser.add_argument("--marks", type=float, nargs="+", default=[0.05, 0.02, 0.01])
    given = parser.parse_args()
    if not given.runs and not given.train:
        parser.error("Name runs that were measured, or make some with --train.")
    runs = [*given.runs, *(train(words, given.outdir) for words in given.train)]
    try:
        rows = [row(path, given.marks) for path in runs]
    except InputError as error:
        parser.error(str(error))
    publish("Seconds of training until ...", rows, given.out)


if __name__ == "__main__":
    main()
