"""Places that cannot be written are refused before any work."""

import os
from pathlib import Path

import pytest

from ganzoo.cli.checks import check_file
from ganzoo.errors import InputError


@pytest.mark.pipes
def test_a_pipe_or_a_device_is_not_replaced_by_a_file(tmp_path):
    os.mkfifo(tmp_path / "pipe.npz")
    for path in (tmp_path / "pipe.npz", Path("/dev/null")):
        with pytest.raises(InputError, match="is a pipe or a device"):
            check_file(path)
    check_file(tmp_path / "new.npz")
