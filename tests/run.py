"""Lint, check types, and test on the three backends: `python tests/run.py`.

What is tested is the installed package, so everything runs in a folder from which
the sources cannot be imported.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
SETTINGS = str(ROOT / "pyproject.toml")
PYTEST = ["pytest", "--rootdir", str(ROOT), "-c", SETTINGS, str(ROOT / "tests")]
CHECKS = {
    "lint": ["ruff", "check", str(ROOT)],
    "format": ["ruff", "format", "--check", str(ROOT)],
    "types": ["mypy", "--config-file", SETTINGS, "-p", "ganzoo"],
    "tensorflow": PYTEST,
    "jax": [*PYTEST, "-m", "backends"],
    "torch": [*PYTEST, "-m", "backends"],
}


def main() -> int:
    """Run every check; 0 if all passed."""
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        for name, (tool, *arguments) in CHECKS.items():
            print(f"--- {name}", flush=True)
            environment = os.environ | {
                "KERAS_BACKEND": name if tool == "pytest" else "tensorflow",
                # The same small networks are compiled again and again.
                "JAX_COMPILATION_CACHE_DIR": str(Path(folder) / "jax"),
                "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
            }
            command = [sys.executable, "-m", tool, *arguments]
            if subprocess.call(command, cwd=folder, env=environment):
                failed.append(name)
    print(f"Failed: {', '.join(failed)}" if failed else "All checks passed")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
