"""`ganzoo train`, as a person and as a script use it."""

import json
import os
import re
import signal
import subprocess
import sys

import numpy as np
import pytest

from ganzoo import backend
from ganzoo.training import checkpoint
from ganzoo.training.run import Run


@pytest.fixture(scope="module")
def trained(shell, small):
    done = shell("train", *small, "--outdir", "whole", "--json")
    assert done.returncode == 0, done.stderr
    return done, Run.open(shell.folder / "whole" / "00000-squares-wgan-gp")


def test_train_prints_one_json_line_and_figures_on_the_way(trained):
    done, run = trained
    line = json.loads(done.stdout)
    assert line["run"] == str(run.path.relative_to(run.path.parents[1]))
    assert line["status"] == "done" and line["kimg"] == 0.16
    lines = done.stderr.splitlines()
    header = next(i for i, line in enumerate(lines) if line.split()[:1] == ["kimg"])
    assert lines[header].split() == [
        *("kimg", "px", "alpha", "sec/kimg", "ETA"),
        *("d_loss", "g_loss", "gp", "r1"),
    ]
    ticks = [line.split() for line in lines[header + 1 : header + 5]]
    assert [tick[:2] for tick in ticks] == [
        ["0.04", "8"],
        ["0.08", "8"],
        ["0.12", "16"],
        ["0.16", "16"],
    ]
    log = run.path.joinpath("log.txt").read_text()
    for part in ("sec/kimg", "ETA", "alpha", "d_loss", "g_loss", "gp"):
        assert part in log.splitlines()[-1]
    assert "WARNING" not in done.stderr and "oneDNN" not in done.stderr


def test_a_run_folder_holds_what_was_promised(trained):
    _, run = trained
    names = {path.name for path in run.path.iterdir() if not path.name.startswith(".")}
    sheets = {"fakes_init.png", "fakes000000.080.png", "fakes000000.160.png", "reals.png"}
    sheets.add("fakes000000.040.png")  # At each tick before the first snapshot.
    files = {
        "config.json",
        "log.txt",
        "losses.jsonl",
        "loss.png",
        "result.json",
        "checkpoints",
    }
    assert names == sheets | files
    config = run.config
    assert config["loss"] == "wgan-gp:weight=10.0,critic_steps=1"
    assert config["schedule"] == "8:0.08,16:0.08:0.04"
    assert len(config["data_sha256"]) == 64 and config["backend"] == backend.name
    assert {"step", "kimg", "alpha", "d_loss", "g_loss", "gp"} <= run.lines("losses.jsonl")[
        0
    ].keys()


@pytest.mark.thorough
def test_a_run_that_is_stopped_again_and_again_ends_the_same(shell, small, trained):
    path = "stopped/00000-squares-wgan-gp"
    begin, go_on = ("train", *small, "--outdir", "stopped"), ("train", "--resume", path)
    for command, number in (
        (begin, signal.SIGINT),
        (go_on, signal.SIGKILL),
    ):
        code, rest = _stopped_at_its_first_tick(shell(*command, start=True), number)
        if number == signal.SIGKILL:
            assert code == -number
        else:
            assert code == 128 + number
            assert f"ganzoo train --resume {path}" in rest
    done = shell(*go_on, "--json")
    assert json.loads(done.stdout)["status"] == "done", done.stderr
    resumed = Run(shell.folder / path)
    for run in (resumed, trained[1]):
        assert run.checkpoints[-1].name == "000000.160"
    ours, theirs = (checkpoint.load(r.checkpoints[-1])[0] for r in (resumed, trained[1]))
    assert all(np.array_equal(ours[name], theirs[name]) for name in ours | theirs)
    sheet = "fakes000000.160.png"
    assert (resumed.path / sheet).read_bytes() == (trained[1].path / sheet).read_bytes()


def _stopped_at_its_first_tick(process, number):
    """The exit code of a training that gets a signal, and what it wrote after that."""
    for line in process.stderr:
        if re.match(r" *[\d.]+ +\d+ +[01]\.\d\d ", line):  # A row of figures.
            process.send_signal(number)
            break
    rest = process.stderr.read()
    return process.wait(timeout=120), rest


def test_resuming_what_is_complete_changes_nothing(ganzoo, trained):
    _, run = trained
    files = [path for path in run.path.rglob("*") if path.name != ".lock"]
    before = {path: path.stat().st_mtime_ns for path in files}
    result = ganzoo("train", "--resume", run.path, "--json")
    assert json.loads(result.stdout)["status"] == "done"
    assert "nothing to do" in result.stderr
    assert before == {path: path.stat().st_mtime_ns for path in files}
    assert set(run.path.rglob("*")) == {*files, run.path / ".lock"}


AGAIN = """
import sys
from ganzoo.training.run import Run
from ganzoo.training.trainer import Trainer
Trainer(**Run.open(sys.argv[1]).config).train(Run.open(sys.argv[2]))
"""


