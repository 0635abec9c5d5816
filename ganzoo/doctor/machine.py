"""The machine around ganzoo: versions, processor, memory, GPUs, folders."""

import importlib.metadata
import os
import platform
import shutil
from pathlib import Path

import ganzoo
from ganzoo.accelerators import accelerators
from ganzoo.backend_choice import choose_backend, settings_file
from ganzoo.cores import available_cores
from ganzoo.data import cache
from ganzoo.errors import InputError
from ganzoo.memory import free_memory, usable_memory


def facts() -> dict[str, str]:
    """What a person should know of this machine, by label; all of it plain text."""
    return {
        "ganzoo": f"{ganzoo.__version__}, {Path(ganzoo.__file__).parent}",
        "python": f"{platform.python_version()} on {platform.platform(terse=True)}",
        "keras": importlib.metadata.version("keras"),
        "backend": _backend(),
        "keras.json": _settings(),
        "cores": str(len(available_cores())),
        "memory": _memory(),
        "GPUs": ", ".join(accelerators()) or "none found",
        "cache": _cache(),
    }


def _backend() -> str:
    try:
        return f"{choose_backend(None)}, where none is asked for"
    except InputError as error:
        return f"none: {error}"


def _settings() -> str:
    file = settings_file()
    return str(file) if file.exists() else f"{file}, which is not there"


def _memory() -> str:
    sizes = [(usable_memory(), "GiB"), (free_memory(), "GiB free")]
    return ", ".join(f"{size / 2**30:.1f} {unit}" for size, unit in sizes if size) or "unknown"


def _cache() -> str:
    folder = cache.folder()
    if not folder.is_dir():
        return f"{folder}, which is made when it is needed"
    files = [file for file in folder.rglob("*") if file.is_file()]
    size = sum(file.stat().st_size for file in files) / 1e6
    free = shutil.disk_usage(folder).free / 1e9
    writable = "" if os.access(folder, os.W_OK) else ", not writable"
    count = f"{len(files)} file{'s' * (len(files) != 1)}"
    return f"{folder}: {count}, {size:.0f} MB; {free:.0f} GB free{writable}"
