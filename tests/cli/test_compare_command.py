"""`ganzoo compare`: from a file to a report, killed in the middle and started again."""

import csv
import json
import os
import signal
import threading

import pytest

from ganzoo.comparison.runs import local
from ganzoo.comparison.runs.worker import launch
from ganzoo.training.run import Run

CELLS = """
seeds = "0-9"
preset = "full"
data = "unown"
schedule = "28:0.08"
architecture = "progressive-dcgan:width=4,latent_size=8"
batch = 8
per_class = 8
score = 50
penalties = []

[[cells]]
name = "one"
loss = "hinge"

[[cells]]
name = "its twin"
loss = "hinge"

[[cells]]
name = "crippled"
loss = "hinge"
optimizer = "adam:learning_rate=0.0000001"
"""
# What the file says of these, the command line overrides.
OPTIONS = ("--preset", "smoke", "--seeds", "0-1", "--jobs", 2)
TINY = "progressive-dcgan:width=4,latent_size=8"
TIMES = ("seconds", "processor_seconds", "seconds_a_sample", "run", "command")


@pytest.fixture(scope="module")
def file(shell):
    path = shell.folder / "cells.toml"
    path.write_text(CELLS)
    return path


@pytest.fixture(scope="module")
def compared(shell, file):
    done = shell("compare", file, *OPTIONS, "--out", "whole")
    assert done.returncode == 0, done.stderr
    return shell.folder / "whole", done


def rows(folder, name="results.csv"):
    with (folder / name).open(newline="") as lines:
        return list(csv.DictReader(lines))


def without_times(rows):
    return [{key: value for key, value in row.items() if key not in TIMES} for row in rows]


def test_every_cell_and_seed_has_a_row_with_its_measures(compared):
    found = rows(compared[0])
    assert [(row["cell"], row["seed"]) for row in found] == [
        (cell, seed) for seed in "01" for cell in ("one", "its twin", "crippled")
    ]
    for row in found:
        assert row["status"] == "done" and float(row["kimg"]) == 0.08
        assert float(row["kid"]) > 0 and float(row["seconds"]) > 0
        assert row["command"].startswith("ganzoo train --loss hinge ")
        assert (compared[0] / row["run"] / "config.json").is_file()


def test_a_schedule_of_its_own_is_no_preset(compared):
    settings = json.loads((compared[0] / "comparison.json").read_text())
    assert settings["preset"] is None and settings["schedule"] in CELLS


def test_cells_that_are_one_variant_share_their_runs(compared):
    found = rows(compared[0])
    one, twin, crippled = (
        [row["fingerprint"] for row in found if row["cell"] == cell]
        for cell in ("one", "its twin", "crippled")
    )
    assert one == twin and not set(one) & set(crippled)
    assert compared[1].stderr.count("done ") == 4


def test_initial_weights_and_latents_are_the_same_in_all_cells(compared):
    found = rows(compared[0])
    sheets = {
        (row["seed"], (compared[0] / row["run"] / "fakes_init.png").read_bytes())
        for row in found
    }
    assert len(sheets) == 2  # One a seed.


@pytest.mark.thorough  # `soak.py` does, and `comparison/runs/test_compare.py` in one process.
def test_killed_and_started_again_it_ends_with_the_same_rows(shell, file, compared):
    arguments = ("compare", file, *OPTIONS, "--seeds", "0", "--out", "killed")
    process = shell(*arguments, start=True)
    for line in process.stderr:
        if line.startswith("done"):
            process.send_signal(signal.SIGKILL)
            break
    assert process.wait(timeout=120) == -signal.SIGKILL
    again = shell(*arguments)
    assert again.returncode == 0, again.stderr
    assert again.stderr.count("done ") <= 1  # What was done is not done again.
    for name in ("results.csv", "curves.csv"):
        killed, whole = (
            without_times(rows(shell.folder / out, name)) for out in ("killed", "whole")
        )
        assert killed == [row for row in whole if row["seed"] == "0"]


@pytest.fixture
def harmless():
    """Outside of the pool a SIGTERM does nothing here, rather than end the tests."""
    before = signal.signal(signal.SIGTERM, lambda number, frame: None)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.thorough
def test_a_sigterm_saves_the_run_under_way_before_the_command_ends(ganzoo, tmp_path, harmless):
    def once_it_trains():
        while not list(tmp_path.glob("out/runs/*/losses.jsonl")):
            os.sched_yield()
        os.kill(os.getpid(), signal.SIGTERM)

    (tmp_path / "long.toml").write_text(
        'architecture = "progressive-dcgan:width=4,latent_size=8"\n'
        'schedule = "28:20"\ntick = 0.08\nsnap = 100\n[[cells]]\nloss = "hinge"\n'
    )
    threading.Thread(target=once_it_trains, daemon=True).start()
    few = ("--seeds", "0", "--batch", 8, "--per-class", 8, "--preset", "smoke")
    result = ganzoo("compare", "long.toml", *few, "--out", "out")
    assert result.exit_code == 143 and "Go on with the same command." in result.stderr
    (path,) = (tmp_path / "out" / "runs").iterdir()
    assert Run(path).checkpoints and not Run(path).is_over


def test_where_runs_failed_the_tables_are_there_and_the_exit_code_is_1(
    ganzoo, tmp_path, monkeypatch
):
    """As where the system ends a worker that takes too much memory."""

    def launched(*arguments, **options):
        process = launch(*arguments, **options)
        process.kill()
        return process

    monkeypatch.setattr(local, "launch", launched)
    few = ("--schedule", "28:0.08", "--batch", 8, "--per-class", 8, "--archs", TINY)
    result = ganzoo(
        "compare", "--losses", "hinge", "--seeds", "0-1", *few, "--jobs", 2, "--out", "out"
    )
    assert result.exit_code == 1
    (line,) = (line for line in result.stderr.splitlines() if line.startswith("Error"))
    assert line == (
        "Error: 2 of 2 runs failed (hinge, seed 0: killed by signal 9). "
        "Start the same command again to go on."
    )
    assert [row["status"] for row in rows(tmp_path / "out")] == ["failed"] * 2
    assert "2 runs have not been made" not in result.stdout and "0 of 2" in result.stdout


def test_a_finished_comparison_is_not_made_again(shell, file, compared):
    again = shell("compare", file, *OPTIONS, "--out", "whole")
    assert again.returncode == 0 and "running" not in again.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Say what to compare"),
        (["--losses", "hinge", "--seeds", "x"], "Seeds are written as 0-4"),
        (["--losses", "hinge", "--shard", "3/2"], "--shard takes"),
        (["--losses", "nope"], "no loss 'nope'"),
        (["--losses", "hinge", "--preset", "fast"], "'fast' is not one of"),
        (["nowhere.toml"], "nowhere.toml cannot be read: No such file"),
        (["x.toml", "--losses", "hinge"], "--losses does nothing beside a file"),
        (["x.toml", "--growth", "both"], "--growth does nothing beside a file"),
        (["--losses", "hinge", "--ray", "auto", "--jobs", 2], "--jobs does nothing with --ray"),
        (
            ["--losses", "hinge", "--gpus", 0.5],
            "--gpus does nothing without --ray",
        ),
    ],
)
def test_bad_input_is_one_line(ganzoo, arguments, message):
    result = ganzoo("compare", *arguments, "--out", "out")
    assert result.exit_code == 2 and message in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
