"""A run that was stopped, however and wherever, ends like one that was not."""

import errno
import json
import os
import re
import shutil
import signal

import keras
import numpy as np
import pytest
from keras import layers

from ganzoo import backend
from ganzoo.architectures.progressive_dcgan import ProgressiveDCGAN
from ganzoo.errors import InputError, RunError
from ganzoo.training import checkpoint
from ganzoo.training.interrupt import Interrupted
from ganzoo.training.progress import Silent
from ganzoo.training.run import Run
from ganzoo.training.trained import load_discriminator, load_generator
from ganzoo.training.trainer import Trainer

pytestmark = pytest.mark.backends
TIMES = ("seconds", "processor_seconds", "seconds_a_sample", "sec_per_kimg")


class Power(BaseException):
    """The plug was pulled: nothing more is written."""


class StopAt(Silent):
    """Calls `act` once `kimg` thousand images were shown."""

    def __init__(self, kimg, act):
        self.kimg = kimg
        self.act = act

    def at(self, kimg):
        if kimg >= self.kimg and self.act:
            act, self.act = self.act, None
            act()


class CopyAt(Silent):
    """Copies the folder of a run as it is once each `kimg` thousand images were shown."""

    def __init__(self, source, copies):
        self.source = source
        self.copies = copies

    def at(self, kimg):
        for at, copy in self.copies.items():
            if kimg >= at and not copy.exists():
                shutil.copytree(self.source, copy)


class StopAtOnce(Silent):
    """Sends a signal with the line that says that the run was resumed."""

    def message(self, text):
        if text.startswith("resumed"):
            signal.raise_signal(signal.SIGTERM)


def pull_the_plug():
    raise Power


def train(settings, path, progress=None):
    run = Run.create(path, "run")
    trainer = Trainer(**settings, progress=progress)
    run.write_json("config.json", trainer.config)
    return run, trainer.train(run)


def resume(run):
    run = Run.open(run.path)
    return Trainer(**run.config).train(run)


def without_times(lines):
    return [{k: v for k, v in line.items() if k not in TIMES} for line in lines]


def assert_same(run, other):
    """Arrays bit for bit, figures but for times, and pictures byte for byte."""
    assert [c.name for c in run.checkpoints] == [c.name for c in other.checkpoints]
    (arrays, _), (others, _) = (checkpoint.load(r.checkpoints[-1]) for r in (run, other))
    assert arrays.keys() == others.keys()
    for name, array in arrays.items():
        np.testing.assert_array_equal(array, others[name], err_msg=name)
    for name in ("losses.jsonl", "metrics.jsonl"):
        assert without_times(run.lines(name)) == without_times(other.lines(name))
    sheets = [{p.name: p.read_bytes() for p in r.path.glob("fakes*.png")} for r in (run, other)]
    assert sheets[0] == sheets[1]


# Before the first checkpoint, in the first stage, in the fade, and after it: each backend
# goes on from a checkpoint here.
WITHOUT_POWER = {0.04: "torch", 0.06: "jax", 0.1: "tensorflow", 0.19: "torch"}


@pytest.fixture(scope="module")
def copied(settings, tmp_path_factory):
    """A run to its end, and what there would be of it had the power gone on the way."""
    folder = tmp_path_factory.mktemp("whole")
    copies = {kimg: folder / f"at-{kimg}" for kimg in WITHOUT_POWER}
    return train(settings, folder, CopyAt(folder / "00000-run", copies))[0], copies


@pytest.fixture(scope="module")
def uninterrupted(copied):
    return copied[0]


@pytest.mark.parametrize(
    "kimg",
    [pytest.param(kimg, marks=pytest.mark.backends(on)) for kimg, on in WITHOUT_POWER.items()],
)
def test_a_run_without_power_resumes_bit_for_bit(copied, tmp_path, kimg):
    whole, copies = copied
    run = Run(shutil.copytree(copies[kimg], tmp_path / "run"))
    assert without_times(run.lines("losses.jsonl")) != without_times(
        whole.lines("losses.jsonl")
    )
    resume(run)
    assert_same(run, whole)


