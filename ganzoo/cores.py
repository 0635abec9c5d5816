"""The processor: the cores that this process may use, and what they can."""

import os
from pathlib import Path


def available_cores() -> list[int]:
    """Numbers of the cores that this process may use, in order."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def processor_has(feature: str, info: Path = Path("/proc/cpuinfo")) -> bool:
    """Whether the processor says that it has `feature`, such as `"avx512_bf16"`.

    Args:
        feature: A flag by Linux's name; elsewhere nothing is known and the answer is no.
        info: Where Linux lists them.
    """
    try:
        lines = info.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    return any(feature in line.split() for line in lines if line.startswith("flags"))
