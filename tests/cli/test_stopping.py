"""SIGTERM and Ctrl-C in a command that has nothing to save."""

import signal

import pytest

from ganzoo.cli.stopping import Terminated, terminable

OWN = """
import os, signal
from pathlib import Path
from ganzoo.files.atomic import atomic

with atomic("half") as temporary:
    temporary.write_text("half")
    os.kill(os.getpid(), signal.{name})
"""


@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), ("SIGINT", 130)])
def test_a_command_ends_in_one_word_and_leaves_nothing(request, ganzoo, tmp_path, name, code):
    module = f"stops_by_{name}"
    (tmp_path / f"{module}.py").write_text(OWN.format(name=name))
    before = signal.getsignal(signal.SIGTERM)
    # In the background of a shell Ctrl-C is ignored, and so would it be here.
    ours = signal.signal(signal.SIGINT, signal.default_int_handler)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, ours))
    result = ganzoo("train", "--loss", f"{module}:Loss", "--dry-run")
    assert (result.exit_code, result.output) == (code, "Stopped.\n")
    assert [path.name for path in tmp_path.iterdir() if "half" in path.name] == []
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_second_sigterm_is_not_caught():
    with terminable():
        with pytest.raises(Terminated):
            signal.raise_signal(signal.SIGTERM)
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