def scores(images, asked):
    """Stands for the evaluator, which would fit a network to the blobs first."""
    assert asked is None  # The run has no condition.
    kid = float(images.mean())
    return {"verdict": "scored", "modes": None, "as_asked": None, "kid": kid}


@pytest.fixture(scope="module")
def measured(settings, tmp_path_factory):
    """A function that goes on with a run of two snapshots, and what it gave without a stop."""
    short = settings | {"schedule": "8:0.096", "score": 12}

    def go_on(path, score):
        run, trainer = Run(path), Trainer(**short)
        trainer.evaluator = score
        return run, trainer.train(run)

    return go_on, go_on(tmp_path_factory.mktemp("measured"), scores)


@pytest.mark.parametrize("snapshot", [1, 2])
def test_a_snapshot_without_power_gets_its_measures_when_the_run_resumes(
    measured, tmp_path, snapshot
):
    go_on, (whole, result) = measured
    before = iter(range(1, snapshot))

    def pulled(images, asked):
        return scores(images, asked) if next(before, 0) else pull_the_plug()

    with pytest.raises(Power):
        go_on(tmp_path, pulled)
    assert len(Run(tmp_path).lines("metrics.jsonl")) == snapshot - 1
    assert len(Run(tmp_path).checkpoints) == snapshot
    (tmp_path / "loss.png").unlink(missing_ok=True)
    run, again = go_on(tmp_path, scores)
    assert_same(run, whole)
    assert [line["step"] for line in run.lines("metrics.jsonl")] == [6, 12]
    for part in ("figures", "measures"):
        assert without_times([again[part]]) == without_times([result[part]])
    assert (tmp_path / "loss.png").read_bytes() == (whole.path / "loss.png").read_bytes()


@pytest.mark.backends("torch")
def test_ctrl_c_saves_between_ticks_and_the_run_resumes_bit_for_bit(
    uninterrupted, settings, tmp_path, monkeypatch
):
    monkeypatch.setattr("ganzoo.training.loop.STEPS_A_CALL", 2)
    stop_and_resume(settings, tmp_path, 0.112, signal.SIGINT, uninterrupted)


def stop_and_resume(settings, path, kimg, number, whole):
    """Stops a run by a signal, and compares it with the whole run when it has gone on."""
    handler = signal.getsignal(number)
    with pytest.raises(Interrupted) as stop:
        train(settings, path, StopAt(kimg, lambda: os.kill(os.getpid(), number)))
    assert stop.value.exit_code == 128 + number
    assert "--resume" in str(stop.value)
    assert signal.getsignal(number) == handler
    run = Run(path / "00000-run")
    extra = run.checkpoints[-1]
    assert extra.name == f"{kimg:010.3f}"
    arrays, _ = checkpoint.load(extra)
    resume(run)
    shutil.rmtree(extra)
    assert_same(run, whole)
    return arrays


@pytest.fixture
def beginning(uninterrupted, tmp_path):
    """The run as it was at its first checkpoint."""
    run = Run(shutil.copytree(uninterrupted.path, tmp_path / "run"))
    for folder in run.checkpoints[1:]:
        shutil.rmtree(folder)
    return run


def test_a_signal_before_the_first_step_leaves_the_checkpoint_alone(beginning):
    path = beginning.checkpoints[0] / "manifest.json"
    written = path.stat().st_mtime_ns
    with pytest.raises(Interrupted):
        Trainer(**beginning.config, progress=StopAtOnce()).train(beginning)
    assert beginning.checkpoints == [path.parent]
    assert path.stat().st_mtime_ns == written


def manifest(step):
    """What a checkpoint says of itself where a step shows a thousand images."""
    return {"step": step, "kimg": float(step), "stage": 0, "seconds": 1.0, "settings": {}}


