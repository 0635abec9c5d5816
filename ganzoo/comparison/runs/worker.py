"""One run of a comparison, in a process of its own.

`python -m ganzoo.comparison.runs.worker RUN ALLOWED`. ALLOWED is what `ganzoo.trust.allowed`
gave in the process that started it, as JSON.

The process lives as long as its standard input is open: a parent that is killed does
not leave trainings behind.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from ganzoo import trust
from ganzoo.errors import InputError, RunError
from ganzoo.files.read import NO_LINK
from ganzoo.training.interrupt import Interrupted

NAME = "ganzoo.comparison.runs.worker"
LOG = "worker.log"  # In a run's folder: what its processes print.
MACHINE = "machine.json"  # What trained it, at last.
FAILURE = "failure.json"  # Why its process broke off, until it is tried again.
CORES = "GANZOO_CORES"  # Comma-separated numbers of the processor cores to use.


def launch(
    path: Path, allowed: dict[str, str | None], **options: Any
) -> subprocess.Popen[bytes]:
    """Start a process that trains the run at `path`, whose config may name the modules
    `allowed`; `options` are more keywords for `subprocess.Popen`.
    """
    (path / FAILURE).unlink(missing_ok=True)
    with open(path / LOG, "ab", opener=_no_link) as log:
        return subprocess.Popen(
            # -P: nothing in the current folder is imported, but from modules allowed.
            [sys.executable, "-P", "-m", NAME, str(path), json.dumps(allowed)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            **options,
        )


def _no_link(path: str, flags: int) -> int:
    return os.open(path, flags | NO_LINK, 0o666)


def main(path: str, allowed: dict[str, str | None]) -> int:
    """Train the run at `path`, or go on with it; the exit code says how it ended."""
    if CORES in os.environ and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, map(int, os.environ[CORES].split(",")))
    threading.Thread(target=_stop_with_parent, daemon=True).start()
    try:
        with trust.scope(allowed):
            _train(path)
    except Interrupted as stop:
        return stop.exit_code
    except (InputError, RunError) as error:
        print(error, file=sys.stderr)
        return 2 if isinstance(error, InputError) else 1
    return 0


def _train(path: str) -> None:
    from ganzoo.start import start_backend
    from ganzoo.training.run import Run

    run = Run.open(path)
    start_backend(run.config["backend"])
    from ganzoo import backend
    from ganzoo.provenance import hardware
    from ganzoo.training.trainer import Trainer

    with run.lock():
        if not run.is_over:
            run.write_json(MACHINE, {"hardware": hardware(), "device": backend.device()})
            Trainer(**run.config).train(run)


def _stop_with_parent() -> None:
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], json.loads(sys.argv[2])))
