"""What a process frees it keeps, where that was asked for."""

import platform
import subprocess
import sys

import pytest

from ganzoo.backend import heap

# Pages that the system brings for 40 MiB taken, touched and freed: first by default, which
# gives blocks of more than 32 MiB back, then with them kept, and once more.
SCRIPT = """
import ctypes, importlib.util, resource, sys
spec = importlib.util.spec_from_file_location("heap", sys.argv[1])
heap = importlib.util.module_from_spec(spec)
spec.loader.exec_module(heap)
c = ctypes.CDLL(None)
c.malloc.restype = ctypes.c_void_p

def pages():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    block = ctypes.c_void_p(c.malloc(ctypes.c_size_t(40 * 2**20)))
    ctypes.memset(block, 1, 40 * 2**20)
    c.free(block)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

print(pages(), pages())
heap.keep_freed_memory()
print(pages(), pages(), pages())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="glibc's heap alone is set")
def test_blocks_that_were_freed_are_used_again():
    command = [sys.executable, "-c", SCRIPT, heap.__file__]
    said = subprocess.check_output(command, text=True)
    *default, first, second, third = map(int, said.split())
    assert min(*default, first) > 5000  # 10,240 of 4 KiB.
    assert max(second, third) < 100
