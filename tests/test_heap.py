"""What a process frees it keeps, where that was asked for."""

import platform
import subprocess
import sys

import pytest

from ganzoo.backend import heap

# What share of 40 MiB taken, touched and freed the system brings anew, in small pages: twice
# by default, which gives blocks of more than 32 MiB back, then thrice with them kept.
SCRIPT = """
import ctypes, importlib.util, resource, sys
spec = importlib.util.spec_from_file_location("heap", sys.argv[1])
heap = importlib.util.module_from_spec(spec)
spec.loader.exec_module(heap)
c = ctypes.CDLL(None)
c.malloc.restype = ctypes.c_void_p
PR_SET_THP_DISABLE, SIZE = 41, 40 * 2**20
c.prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0)

def brought():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    block = ctypes.c_void_p(c.malloc(ctypes.c_size_t(SIZE)))
    ctypes.memset(block, 1, SIZE)
    c.free(block)
    pages = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
    return pages * resource.getpagesize() / SIZE

print(brought(), brought())
heap.keep_freed_memory()
print(brought(), brought(), brought())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="glibc's heap alone is set")
def test_blocks_that_were_freed_are_used_again():
    command = [sys.executable, "-c", SCRIPT, heap.__file__]
    said = subprocess.check_output(command, text=True)
    *default, first, second, third = map(float, said.split())
    assert min(*default, first) > 0.5
    assert max(second, third) < 0.009