def test_a_checkpoint_that_cannot_be_written_leaves_the_one_before(tmp_path):
    folder = tmp_path / "checkpoints" / "000001"
    checkpoint.save(folder, {"weights": np.arange(3.0)}, manifest(1))
    with pytest.raises(ValueError, match="allow_pickle"):
        checkpoint.save(folder, {"weights": np.array([None])}, manifest(1))
    assert checkpoint.load(folder)[0]["weights"].tolist() == [0, 1, 2]
    checkpoint.save(folder, {"weights": np.arange(4.0)}, manifest(1))
    assert checkpoint.load(folder)[0]["weights"].tolist() == [0, 1, 2, 3]
    assert list(folder.parent.iterdir()) == [folder]


def test_a_damaged_checkpoint_is_passed_over(copied, tmp_path):
    whole, copies = copied
    run = Run(shutil.copytree(copies[0.19], tmp_path / "run"))
    arrays = run.checkpoints[-1] / "arrays.npz"
    arrays.write_bytes(arrays.read_bytes()[:-100])
    resume(run)
    assert_same(run, whole)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"7", b"[]", b"{}", b'{"step": 1'])
def test_a_checkpoint_with_a_damaged_manifest_is_passed_over(tmp_path, content):
    for step in (1, 2):
        folder = tmp_path / "checkpoints" / f"{step:06d}"
        checkpoint.save(folder, {"weights": np.full(3, step)}, manifest(step))
    (folder / "manifest.json").write_bytes(content)
    reports = []
    arrays, found = checkpoint.last_good(Run(tmp_path).checkpoints, reports.append)
    assert arrays["weights"].tolist() == [1, 1, 1] and found["step"] == 1
    (report,) = reports
    assert re.search("000002 is damaged: .* Going back to the one before", report)


@pytest.mark.parametrize("what", ["damaged", "not readable"])
def test_a_run_of_which_no_checkpoint_can_be_read_is_left_alone(beginning, what):
    run = beginning
    (folder,) = run.checkpoints
    (folder / "manifest.json").unlink()
    if what == "damaged":
        (folder / "manifest.json").write_text("")
    else:
        (folder / "manifest.json").mkdir()
    before = {p: p.read_bytes() for p in run.path.rglob("*") if p.is_file()}
    with pytest.raises(InputError, match=r"no other one before|cannot be read"):
        resume(run)
    assert before == {p: p.read_bytes() for p in run.path.rglob("*") if p.is_file()}


def test_a_full_disk_says_where_and_how_to_go_on(settings, tmp_path, monkeypatch):
    def full(*arguments):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "arrays.npz")

    monkeypatch.setattr(checkpoint, "save", full)
    run = Run.create(tmp_path, "run")
    with pytest.raises(RunError, match=r"No space left on device: arrays\.npz.*--resume"):
        Trainer(**settings).train(run)
    assert not run.is_over


def test_a_trainer_trains_once(beginning, tmp_path):
    trainer = Trainer(**beginning.config, progress=StopAtOnce())
    with pytest.raises(Interrupted):
        trainer.train(beginning)
    new = Run.create(tmp_path, "new")
    with pytest.raises(InputError, match="Make another one"):
        trainer.train(new)
    assert list(new.path.iterdir()) == []


def test_resuming_needs_the_same_data_and_backend(uninterrupted):
    with pytest.raises(InputError, match="are not those that the run began with"):
        Trainer(**uninterrupted.config | {"data_sha256": "0" * 64}).prepare()
    with pytest.raises(InputError, match="--backend cobol"):
        Trainer(**uninterrupted.config | {"backend": "cobol"})


def test_loading_is_strict(uninterrupted):
    arrays, _ = checkpoint.load(uninterrupted.checkpoints[-1])
    name = next(iter(arrays))

    class Variable:
        def __init__(self, shape):
            self.shape = shape

        def assign(self, value):
            raise AssertionError("assigned in spite of a misfit")

    variables = {key: Variable(a.shape) for key, a in arrays.items()}
    cases = {
        "missing extra": (variables | {"extra": Variable(())}, arrays),
        f"unknown {name}": ({k: v for k, v in variables.items() if k != name}, arrays),
        r"is \(1, 2, 3\), not": (variables, arrays | {name: np.zeros((1, 2, 3))}),
    }
    for message, (wanted, given) in cases.items():
        with pytest.raises(InputError, match=message):
            checkpoint.restore(wanted, given)


