"""`ganzoo train --resume` with what may change: where the images are, the length, `--keep`."""

import json
import shutil

import numpy as np
import pytest

from ganzoo.training import checkpoint
from ganzoo.training.run import Run


@pytest.fixture
def copy(run, tmp_path):
    return Run(shutil.copytree(run, tmp_path / "copy"))


def test_a_run_goes_on_where_its_images_are_now(ganzoo, copy, squares, tmp_path):
    copy.change(data="/nowhere/squares.npz")
    before = copy.config
    result = ganzoo("train", "--resume", "copy")
    assert result.exit_code == 2
    assert "were at '/nowhere/squares.npz', and are not there any more" in result.stderr
    assert "ganzoo train --resume copy --data PATH" in result.stderr
    result = ganzoo("evaluate", "copy")
    assert result.exit_code == 2
    assert "/nowhere/squares.npz" in result.stderr and "--data" in result.stderr
    images = np.load(squares)["images"]
    np.savez(tmp_path / "others.npz", images=255 - images)
    result = ganzoo("train", "--resume", "copy", "--data", "others.npz")
    assert result.exit_code == 2
    assert "are not those that the run began with" in result.stderr
    assert copy.config == before and copy.is_done
    shutil.copy(squares, tmp_path / "moved.npz")
    result = ganzoo("train", "--resume", "copy", "--data", "moved.npz")
    assert result.exit_code == 0, result.output
    assert copy.config["data"] == str(tmp_path / "moved.npz")
    result = ganzoo("train", "--resume", "copy")
    assert result.exit_code == 0 and "nothing to do" in result.stderr


def test_a_finished_run_goes_on_for_longer(ganzoo, copy, monkeypatch):
    monkeypatch.setattr("sys.argv", ["ganzoo", "train", "--resume", "copy", "--kimg", "0.24"])
    result = ganzoo("train", "--resume", "copy", "--kimg", "0.12")
    assert result.exit_code == 2
    assert "goes to 0.16 kimg, and can only get longer" in result.stderr and copy.is_done
    result = ganzoo("train", "--resume", "copy", "--kimg", "0.24", "--keep", "1", "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["kimg"] == 0.24
    assert "lengthened at step 20: the run goes to 0.24 kimg, not to 0.16" in result.stderr
    config = copy.config
    assert config["schedule"] == "8:0.08,16:0.16:0.04" and config["keep"] == 1
    assert config["lengthened"] == [{"step": 20, "kimg": 0.16}]
    assert config["command"] == "ganzoo train --resume copy --kimg 0.24"
    assert copy.result["kimg"] == 0.24
    assert "lengthened at step 20" in (copy.path / "log.txt").read_text()
    (newest,) = copy.checkpoints
    assert checkpoint.load(newest)[0]["iteration"] == 30
    # The same command once more, as after a kill, changes nothing.
    result = ganzoo("train", "--resume", "copy", "--kimg", "0.24", "--keep", "1")
    assert result.exit_code == 0 and "nothing to do" in result.stderr
    assert copy.config == config
    result = ganzoo("generate", "copy", "--count", "4", "--out", "x.npz")
    assert result.exit_code == 0, result.output


def test_a_new_run_begins_with_the_weights_of_another(ganzoo, run, small, tmp_path):
    options = list(small)
    for name in ("--schedule", "--arch", "--snap"):
        del options[(at := options.index(name)) : at + 2]
    result = ganzoo("train", *options, "--init", run, "--kimg", "0.016")
    assert result.exit_code == 0, result.output
    assert "weights are those of" in result.stderr
    new = Run("runs/00000-squares-wgan-gp")
    assert new.config["schedule"] == "16:0.016"
    assert "base=8" in new.config["architecture"] and "width=4" in new.config["architecture"]
    assert new.config["init"] == f"{run}@000000.160"
    result = ganzoo("train", *small, "--init", "nowhere")
    assert result.exit_code == 2 and "'nowhere' is not a run" in result.stderr


def test_the_smallest_preset_says_that_it_takes_part_of_ones_own_images(ganzoo, tmp_path):
    images = np.zeros((180, 8, 8), np.uint8)
    images[:, ::2] = np.arange(180)[:, None, None]
    np.savez(tmp_path / "own.npz", images=images, labels=np.arange(180) % 2)
    given = ("--data", "own.npz", "--preset", "smoke", "--schedule", "8:0.01", "--batch", "4")
    small = ("--arch", "progressive-dcgan:width=4,latent_size=8")
    result = ganzoo("train", *given, *small)
    assert result.exit_code == 0, result.output
    assert (
        "takes at most 50 images of each class, here 100 in all: --per-class" in result.stderr
    )
    result = ganzoo("train", *given, *small, "--per-class", "90")
    assert "of each class, here" not in result.stderr
