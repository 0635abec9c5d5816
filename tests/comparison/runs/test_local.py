"""Runs in processes of their own on this machine."""

import signal

import pytest

from ganzoo.comparison.runs.local import Pool
from ganzoo.training.interrupt import EXIT_CODES, Interrupted


def test_a_process_that_starts_while_the_pool_stops_is_stopped_too(tmp_path):
    """Left alone, a run without a config would end with 2, and a true one after hours."""
    codes = {}
    pool = Pool(1, lambda path: pool.stop(), codes.__setitem__)
    pool.train([tmp_path])
    assert codes == {tmp_path: -signal.SIGTERM}


@pytest.fixture(params=EXIT_CODES)
def number(request):
    """A signal that outside of the pool does nothing, rather than end the tests."""
    before = signal.signal(request.param, unmoved)
    yield request.param
    signal.signal(request.param, before)


def unmoved(number, frame):
    pass


def test_a_signal_stops_the_pool_and_says_how_the_command_ends(tmp_path, number):
    def ended(path, code):
        signal.raise_signal(number)  # The main thread takes it, which waits for the runs.

    with pytest.raises(Interrupted, match="Go on with the same command") as stopped:
        Pool(1, lambda path: None, ended).train([tmp_path])
    assert stopped.value.exit_code == 128 + number
    assert signal.getsignal(number) is unmoved