@pytest.mark.thorough  # In one process `training/test_lengthen.py` does.
def test_the_config_alone_reproduces_the_run(trained, tmp_path):
    _, run = trained
    again = Run.create(tmp_path, "again")
    again.write_json("config.json", run.config)
    # A process of its own, as the cores are shared out once in a process.
    command = [sys.executable, "-c", AGAIN, str(run.path), str(again.path)]
    subprocess.run(command, check=True)
    ours, theirs = (checkpoint.load(r.checkpoints[-1])[0] for r in (again, run))
    assert all(np.array_equal(ours[name], theirs[name]) for name in ours | theirs)


@pytest.mark.thorough
def test_images_left_on_disk_make_the_same_run(shell, small, trained, tmp_path):
    environment = os.environ | {"GANZOO_CACHE": str(tmp_path)}
    done = shell("train", *small, "--outdir", "disk", "--stream", env=environment)
    assert done.returncode == 0, done.stderr
    assert f"streaming 32 images, 0.0 MB, from {tmp_path}: as asked" in done.stderr
    assert len(list(tmp_path.glob("*.images/images.npy"))) == 1
    run = Run.open(shell.folder / "disk" / "00000-squares-wgan-gp")
    ours, theirs = (checkpoint.load(r.checkpoints[-1])[0] for r in (run, trained[1]))
    assert all(np.array_equal(ours[name], theirs[name]) for name in ours | theirs)
    assert (run.path / "reals.png").read_bytes() == (trained[1].path / "reals.png").read_bytes()
    done = shell("train", "--resume", run.path, "--no-stream", env=environment)
    assert "nothing to do" in done.stderr and "streaming" not in done.stderr


def test_no_growth_trains_the_same_networks_at_the_last_size(ganzoo, small):
    result = ganzoo("train", *small, "--no-growth", "--loss", "hinge")
    assert result.exit_code == 0, result.output
    run = Run.open("runs/00000-squares-hinge")
    assert {line["resolution"] for line in run.lines("losses.jsonl")} == {16}
    assert run.result["kimg"] == 0.16
    arrays, _ = checkpoint.load(run.checkpoints[-1])
    assert arrays["generator/g_4/kernel"].shape == (8, 4 * 4 * 8)


def test_kimg_scales_the_schedule(ganzoo, small):
    result = ganzoo("train", *small, "--kimg", "0.08", "--json")
    assert json.loads(result.stdout)["kimg"] == 0.08
    assert Run.open("runs/00000-squares-wgan-gp").config["schedule"] == "8:0.04,16:0.04:0.02"


