"""Lint, check types, and test on the three backends: `python tests/run.py [--all]`.

A test runs on one of them, as `conftest.py` says. `--all` runs what depends on backends on
each, and adds what other tests show too, at more cost.

What is tested is the installed package, so everything runs in a folder from which
the sources cannot be imported. What a check prints is shown when it has ended.
"""

import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

ROOT = Path(__file__).parents[1]
SETTINGS = str(ROOT / "pyproject.toml")
TESTS = ROOT / "tests"
PYTEST = ["pytest", "--rootdir", str(ROOT), "-c", SETTINGS]
COMMANDS = [str(TESTS / folder) for folder in ("cli", "comparison")]
COMMANDS += [str(TESTS / "test_examples.py"), str(TESTS / "test_project.py")]
DATA_AND_MEASURES = [str(TESTS / folder) for folder in ("data", "files", "fuzz", "metrics")]


def without(paths: list[str]) -> list[str]:
    return [f"--ignore={path}" for path in paths]


CHECKS = {
    "lint": ["ruff", "check", str(ROOT)],
    "format": ["ruff", "format", "--check", str(ROOT)],
    "types": ["mypy", "--config-file", SETTINGS, "-p", "ganzoo"],
    # PyTorch, which compiles nothing, runs all that depends on no backend. The longest first,
    # so that neither core waits long for the other at the end.
    "torch": [*PYTEST, str(TESTS), *without(COMMANDS + DATA_AND_MEASURES)],
    "torch commands": [*PYTEST, *COMMANDS],
    "tensorflow": [*PYTEST, str(TESTS), "-m", "backends"],
    "jax": [*PYTEST, str(TESTS), "-m", "backends"],
    "torch data and measures": [*PYTEST, *DATA_AND_MEASURES],
}
AT_ONCE = 2  # Each uses about one core: the next begins on the one that is free first.


def main() -> int:
    """Run every check; 0 if all passed."""
    failed = []
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(AT_ONCE) as pool:
        print(f"Running {', '.join(CHECKS)}; two cores take about 20 minutes.", flush=True)
        results = {pool.submit(check, name, folder): name for name in CHECKS}
        for result in as_completed(results):
            name, (code, output) = results[result], result.result()
            print(f"--- {name}\n{output}", end="", flush=True)
            if code:
                failed.append(name)
    print(f"Failed: {', '.join(failed)}" if failed else "All checks passed")
    return bool(failed)


def check(name: str, folder: str) -> tuple[int, str]:
    """The exit code of a check, and what it printed."""
    tool, *arguments = CHECKS[name]
    arguments += sys.argv[1:] if tool == "pytest" else []
    backend = name.split()[0]
    environment = os.environ | {
        "KERAS_BACKEND": backend if backend in ("jax", "torch") else "tensorflow",
        # The same small networks are compiled again and again, each for a few steps.
        "JAX_DISABLE_MOST_OPTIMIZATIONS": "1",
    }
    done = subprocess.run(
        [sys.executable, "-m", tool, *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


if __name__ == "__main__":
    sys.exit(main())
