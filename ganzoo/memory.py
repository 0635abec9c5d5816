"""The memory that this process may use."""

import contextlib
import os
from pathlib import Path

# Where a container's limit stands, by the second and the first version of Linux's groups.
LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


def gigabytes(size: int) -> str:
    """`3_000_000_000` bytes are `3.0 GB`."""
    return f"{size / 1e9:.1f} GB" if size < 10**10 else f"{size // 10**9:,} GB"


def usable_memory() -> int | None:
    """Bytes of the machine, or of the container; `None` where the system does not say."""
    sizes = []
    with contextlib.suppress(AttributeError, ValueError, OSError):  # Windows has no sysconf.
        sizes.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    for path in LIMITS:
        with contextlib.suppress(OSError, ValueError):  # No such file, or "max".
            sizes.append(int(path.read_text()))
    return min(sizes, default=None)


def free_memory(info: Path = Path("/proc/meminfo")) -> int | None:
    """Bytes that programs can still take; `None` where the system does not say.

    Args:
        info: Where Linux says it.
    """
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("MemAvailable:"):
                return 1024 * int(line.split()[1])
    return None
