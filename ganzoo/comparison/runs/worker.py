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
MACHINE = "machine.json"  # In a run's folder: what trained it, at last.
FAILURE = "failure.json"  # Why its process broke off, until it is tried again.
CORES = "GANZOO_CORES"  # Comma-separated numbers of the processor cores to use.
BAD_INPUT, FAILED = 2, 1


def launch(
    path: Path, allowed: dict[str, str | None], **options: Any
) -> subprocess.Popen[bytes]:
    """Start a process that trains the run at `path`; what it prints goes to its worker.log.

    Args:
        path: The run's folder.
        allowed: Modules that the run's config may name, see `ganzoo.trust.allowed`.
        options: More keywords for `subprocess.Popen`.
    """
    (path / FAILURE).unlink(missing_ok=True)
    with open(path / "worker.log", "ab", opener=_no_link) as log:
        return subprocess.Popen(
            # -P: nothing in the current folder is imported, but from modules allowed.
            [sys.executable, "-P", "-m", NAME, str(path), json.dumps(allowed)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            **options,
        )


def _no_link(path: str, flags: int) -> int:
    """Opens a file, unless it is a link to another one."""
    return os.open(path, flags | NO_LINK, 0o666)


def main(path: str, allowed: dict[str, str | None]) -> int:
    """Train the run at `path`, or go on with it; the exit code says how it ended."""
    with trust.scope(allowed):
        return _train(path)


def _train(path: str) -> int:
    _keep_to_cores()
    _stop_with_parent()
    from ganzoo.start import start_backend
    from ganzoo.training.run import Run

    try:
        run = Run.open(path)
        start_backend(run.config["backend"])
        from ganzoo import backend
        from ganzoo.comparison.runs.provenance import hardware
        from ganzoo.training.trainer import Trainer

        with run.lock():
            if not run.is_over:
                machine = {"hardware": hardware(), "device": backend.device()}
                run.write_json(MACHINE, machine)
                Trainer(**run.config).train(run)
    except Interrupted as stop:
        return stop.exit_code
    except InputError as error:
        return _say(error, BAD_INPUT)
    except RunError as error:
        return _say(error, FAILED)
    return 0


def _say(error: Exception, code: int) -> int:
    print(error, file=sys.stderr)
    return code


def _keep_to_cores() -> None:
    if CORES in os.environ and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {int(core) for core in os.environ[CORES].split(",")})


def _stop_with_parent() -> None:
    def wait() -> None:
        while os.read(0, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], json.loads(sys.argv[2])))
