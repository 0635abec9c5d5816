"""Kill `ganzoo` at random moments, go on, and compare with what nobody disturbed.

    python tests/soak.py --kills 200

SIGKILL, SIGTERM and SIGINT reach `train` (of a GAN, of a GAN that is told labels, of a model
without a loss), `compare` and `generate` on each backend. A line a kill, a summary, and exit 1
if anything was lost or differs: a run that does not go on, arrays of the last checkpoint that
are not those of the undisturbed run bit for bit, a file of `generate` that is there in part or
holds other images. The networks are tiny; most of the time goes into starting Python, about
15 s a kill.
"""

import argparse
import importlib.util
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

BACKENDS = [n for n in ("tensorflow", "jax", "torch") if importlib.util.find_spec(n)]
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
SMALL = "progressive-dcgan:width=4,latent_size=8,score_width=8,similarities=2"
TERMS = ("--schedule", "8:0.8,16:0.8:0.4", "--batch", "8", "--snap", "0.1")
COUNT = ("--count", "2000")
LONGEST = 300.0  # Seconds of a command, until it counts as hanging.
SHOWN = threading.Lock()


class Fault(Exception):
    """Something that was lost, or differs."""


@dataclass
class Lane:
    """One kind of command on one backend, killed again and again.

    Args:
        backend: The backend.
        kind: Name of a function in `KINDS`.
        kills: How many it gets.
        seed: Decides moments and signals.
        folder: A folder of its own.
    """

    backend: str
    kind: str
    kills: int
    seed: int
    folder: Path
    done: int = 0
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = random.Random(f"{self.seed}/{self.backend}/{self.kind}")
        self.folder.mkdir(parents=True)
        self.logs = 0

    def start(self, *arguments: object) -> "Process":
        """Start `ganzoo` with these arguments."""
        self.logs += 1
        return Process(self, [str(a) for a in arguments], self.folder / f"log-{self.logs}.txt")

    def whole(self, *arguments: object) -> "Process":
        """Run `ganzoo` to its end; raises `Fault` if it fails."""
        process = self.start(*arguments)
        if process.wait() != 0:
            raise Fault(f"exit {process.wait()}: {process.words()}")
        return process

    def killed(self, span: tuple[float, float], *arguments: object, ready: str = "") -> bool:
        """Run `ganzoo`, send it a signal, and say whether that ended it.

        Args:
            span: Seconds between which the moment is drawn, from the start or from `ready`.
            arguments: Of the command.
            ready: Words in its output, after which the time runs in most of the cases.

        Raises:
            Fault: If it ended otherwise than by itself or by the signal.
        """
        process = self.start(*arguments)
        if ready and self.random.random() < 0.8:
            process.wait_for(ready)
            delay = self.random.uniform(0, span[1] - span[0])
        else:
            delay = self.random.uniform(0, span[1])
        number = self.random.choice(SIGNALS)
        group = number == signal.SIGINT or self.random.random() < 0.5
        sent = process.send(number, delay, group)
        code = process.wait()
        if not sent or code == 0:
            if code:
                raise Fault(f"exit {code}: {process.words()}")
            return False
        if not _is_by_signal(code, number, process.words()):
            raise Fault(f"exit {code} after {number.name}: {process.words()}")
        self.done += 1
        self.say(f"{number.name} after {process.seconds:.1f} s")
        return True

    def say(self, text: str) -> None:
        with SHOWN:
            print(f"{self.backend} {self.kind} {self.done}/{self.kills}: {text}", flush=True)

    def run(self) -> None:
        """All kills; a fault ends the lane."""
        try:
            KINDS[self.kind](self)
        except Fault as fault:
            self.faults.append(str(fault))
            self.say(f"FAULT {fault}")


class Process:
    """One command under way, in a group of its own."""

    def __init__(self, lane: Lane, arguments: list[str], log: Path):
        self.log = log
        self.began = time.monotonic()
        environment = os.environ | {
            "KERAS_BACKEND": lane.backend,
            "OMP_NUM_THREADS": "1",
            "JAX_DISABLE_MOST_OPTIMIZATIONS": "1",
            "GANZOO_CACHE": str(lane.folder / "cache"),
        }
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "ganzoo", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=lane.folder,
                env=environment,
                start_new_session=True,
            )

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.began

    def words(self) -> str:
        """The end of what it printed, in one line."""
        return " ".join(self.log.read_text(errors="replace").split())[-300:]

    def wait_for(self, words: str) -> None:
        """Wait until `words` are in the output, or it has ended."""
        while self.process.poll() is None and self.seconds < LONGEST:
            if words in self.log.read_text(errors="replace"):
                return
            time.sleep(0.02)

    def send(self, number: signal.Signals, delay: float, group: bool) -> bool:
        """After `delay` seconds send a signal to it, or to its group; whether it still ran."""
        try:
            self.process.wait(delay)
            return False
        except subprocess.TimeoutExpired:
            (os.killpg if group else os.kill)(self.process.pid, number)
            return True

    def wait(self) -> int:
        """The exit code."""
        try:
            return self.process.wait(LONGEST)
        except subprocess.TimeoutExpired as error:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            raise Fault(f"hangs for {LONGEST:g} s: {self.words()}") from error