def test_dry_run_prints_costs_and_makes_nothing(ganzoo, small, tmp_path, monkeypatch):
    monkeypatch.setattr(backend, "slow_steps", lambda every: 2)  # However slow they are.
    result = ganzoo("train", *small, "--dry-run")
    assert result.exit_code == 0, result.output
    assert "g_16_to_image" in result.output and "MFLOP" in result.output
    assert re.search(r"growing: 0\.16 kimg, (about \d+s|under a second)", result.output)
    # One image through the score: 4 x 4 x 8 features and one of spread, to 1.
    score = next(line for line in result.output.splitlines() if "d_score" in line)
    assert score.split()[1:] == ["1", "145", "0.000"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.thorough
def test_dry_run_tells_the_pace_after_a_fade(ganzoo, small, monkeypatch):
    monkeypatch.setattr("ganzoo.training.timetable.WORTH_A_BUILD", 1)
    result = ganzoo("train", *small, "--dry-run")
    first, second = (x for x in result.output.splitlines() if x.startswith("Stage"))
    assert re.search(r"10 steps of 8 images, \d+ ms each: (about \d+s|under a second)", first)
    assert re.search(r"10 steps of 8 images, \d+ ms in the fade and then \d+ ms each", second)


BAD = {
    "--loss nope": "no loss 'nope'",
    "--loss hnge": "Did you mean 'hinge'?",
    "--loss lsgan:q=1": "no option 'q'. Options: a, b, c.",
    "--loss wgan:clip=0": "`clip` is a number above 0. Received: 0",
    "--penalty r1:gamma": "'gamma' in 'r1:gamma' is not an option",
    "--penalty r1 --arch progressive-dcgan:discriminator_normalization=batch": "batch norm",
    "--arch progressive-dcgan:normalization=spectral": "batch, pixel, layer, none",
    "--arch progressive-dcgan:base=16": "base follows from the data",
    "--loss no.such_module:Loss": "cannot be imported",
    "--data nowhere": "no data set and no path 'nowhere'",
    "--schedule 8:1,24:1": "after 8 comes 16",
    "--schedule 8:1:0.5,16:1": "first stage cannot fade",
    "--schedule 8:1,16:1:2": "from 0 to 1.0 kimg",
    "--schedule eight": "is not RESOLUTION:KIMG",
    "--schedule 8:nan": "positive length",
    "--kimg 0": "positive number",
    "--kimg nan": "positive number",
    "--tick 0": "'--tick': 0.0 is not in the range x>0",
    "--tick 1e300": "`tick` is a number up to 3.4e+38 in size. Received: 1e+300",
    "--snap nan": "'--snap': nan is not a finite number.",
    "--snap inf": "'--snap': inf is not a finite number.",
    "--schedule 8:1e300": "at most 2147484 kimg",
    "--schedule 8:1,16:500000:400000": "at most 134218 kimg with 8 images a step",
    "--optimizer adam:beta_1=nan": "`beta_1` is a number. Received: nan",
    "--optimizer adam:amsgrad=nan": "`amsgrad` is True or False. Received: nan",
    "--optimizer adam:clipnorm=1e39": "`clipnorm` is a number up to",
    "--schedule 1048576:1": "at most 4096 px",
    "--kimg 1e300": "at most 2147484 kimg",
    "--batch 1": "--batch",
    "--batch 2000000000": "A step of 2000000000 images of 8 px takes at least",
    "--batch 1000000000000000000000000000000": "`batch` is a whole number, 2147483647 or less",
    "--critic-steps 101": "`critic_steps` is a whole number, 100 or less. Received: 101",
    "--seed 1000000000000000000000000000000": "`seed` is a whole number, 9223372036854775807",
    "--arch progressive-dcgan:similarities=nan": "`similarities` is a whole number, 0 or more",
    "--arch progressive-dcgan:similarities=1000000000000000000000000000000": (
        "`similarities` is a whole number, 2147483647 or less"
    ),
    "--arch progressive-dcgan:similarities=1000000000": "The weights of these networks take",
    "--arch progressive-dcgan:width=1000000000": "The weights of these networks take",
    "--arch progressive-dcgan:latent_size=1000000000": "The weights of these networks take",
    "--arch progressive-dcgan:score_width=1000000000": "The weights of these networks take",
    "--arch progressive-dcgan:categories=nan": "`categories` is a whole number, 0 or more",
    "--arch progressive-dcgan:categories=inf": "`categories` is a whole number, 0 or more",
    "--arch progressive-dcgan:mapping_layers=1000000": "`mapping_layers` is a whole number, 64",
    "--arch progressive-dcgan:minibatch_stddev=nan": "`minibatch_stddev` is True or False",
    "--arch progressive-dcgan:seed=nan": "seed follows from the data",
    "--loss lsgan:a=1e39": "`a` is a number up to 3.4e+38 in size",
    "--optimizer adamant": "optimizer 'adamant' cannot be made",
    "--optimizer adam:learning_rate=quick": "cannot be made",
    "--resume nowhere": "'nowhere' is not a run: it does not exist",
    "--optimizer adam:beta_1=abc": "beta_1 is a number",
    "--optimizer adam:learning_rate=-1": "learning_rate is a positive number, not -1",
    "--ema nan": "'--ema': nan is not a finite number.",
    "--penalty none --penalty r1": "--penalty none stands alone",
    "--penalty r1:gamma=-1": "`gamma` is a number, 0 or more. Received: -1",
    "--penalty gp:weight=nan": "`weight` is a number, 0 or more. Received: nan",
    "--penalty r1:gamma=1,gamma=2": "gamma is given twice",
    "--loss WGAN": "There is no loss 'WGAN'. Did you mean 'wgan'?",
    "--penalty r1:gamma=abc": "gamma is a number, such as 10.0",
    "--loss wgan:critic_steps=0": "`critic_steps` is a whole number, 1 or more",
    "--resume . --loss hinge": "leave out --loss",
    "--resume . --arch x --desc y --no-growth": "leave out --arch, --no-growth, --desc",
    "--resume a_file": "'a_file' is not a run: it is a file",
    "--outdir a_file": "a_file",
    "--outdir a_file/inside": "a_file'. Choose --outdir.",
    "--preset fast": "'fast' is not one of",
    "--nonsense": "No such option",
}


@pytest.mark.parametrize("arguments", BAD)
def test_bad_input_gives_one_line_and_leaves_nothing(ganzoo, small, tmp_path, arguments):
    (tmp_path / "a_file").write_text("in the way")
    arguments = arguments.split()
    options = [] if arguments[0] == "--resume" else small
    result = ganzoo("train", *options, *arguments)
    assert result.exit_code == 2, result.output
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1 and lines[0].startswith("Error: ")
    assert BAD[" ".join(arguments)] in lines[0]
    assert [path.name for path in tmp_path.iterdir()] == ["a_file"]


def test_a_backend_that_is_not_installed_is_named(ganzoo, small, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    result = ganzoo("train", *small, "--backend", "jax")
    assert result.exit_code == 2
    assert "pip install 'ganzoo[jax]'" in result.stderr


def test_a_backend_that_does_not_exist_is_named(ganzoo, small, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "caffe")
    result = ganzoo("train", *small)
    assert result.exit_code == 2
    assert (
        "trains on tensorflow, jax, torch, not on 'caffe'. Set KERAS_BACKEND" in result.stderr
    )
