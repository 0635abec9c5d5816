"""One run of a comparison, in a process of its own: `python -m ganzoo.comparison.worker RUN`.

The process lives as long as its standard input is open: a parent that is killed does
not leave trainings behind.
"""

import os
import signal
import sys
import threading

from ganzoo.errors import InputError, RunError

CORES = "GANZOO_CORES"  # Comma-separated numbers of the processor cores to use.
BAD_INPUT, FAILED = 2, 1


def main(path: str) -> int:
    """Train the run at `path`, or go on with it; the exit code says how it ended."""
    _keep_to_cores()
    _stop_with_parent()
    from ganzoo.start import start_backend
    from ganzoo.training.run import Run

    try:
        run = Run.open(path)
        start_backend(run.config["backend"])
        from ganzoo.training.interrupt import Interrupted
        from ganzoo.training.trainer import Trainer

        try:
            with run.lock():
                if not run.is_over:
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
    sys.exit(main(sys.argv[1]))