def _is_by_signal(code: int, number: signal.Signals, words: str) -> bool:
    """Whether an exit code is that of the signal, before or after it is taken care of."""
    if code in (-number, 128 + number):
        return True
    # While Python imports, Ctrl-C is an exception like others.
    return number == signal.SIGINT and code == 1 and ("Abort" in words or "Keyboard" in words)


# What is killed.


def train(lane: Lane, *kind: str) -> None:
    """One run after another, each killed until it ends all the same.

    Args:
        lane: Where.
        kind: Options that say which kind of model.
    """
    options = (*_terms(lane), "--arch", SMALL, "--keep", "3", "--seed", "1", *kind)
    process = lane.whole("train", *options, "--outdir", "whole")
    (whole,) = (lane.folder / "whole").iterdir()
    begin, end = process.seconds * 0.3, process.seconds * 1.1
    for number in range(lane.kills):
        outdir = lane.folder / f"run-{number}"
        while lane.done < lane.kills:
            found = _run_in(outdir)
            command = ("--resume", found) if found else (*options, "--outdir", outdir)
            if not lane.killed(
                (begin, end), "train", *command, ready="resumed" if found else "kimg"
            ):
                break
        if found := _run_in(outdir):
            lane.whole("train", "--resume", found)
            _same_run(found, whole)
        shutil.rmtree(outdir, ignore_errors=True)
        if lane.done >= lane.kills:
            return


def labels(lane: Lane) -> None:
    """As `train`, with networks that are told labels."""
    train(lane, "--condition", "labels")


def flow(lane: Lane) -> None:
    """As `train`, with a model that has no loss and no discriminator."""
    train(lane, "--model", "flow:steps=2", "--arch", "patch-mixer:width=4,depth=1")


def compare(lane: Lane) -> None:
    """One comparison after another, each killed until it ends all the same."""
    losses = ("--losses", "hinge,lsgan", "--seeds", "0", "--score", "50", "--jobs", "2")
    options = (*losses, *_terms(lane), "--archs", SMALL)
    process = lane.whole("compare", *options, "--out", "whole")
    begin, end = process.seconds * 0.2, process.seconds * 1.1
    for number in range(lane.kills):
        out = lane.folder / f"comparison-{number}"
        while lane.done < lane.kills:
            if not lane.killed((begin, end), "compare", *options, "--out", out):
                break
        lane.whole("compare", *options, "--out", out)
        runs = lane.folder / "whole" / "runs"
        names = {path.name for path in runs.iterdir()}
        if names != {path.name for path in (out / "runs").iterdir()}:
            raise Fault(f"{out} has other runs than the undisturbed comparison")
        for name in names:
            _same_run(out / "runs" / name, runs / name)
        shutil.rmtree(out)
        if lane.done >= lane.kills:
            return


def generate(lane: Lane) -> None:
    """Files of each kind, which are there whole or not at all."""
    lane.whole("train", *_terms(lane), "--arch", SMALL, "--outdir", "whole")
    (run,) = (lane.folder / "whole").iterdir()
    kinds = ("images.npz", "sheet.png", "folder")
    spans = {}
    for kind in kinds:
        process = lane.whole("generate", run, *COUNT, "--out", f"whole-{kind}")
        spans[kind] = process.seconds * 0.6, process.seconds
    number = 0
    while lane.done < lane.kills and number < 3 * lane.kills + 5:
        kind = kinds[number % len(kinds)]
        out = lane.folder / f"{number}-{kind}"
        number += 1
        begin, end = spans[kind]
        early = lane.random.random() < 0.3
        span = (0.0, end) if early else (begin, end)
        lane.killed(span, "generate", run, *COUNT, "--out", out)
        if out.exists():
            _same_files(out, lane.folder / f"whole-{kind}")
        again = lane.folder / f"again-{number}-{kind}"
        if number % 10 == 0:
            lane.whole("generate", run, *COUNT, "--out", again)
            _same_files(again, lane.folder / f"whole-{kind}")


