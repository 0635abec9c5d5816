"""Each installed backend, asked in a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from ganzoo.accelerators import idle
from ganzoo.backend_choice import BACKENDS, is_installed
from ganzoo.doctor.arithmetic import TOLERANCE

PATIENCE = 300  # Seconds: a first import on a cold disk, and the compilation of five checks.


@dataclass(frozen=True)
class Report:
    """What one backend says of itself.

    Attributes:
        name: Of the backend.
        version: Of its package; empty where it does not run, as are the next three.
        device: What it computes on.
        precision: The faster type of its layers here: `"float32"` or `"bfloat16"`.
        errors: Largest relative error of each check, see `arithmetic.check_all`.
        failure: Why it does not run; empty where it does.
    """

    name: str
    version: str = ""
    device: str = ""
    precision: str = ""
    errors: dict[str, float] = field(default_factory=dict)
    failure: str = ""

    @property
    def wrong(self) -> list[str]:
        """Names of the checks whose error is too large."""
        return [name for name, error in self.errors.items() if not error <= TOLERANCE]

    @property
    def is_well(self) -> bool:
        """Whether it runs and computes what it should."""
        return not self.failure and not self.wrong

    @property
    def advice(self) -> str | None:
        """A sentence on a GPU that it leaves idle."""
        return None if self.failure else idle(self.device, self.name)


def reports(names: tuple[str, ...] = BACKENDS) -> Iterator[Report]:
    """A report of each of `names` that is installed, as it is ready."""
    for name in names:
        if is_installed(name):
            yield _ask(name)


def _ask(name: str) -> Report:
    # `-P`: a file of the current folder is never taken for a package.
    command = [sys.executable, "-P", "-m", "ganzoo.doctor.arithmetic"]
    environment = os.environ | {"KERAS_BACKEND": name, "TF_CPP_MIN_LOG_LEVEL": "3"}
    try:
        done = subprocess.run(
            command,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=PATIENCE,
            check=True,
        )
        found = json.loads(done.stdout.splitlines()[-1])
    except subprocess.TimeoutExpired:
        return Report(name, failure=f"no answer after {PATIENCE} s")
    except subprocess.CalledProcessError as error:
        lines = error.stderr.strip().splitlines() or [f"it ended with {error.returncode}"]
        return Report(name, failure=lines[-1].strip())
    except (ValueError, IndexError):
        return Report(name, failure="its answer is no JSON")
    return Report(name, found["version"], found["device"], found["precision"], found["errors"])