def test_checkpoints_hold_both_optimizers(uninterrupted):
    arrays, manifest = checkpoint.load(uninterrupted.checkpoints[-1])
    for player in ("generator_optimizer", "discriminator_optimizer"):
        moments = {k: a for k, a in arrays.items() if k.startswith(player) and "velocity" in k}
        # A Wasserstein critic's last bias has no gradient: it cancels.
        moved = [k for k, a in moments.items() if (a != 0).any() or "d_score_bias" in k]
        assert moments.keys() == set(moved)
        # A stage has new optimizers: 12 steps of 8 images in the last one.
        assert arrays[f"{player}/iteration"] == 12
    assert arrays["iteration"] == 24
    assert arrays["images_seen"] == 192
    assert json.dumps(manifest)


@pytest.fixture(scope="module")
def unclipped(settings):
    """Without clipping, whose sum over all weights is rounded by how many there are."""
    return settings | {"optimizer": "adam:learning_rate=0.001,beta_1=0.0,beta_2=0.99"}


@pytest.fixture(scope="module")
def with_fade(unclipped, tmp_path_factory):
    """A run whose networks keep their old paths."""
    return train(unclipped, tmp_path_factory.mktemp("with_fade"))[0]


def train_without_fade(settings, path):
    """A run whose networks lose their old paths when the fade has ended."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ganzoo.training.timetable.WORTH_A_BUILD", 1)
        return train(settings, path)[0]


@pytest.fixture(scope="module")
def without_fade(unclipped, tmp_path_factory):
    return train_without_fade(unclipped, tmp_path_factory.mktemp("without_fade"))


def test_without_old_paths_a_run_goes_on_as_with_them(with_fade, without_fade):
    whole, _ = checkpoint.load(with_fade.checkpoints[-1])
    arrays, manifest = checkpoint.load(without_fade.checkpoints[-1])
    gone = {name for name in whole if "8_to_image" in name or "8_from_image" in name}
    assert whole.keys() - arrays.keys() == gone | {"fade"}
    assert arrays.keys() <= whole.keys()
    # Of each network and the average a kernel and a bias, and two moments of the first four.
    assert len(gone) == 3 * 2 + 2 * 4
    assert manifest["alpha"] == 1.0
    # TensorFlow and PyTorch compute the same operations, XLA may fuse them otherwise.
    atol = 1e-5 if backend.name == "jax" else 0.0
    for name, array in arrays.items():
        np.testing.assert_allclose(array, whole[name], rtol=0, atol=atol, err_msg=name)
    for lines in zip(
        *(r.lines("losses.jsonl") for r in (without_fade, with_fade)), strict=True
    ):
        one, other = ({k: v for k, v in line.items() if k not in TIMES} for line in lines)
        assert one == pytest.approx(other, rel=0, abs=atol)


@pytest.mark.backends("torch")
@pytest.mark.parametrize(("kimg", "fading"), [(0.112, True), (0.16, False)])
def test_a_run_resumes_bit_for_bit_where_old_paths_go(
    settings, tmp_path, kimg, fading, monkeypatch
):
    # In the fade, so that they go after the run has begun again; and after they went.
    monkeypatch.setattr("ganzoo.training.timetable.WORTH_A_BUILD", 1)
    monkeypatch.setattr("ganzoo.training.loop.STEPS_A_CALL", 2)
    whole = train_without_fade(settings, tmp_path / "whole")
    arrays = stop_and_resume(settings, tmp_path, kimg, signal.SIGTERM, whole)
    assert ("fade" in arrays) == fading


def test_a_generator_is_loaded_with_and_without_old_paths(with_fade, without_fade):
    latents = np.random.default_rng(0).standard_normal((4, 8), np.float32)
    for name in (c.name for c in without_fade.checkpoints):
        one, other = (load_generator(r, name) for r in (without_fade, with_fade))
        images = [keras.ops.convert_to_numpy(g(latents)) for g in (one, other)]
        assert images[0].std() > 0.01
        np.testing.assert_allclose(*images, rtol=0, atol=1e-5)
    assert one.count_params() < other.count_params()


def test_a_discriminator_of_features_is_trained_and_has_no_score(settings, tmp_path):
    run, _ = train(settings | {"loss": "mmd-gan", "schedule": "8:0.016"}, tmp_path)
    arrays, _ = checkpoint.load(run.checkpoints[-1])
    assert arrays["discriminator/d_score/kernel"].shape[-1] == 16
    with pytest.raises(InputError, match="several numbers, which mmd-gan compares, and no"):
        load_discriminator(run)


def test_stages_end_where_their_fade_leaves_enough_to_train(settings, monkeypatch):
    schedule = "8:0.1,16:0.2:0.05,32:0.3:0.3"  # Steps of 8: to 12, to 38, to 75.
    trainer = Trainer(**settings | {"schedule": schedule})
    assert trainer.timetable.stage_ends == [12, 38, 75]
    # The fade of 50 images is over within 7 steps, after 19; 19 are left.
    monkeypatch.setattr("ganzoo.training.timetable.WORTH_A_BUILD", 20)
    whole = Trainer(**settings | {"schedule": schedule}).prepare()
    ends = [[(s.fade, last) for s, last in whole.timetable.phases(i)] for i in range(3)]
    assert ends == [[(0.0, 12)], [(0.05, 38)], [(0.3, 75)]]
    monkeypatch.setattr("ganzoo.training.timetable.WORTH_A_BUILD", 19)
    parted = Trainer(**settings | {"schedule": schedule})
    ends = [[(s.fade, last) for s, last in parted.timetable.phases(i)] for i in range(3)]
    assert ends == [[(0.0, 12)], [(0.05, 19), (0.0, 38)], [(0.3, 75)]]
    # What is left out: a quarter of the stage costs what all of it did.
    bare = Trainer(**settings | {"schedule": "8:0.1,16:0.2"})
    mixed = (whole.flops[1] + 3 * bare.flops[1]) / 4
    assert parted.flops[1] == pytest.approx(mixed, abs=1)
    assert bare.flops[1] < parted.flops[1] < whole.flops[1]
    assert parted.flops[::2] == whole.flops[::2]


@keras.saving.register_keras_serializable("tests")
class Dropping(ProgressiveDCGAN):
    """With dropout before G's images; or with a layer that is another one without a fade."""

    def __init__(self, how="kept", **kwargs):
        super().__init__(**kwargs)
        self.how = how

    def generator(self, resolution, fade):
        self.fading = fade is not None
        return super().generator(resolution, fade)

    def to_image(self, x, resolution):
        name = f"extra_{resolution}"
        if self.how == "kept":
            x = self.keep(layers.Dropout, 0.2, seed=resolution, name=name)(x)
        else:
            x = self.keep(layers.Dense, x.shape[-1], name=f"{name}_{self.fading}")(x)
        return super().to_image(x, resolution)

    def get_config(self):
        return super().get_config() | {"how": self.how}


@pytest.fixture
def dropping(settings):
    def make(how):
        spec = f"{__name__}:Dropping:width=8,latent_size=8,how={how}"
        return Trainer(**settings | {"architecture": spec})

    return make


def test_layers_with_states_survive_a_resume_and_the_end_of_a_fade(dropping):
    trainer = dropping("kept")
    fading = trainer.build(1, previous=trainer.build(0))
    without_fade = trainer.without_fade(fading, 1)
    assert without_fade.fade is None
    states = [name for name in fading.named_variables() if "/state_" in name]
    assert states == ["generator/state_0", "generator/state_1"]
    # Another process begins with the stage of its checkpoint.
    assert dropping("kept").build(1).named_variables().keys() == fading.named_variables().keys()
    again = dropping("kept").build(1, fading=False)
    assert again.named_variables().keys() == without_fade.named_variables().keys()


def test_networks_whose_layers_cannot_be_found_again_keep_their_old_paths(dropping):
    trainer = dropping("renamed")
    fading = trainer.build(1, previous=trainer.build(0))
    assert trainer.without_fade(fading, 1) is fading
