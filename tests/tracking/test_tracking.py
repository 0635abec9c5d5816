"""A tracker is told what a run's folder gets; one that fails never stops a run."""

import json
import struct

import numpy as np
import pytest

from ganzoo import tracking
from ganzoo.errors import InputError
from ganzoo.tracking.tracker import Tracker
from ganzoo.tracking.tracking import Tracking

CONFIG = {"loss": "hinge", "seed": 0}


class Memory(Tracker):
    """Remembers what it is told, and fails when it is told so."""

    module = extra = "json"

    def __init__(self, fails_at=""):
        self.fails_at, self.told = fails_at, []

    def _hear(self, what, *said):
        if what == self.fails_at:
            raise OSError("The server is gone.\nA second line.")
        self.told.append((what, *said))

    def begin(self, name, folder, config):
        self._hear("begin", name, config)

    def figures(self, images, figures):
        self._hear("figures", images, dict(figures))

    def sheet(self, images, path):
        self._hear("sheet", images, path)

    def end(self):
        self._hear("end")


def tell(told, folder):
    told.begin(folder, CONFIG)
    told.figures(0.96, {"step": 30, "kimg": 0.96, "d_loss": 1.5, "verdict": "healthy"})
    told.sheet(0.96, folder / "fakes.png")
    told.end()


def test_figures_stand_at_the_number_of_images_and_are_numbers(tmp_path):
    memory, said = Memory(), []
    tell(Tracking([memory], said.append), tmp_path)
    assert memory.told == [
        ("begin", tmp_path.name, CONFIG),
        ("figures", 960, {"d_loss": 1.5}),
        ("sheet", 960, tmp_path / "fakes.png"),
        ("end",),
    ]
    assert said == []


@pytest.mark.parametrize("place", ["begin", "figures", "sheet", "end"])
def test_one_that_fails_is_left_out_with_one_line_and_others_go_on(tmp_path, place):
    fails, works, said = Memory(place), Memory(), []
    tell(Tracking([fails, works], said.append), tmp_path)
    assert [each[0] for each in works.told] == ["begin", "figures", "sheet", "end"]
    told = [each[0] for each in fails.told]
    assert told == ["begin", "figures", "sheet", "end"][: len(told)] and place not in told
    (line,) = said
    assert "the run goes on without it: OSError: The server is gone." in line
    assert "second line" not in line


def test_a_name_that_is_none_and_what_is_not_installed_are_refused():
    with pytest.raises(InputError, match="Did you mean 'tensorboard'"):
        Tracking(["tensorbord"], print)

    class Missing(Memory):
        module, extra = "no_such_module", "wandb"

    with pytest.raises(InputError, match=r"pip install 'ganzoo\[wandb\]'$"):
        Tracking([Missing()], print)


def test_a_run_goes_on_as_without_where_its_tracker_fails(tmp_path):
    from ganzoo import Trainer
    from ganzoo.training.run import LOSSES

    settings = {
        "data": "unown",
        "per_class": 2,
        "schedule": "8:0.064",
        "architecture": "progressive-dcgan:width=4,latent_size=8",
        "batch": 8,
        "tick": 0.032,
        "snap": 0.064,
    }
    results, lines = [], []
    for memory in (Memory(), Memory("figures")):
        trainer = Trainer(**settings)
        run = trainer.new_run(tmp_path)
        results.append(trainer.train(run, track=[memory])["figures"]["d_loss"])
        lines.append(run.lines(LOSSES))
        told = [each[0] for each in memory.told]
        whole = ["begin", "figures", "figures", "sheet", "end"]
        assert told == (["begin"] if memory.fails_at else whole)
    assert results[0] == results[1] and len(lines[0]) == len(lines[1]) == 2


@pytest.fixture
def picture(tmp_path):
    from PIL import Image

    path = tmp_path / "fakes.png"
    Image.fromarray(np.zeros((3, 5), np.uint8)).save(path)
    return path


def tell_real(name, folder, picture):
    said = []
    told = Tracking([name], said.append)
    told.begin(folder, CONFIG)
    told.figures(0.96, {"d_loss": 1.5})
    told.figures(1.92, {"d_loss": 0.5})
    told.sheet(1.92, picture)
    told.end()
    assert said == []


def test_tensorboard_reads_what_was_told(tmp_path, picture):
    pytest.importorskip("tensorboard", reason="pip install 'ganzoo[tensorboard]'")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    tell_real("tensorboard", tmp_path, picture)
    events = EventAccumulator(str(tmp_path / "tensorboard"))
    events.Reload()
    assert [(e.step, e.value) for e in events.Scalars("d_loss")] == [(960, 1.5), (1920, 0.5)]
    (image,) = events.Images("samples")
    assert (image.step, image.width, image.height) == (1920, 5, 3)
    assert image.encoded_image_string == picture.read_bytes()
    (settings,) = events.Tensors("settings")
    assert b'"loss": "hinge"' in settings.tensor_proto.string_val[0]


@pytest.mark.thorough
def test_mlflow_reads_what_was_told(tmp_path, picture, monkeypatch):
    pytest.importorskip("mlflow", reason="pip install 'ganzoo[mlflow]'")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", (tmp_path / "mlruns").as_uri())
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    from mlflow.tracking import MlflowClient

    tell_real("mlflow:experiment=letters", tmp_path, picture)
    client = MlflowClient()
    place = client.get_experiment_by_name("letters").experiment_id
    (run,) = client.search_runs([place])
    assert run.info.run_name == tmp_path.name and run.info.status == "FINISHED"
    assert run.data.params == {"loss": "hinge", "seed": "0"}
    history = client.get_metric_history(run.info.run_id, "d_loss")
    assert [(each.step, each.value) for each in history] == [(960, 1.5), (1920, 0.5)]
    (sheet,) = client.list_artifacts(run.info.run_id, "samples")
    assert sheet.path == "samples/fakes.png"


@pytest.mark.thorough
def test_wandb_keeps_all_of_it_offline(tmp_path, picture, monkeypatch):
    pytest.importorskip("wandb", reason="pip install 'ganzoo[wandb]'")
    monkeypatch.setenv("WANDB_MODE", "offline")
    tell_real("wandb:project=letters", tmp_path, picture)
    (record,) = (tmp_path / "wandb").glob("offline-run-*/run-*.wandb")
    content = record.read_bytes()
    assert struct.unpack("<4s", content[:4])[0] == b":W&B"
    for said in (b"d_loss", b"letters", b"hinge"):
        assert said in content
    assert list((tmp_path / "wandb").rglob("*.png"))


def test_every_tracker_has_one_line_and_an_extra():
    for entry in tracking.registry.usable():
        found = tracking.get(entry.name)
        assert entry.summary.endswith(".") and found.module and found.extra
        assert json.dumps(found.get_config())