KINDS: dict[str, Callable[[Lane], None]] = {
    "train": train,
    "labels": labels,
    "flow": flow,
    "compare": compare,
    "generate": generate,
}
SHARES = {
    "train": 0.4,
    "labels": 0.1,
    "flow": 0.1,
    "compare": 0.2,
    "generate": 0.2,
}  # Of the kills.


def _terms(lane: Lane) -> tuple[str, ...]:
    data = lane.folder / "squares.npz"
    if not data.exists():
        images = np.zeros((600, 16, 16), np.uint8)
        for i, image in enumerate(images):
            image[i % 8 : i % 8 + 6, i // 8 % 8 : i // 8 % 8 + 9] = 55 + i % 200
        np.savez(data, images=images, labels=np.arange(600) % 3)
    return ("--data", str(data), *TERMS)


def _run_in(outdir: Path) -> Path | None:
    """The run in a folder, if it got as far as its config."""
    found = [path for path in outdir.glob("*") if (path / "config.json").is_file()]
    return found[0] if found else None


def _same_run(run: Path, whole: Path) -> None:
    """Raises `Fault` unless the run ended with the arrays and the sheet of the whole one."""
    if json.loads((run / "result.json").read_text())["status"] != "done":
        raise Fault(f"{run} has not ended")
    name = sorted(path.name for path in (whole / "checkpoints").iterdir())[-1]
    ours, theirs = (path / "checkpoints" / name / "arrays.npz" for path in (run, whole))
    if not ours.exists():
        raise Fault(f"{run} has no checkpoint {name}")
    with np.load(ours) as one, np.load(theirs) as other:
        if set(one) != set(other):
            raise Fault(f"{run} has other arrays than {whole}")
        for array in one:
            if one[array].tobytes() != other[array].tobytes():
                raise Fault(f"{run}: {array} differs")
    sheet = f"fakes{name}.png"
    if (run / sheet).read_bytes() != (whole / sheet).read_bytes():
        raise Fault(f"{run}: {sheet} differs")
    if left := [*run.rglob(".tmp-*")]:
        raise Fault(f"{run}: {left[0].name} was left behind")


def _same_files(out: Path, whole: Path) -> None:
    """Raises `Fault` unless a file, or each file of a folder, is the same byte for byte."""
    if whole.is_dir():
        names = {path.name for path in whole.iterdir()}
        if names != {path.name for path in out.iterdir()}:
            raise Fault(f"{out} holds other files than {whole}")
        pairs = [(out / name, whole / name) for name in names]
    else:
        pairs = [(out, whole)]
    for one, other in pairs:
        if one.suffix == ".npz":
            same = np.array_equal(np.load(one)["images"], np.load(other)["images"])
        else:
            same = one.read_bytes() == other.read_bytes()
        if not same:
            raise Fault(f"{one} differs from {other}")


def lanes(kills: int, seed: int, backends: list[str], kinds: list[str], at: Path) -> list[Lane]:
    """The kills shared out to backends and commands, each at least one."""
    total = sum(SHARES[kind] for kind in kinds) * len(backends)
    found, left = [], kills
    pairs = [(backend, kind) for kind in reversed(kinds) for backend in backends]
    for number, (backend, kind) in enumerate(pairs):
        last = len(pairs) - number - 1
        share = (
            left if not last else max(1, min(left - last, round(kills * SHARES[kind] / total)))
        )
        left -= share
        if share > 0:
            found.append(Lane(backend, kind, share, seed, at / f"{backend}-{kind}"))
    return found


def main() -> int:
    """0 if nothing was lost and nothing differs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--backends", nargs="+", default=BACKENDS, choices=BACKENDS)
    parser.add_argument("--kinds", nargs="+", default=list(KINDS), choices=list(KINDS))
    parser.add_argument("--jobs", type=int, default=1, help="commands at a time")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(given.jobs) as pool:
        all_lanes = lanes(given.kills, given.seed, given.backends, given.kinds, Path(folder))
        list(pool.map(Lane.run, all_lanes))
    faults = [f"{lane.backend} {lane.kind}: {f}" for lane in all_lanes for f in lane.faults]
    done = sum(lane.done for lane in all_lanes)
    print(f"{done} kills, {len(faults)} lost or different", *faults, sep="\n")
    return bool(faults) or done < given.kills


if __name__ == "__main__":
    sys.exit(main())
