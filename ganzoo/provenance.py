"""What made a table: the machine and the commit."""

import platform
import subprocess
import tomllib
from pathlib import Path

import ganzoo
from ganzoo.cores import available_cores
from ganzoo.memory import usable_memory


def hardware() -> str:
    """Processor, and the cores and memory that this process may use, in one line."""
    cores, memory = len(available_cores()), usable_memory()
    size = f", {memory / 2**30:.0f} GiB" if memory else ""
    return f"{_processor()}, {cores} core{'s' * (cores != 1)}{size}"


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def commit() -> str | None:
    """Twelve digits of the commit of ganzoo's checkout; `None` for a package outside of one.

    `-dirty` follows where files differ from the commit. For a package that was installed into
    an environment within the checkout, the commit is what the checkout has now.
    """
    try:
        top = Path(_git("rev-parse", "--show-toplevel"))
        project = tomllib.loads((top / "pyproject.toml").read_text(encoding="utf-8"))
        if project["project"]["name"] != "ganzoo":
            return None
        # Never by a tag, which would say less.
        return _git("describe", "--always", "--dirty", "--abbrev=12", "--exclude=*")
    except (OSError, subprocess.CalledProcessError, ValueError, KeyError):
        return None


def _git(*arguments: str) -> str:
    here = str(Path(ganzoo.__file__).parent)
    command = ["git", "-C", here, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.strip()
