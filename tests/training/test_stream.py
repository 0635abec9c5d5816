"""A training whose images stay on disk is the training that it would be in memory."""

import threading

import keras
import numpy as np
import pytest

from ganzoo import data
from ganzoo.data import store
from ganzoo.data.image_file import ImageFile
from ganzoo.training import checkpoint
from ganzoo.training.order import DataOrder
from ganzoo.training.progress import Silent
from ganzoo.training.run import Run
from ganzoo.training.steps import Ahead, step_runner
from ganzoo.training.trainer import Trainer

pytestmark = pytest.mark.backends


class Power(BaseException):
    """The plug was pulled: nothing more is written."""


class PullAt(Silent):
    """Pulls the plug once `kimg` thousand images were shown."""

    def __init__(self, kimg):
        self.kimg = kimg

    def at(self, kimg):
        if kimg >= self.kimg:
            raise Power


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def numbers(tmp_path):
    """A file of 40 images of 2 x 2, whose pixels are their row."""
    rows = np.arange(40, dtype=np.uint8)
    np.save(tmp_path / "rows.npy", np.broadcast_to(rows[:, None, None, None], (40, 2, 2, 1)))
    return ImageFile(tmp_path / "rows.npy")


def trained(settings, path, stream, progress=None):
    run = Run.create(path, "run")
    trainer = Trainer(**settings, stream=stream, progress=progress)
    run.write_json("config.json", trainer.config)
    assert isinstance(trainer.images.images, ImageFile if stream else np.ndarray)
    trainer.train(run)
    return run


def assert_same(run, other):
    (ours, _), (theirs, _) = (checkpoint.load(r.checkpoints[-1]) for r in (run, other))
    assert ours.keys() == theirs.keys()
    for name, array in ours.items():
        np.testing.assert_array_equal(array, theirs[name], err_msg=name)
    sheets = [{p.name: p.read_bytes() for p in r.path.glob("fakes*.png")} for r in (run, other)]
    assert sheets[0] == sheets[1] and "fakes_init.png" in sheets[0]
    assert run.config == other.config


@pytest.mark.thorough  # `cli/test_conditional_run.py` goes on from disk.
def test_streamed_and_resumed_equals_kept_bit_for_bit(settings, tmp_path):
    # Two stages with a fade; calls are cut short by ticks, and epochs begin within calls.
    kept = trained(settings, tmp_path / "kept", stream=False)
    # A run does not remember where its images were: on disk, then in memory, on disk again.
    with pytest.raises(Power):
        trained(settings, tmp_path / "killed", stream=True, progress=PullAt(0.06))
    killed = Run.open(tmp_path / "killed" / "00000-run")
    with pytest.raises(Power):
        Trainer(**killed.config, stream=False, progress=PullAt(0.15)).train(killed)
    Trainer(**killed.config, stream=True).train(killed)
    assert_same(killed, kept)


def test_large_sets_are_streamed_unasked(settings, monkeypatch):
    monkeypatch.setattr(store, "limit", lambda: 1000)
    trainer = Trainer(**settings)
    assert isinstance(trainer.images.images, ImageFile)
    monkeypatch.undo()
    assert trainer.images.sha256 == data.load(settings["data"], 16, stream=False).sha256


def test_batches_are_the_rows_of_the_order(numbers):
    order = DataOrder(40, seed=3)
    ahead = Ahead(numbers, order, max_steps=4)
    # In turn, cut short, going on after that, and from somewhere else.
    for start, steps in ((0, 4), (28, 4), (56, 3), (77, 4), (7, 1), (14, 4)):
        batches = keras.ops.convert_to_numpy(ahead.batches(start, steps, 7))
        assert batches.dtype == np.uint8 and batches.shape == (steps, 7, 2, 2, 1)
        np.testing.assert_array_equal(batches[..., 0, 0, 0], order.rows(start, steps, 7))


def test_the_next_call_is_read_while_this_one_runs(numbers):
    read = threading.Semaphore(0)

    class Watched:
        shape = numbers.shape

        def __getitem__(self, rows):
            read.release()
            assert threading.current_thread() is not threading.main_thread()
            return numbers[rows]

    ahead = Ahead(Watched(), DataOrder(40, seed=3), max_steps=4)
    ahead.batches(0, 4, 7)
    assert read.acquire(timeout=60)  # This call's.
    for call in (1, 2, 3):
        assert read.acquire(timeout=60)  # The next one's, which nobody has asked for.
        ahead.batches(28 * call, 4, 7)


def test_an_error_of_the_disk_reaches_the_caller(numbers):
    class Broken:
        shape = numbers.shape

        def __getitem__(self, rows):
            raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output"):
        Ahead(Broken(), DataOrder(40, seed=3), max_steps=4).batches(0, 4, 7)


def test_steps_are_the_same_however_they_are_grouped(settings):
    ends = []
    for groups in ((6,), (1, 4, 1)):
        trainer, step = Trainer(**settings, stream=True), 0
        model = trainer.build(0)
        play = step_runner(model, trainer.images, trainer.order, trainer.images_a_step, 6)
        for count in groups:
            play(step, count)
            step += count
        assert int(model.iteration) == 6
        ends.append([keras.ops.convert_to_numpy(v.value) for v in model.variables])
    for one, two in zip(*ends, strict=True):
        np.testing.assert_array_equal(one, two)
