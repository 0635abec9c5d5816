"""A call in a process of its own, which rests while another one has the cores.

Two frameworks in one process would share its threads. Workers are the modules of `workers/`:
each says once what it is, then makes one call for each line that it reads, and answers with
one line of JSON.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

STEPS = 32  # Training steps of one call.
REST = 0.3  # Seconds before a call, in which the threads of the last one fall asleep.


class Remote:
    """`Remote("torch_loop", px=28)()` makes one call of a worker, and returns its answer.

    Attributes:
        about: What the worker says of itself.
        answer: The last answer.

    Raises:
        SystemExit: If the worker ends early, with what it said.
    """

    def __init__(self, worker: str, **options: Any):
        words = [f"--{key.replace('_', '-')}={value}" for key, value in options.items()]
        # Frameworks talk while they start. Open for as long as the worker is.
        self.errors = tempfile.TemporaryFile("w+")  # noqa: SIM115
        self.process = subprocess.Popen(
            [sys.executable, "-m", f"workers.{worker}", *words],
            cwd=Path(__file__).parent,
            env={"TF_CPP_MIN_LOG_LEVEL": "3", **os.environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
        )
        self.worker = worker
        self.about = self._read()

    def __call__(self) -> dict[str, Any]:
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.answer = self._read()
        return self.answer

    def _read(self) -> dict[str, Any]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            self.errors.seek(0)
            raise SystemExit(f"{self.errors.read()}The worker {self.worker} ended early.")
        return json.loads(line)

    def close(self) -> None:
        """Let the worker end."""
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()


# In the worker.


def options(doc: str | None) -> argparse.ArgumentParser:
    """What each worker that trains takes."""
    parser = argparse.ArgumentParser(description=doc)
    parser.add_argument("--px", type=int, required=True)
    parser.add_argument("--batch", type=int, required=True)
    return parser


def serve(call: Callable[[], dict[str, Any]], **about: Any) -> None:
    """Say what this worker is, then make calls for as long as the parent asks."""
    say(about)
    while True:
        wait()
        say(call())


def say(figures: dict[str, Any]) -> None:
    """One line to the parent."""
    print(json.dumps(figures, default=float), flush=True)


def wait() -> None:
    """Until the parent asks; ends the process when it no longer will."""
    if not sys.stdin.readline():
        sys.exit()
