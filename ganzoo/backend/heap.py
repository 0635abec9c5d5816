"""The C library's heap."""

import ctypes
import sys

# Parameters of `mallopt`, from glibc's malloc.h.
M_TRIM_THRESHOLD, M_MMAP_MAX = -1, -4


def keep_freed_memory() -> None:
    """Let this process keep the memory that it frees, for what it takes next.

    glibc gives large blocks back to the system at once, and the system fills each page with
    zeros when it is touched again. Where the temporaries of a step are one large block, as
    XLA's are, that is half of a step's time. Nothing happens where the C library is another
    one. The most that the process takes stays the same; it holds it for longer. Blocks of more
    than 64 MiB go back all the same if another thread than the first takes them. (With one
    arena for all threads they would not, but small steps took 1.2 to 1.4 times as long: so JAX
    computes in the first.)
    """
    if sys.platform != "linux" or not hasattr(library := ctypes.CDLL(None), "mallopt"):
        return
    library.mallopt(M_MMAP_MAX, 0)
    library.mallopt(M_TRIM_THRESHOLD, 2**31 - 1)
