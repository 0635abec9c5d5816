"""One process at a time, by a file that stays as it is."""

import subprocess
import sys

import pytest

from ganzoo.files.lock import locked

HOLD = """
import sys
from pathlib import Path
from ganzoo.files.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_another_process_is_waited_for(tmp_path):
    path = tmp_path / ".lock"
    path.write_text("held")
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout.readline() == "held\n"
    waited = []

    def waiting():
        waited.append(other.poll())
        other.stdin.close()

    with locked(path, waiting):
        assert other.wait() == 0
    assert waited == [None] and path.read_text() == "held"
    with locked(path, lambda: waited.append("again")):
        pass
    assert waited == [None]


def test_a_lock_that_is_no_file_is_not_opened(tmp_path):
    outside = tmp_path / "outside"
    outside.write_text("somebody's own")
    (tmp_path / "link").symlink_to(outside)
    (tmp_path / "dangling").symlink_to(tmp_path / "made")
    (tmp_path / "folder").mkdir()
    for name, what in {"link": "a link", "dangling": "a link", "folder": "a folder"}.items():
        with pytest.raises(OSError, match=f"A lock is a file, and this is {what}"):
            locked(tmp_path / name).__enter__()
    assert outside.read_text() == "somebody's own" and not (tmp_path / "made").exists()
