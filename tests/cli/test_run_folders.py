"""What the commands do with a run folder that somebody has changed, or made for harm."""

import json
import os
import shutil
import sys

import numpy as np
import pytest

from ganzoo.training import checkpoint
from ganzoo.training.run import Run

READING = {
    "generate": ("--out", "x.npz"),
    "interpolate": ("--out", "walk"),
    "export": ("--out", "x.keras"),
    "evaluate": ("--count", "12"),
}


@pytest.fixture
def copy(run, tmp_path):
    """The trained run, to be spoilt; it is to be resumed from its last checkpoint."""
    path = shutil.copytree(run, tmp_path / "RUN")
    (path / "result.json").unlink()
    return path


def edit(path, **changes):
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def commands(path):
    """Every command that reads a run, but for options that say where to write."""
    yield from ((name, path, *options) for name, options in READING.items())
    yield ("train", "--resume", path)


def one_line(result, code=2):
    assert result.exit_code == code, result.output
    assert not isinstance(result.exception, Exception)
    (line,) = result.stderr.strip().splitlines()[-1:]
    assert line.startswith("Error: ") and "Traceback" not in result.stderr
    return line


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("architecture", "evil:Architecture"),
        ("loss", "evil:Loss"),
        ("penalties", ["evil.penalties:Penalty"]),
        ("data", "evil:X"),
        ("architecture", "this:X"),
    ],
)
def test_no_command_runs_what_a_config_names(ganzoo, copy, monkeypatch, key, value):
    (copy / "evil.py").write_text("open('RAN', 'w')")
    monkeypatch.chdir(copy)
    edit(copy / "config.json", **{key: value})
    module = str(value).strip("['").partition(":")[0]
    for command in commands("."):
        line = one_line(ganzoo(*command))
        assert f"config.json: '{key}' names the module '{module}'" in line, command
        assert line.endswith(f"If you trust it, add --allow {module}")
    assert not (copy / "RAN").exists() and not {"evil", "this"} & set(sys.modules)


def test_a_module_that_is_allowed_is_found_in_the_current_folder(ganzoo, run, copy, tmp_path):
    (tmp_path / "allowed_here.py").write_text(
        "from ganzoo.architectures import ProgressiveDCGAN\n"
        "class Mine(ProgressiveDCGAN):\n"
        "    pass\n"
    )
    options = Run(run).config["architecture"].partition(":")[2]
    mine = f"allowed_here:Mine:{options}"
    edit(copy / "config.json", architecture=mine)
    arrays, manifest = checkpoint.load(Run(copy).checkpoints[-1])
    manifest["settings"]["architecture"] = mine
    checkpoint.save(Run(copy).checkpoints[-1], arrays, manifest)
    before = list(sys.path)
    one_line(ganzoo("generate", copy, "--out", "own.npz"))
    result = ganzoo("generate", copy, "--out", "own.npz", "--allow", "allowed_here")
    assert result.exit_code == 0, result.output
    assert ganzoo("generate", run, "--out", "same.npz").exit_code == 0
    np.testing.assert_array_equal(*(np.load(f)["images"] for f in ("own.npz", "same.npz")))
    assert sys.path == before
    one_line(ganzoo("generate", copy, "--out", "own.npz"))  # Allowed for that command alone.


def test_a_changed_config_is_refused_by_every_command(ganzoo, copy):
    edit(copy / "config.json", batch=4, ema=0.5)
    for command in commands(copy):
        line = one_line(ganzoo(*command))
        assert "config.json has changed since the run began: batch (was 8), ema (was " in line


@pytest.mark.parametrize("value", [None, 5, [], {}])
@pytest.mark.parametrize(
    "key", ["architecture", "optimizer", "data", "schedule", "data_sha256"]
)
def test_a_config_of_other_types_is_one_line(ganzoo, copy, key, value):
    edit(copy / "config.json", **{key: value})
    for command in commands(copy):
        line = one_line(ganzoo(*command))
        assert f"config.json: '{key}' must be " in line and line.endswith(f"not {value!r}.")


def test_a_damaged_checkpoint_names_the_one_before(ganzoo, copy):
    first, last = Run(copy).checkpoints
    edit(last / "manifest.json", step=10**9)
    for name, options in READING.items():
        line = one_line(ganzoo(name, copy, *options))
        assert f"{last.name} is damaged: manifest.json: wrong checksum." in line
        assert line.endswith(
            f"The newest whole one before it is {first.name}. Take it with --checkpoint "
            f"{first.name}."
        )
    line = one_line(ganzoo("train", "--init", copy, "--dry-run"))
    assert line.endswith(f"Take it with --init RUN@{first.name}.")
    result = ganzoo("generate", copy, "--checkpoint", first.name, "--out", "x.npz")
    assert result.exit_code == 0, result.output


def test_a_lock_that_is_a_link_leaves_its_target_alone(ganzoo, copy, tmp_path):
    target = tmp_path / "outside"
    target.write_text("somebody's own")
    (copy / ".lock").unlink(missing_ok=True)
    (copy / ".lock").symlink_to(target)
    line = one_line(ganzoo("train", "--resume", copy))
    assert ".lock must be a file, and is a link" in line
    assert target.read_text() == "somebody's own"


@pytest.mark.pipes
def test_a_pipe_is_not_waited_for(ganzoo, copy):
    (copy / "losses.jsonl").unlink()
    os.mkfifo(copy / "losses.jsonl")
    line = one_line(ganzoo("train", "--resume", copy))
    assert "losses.jsonl must be a file, and is a pipe" in line


def test_a_damaged_result_is_made_again_from_the_last_checkpoint(ganzoo, run, copy):
    (copy / "result.json").write_text('{"status": "done"')
    (copy / "losses.jsonl").write_text(
        "5\n" + (copy / "losses.jsonl").read_text() + '{}\nnull\n"x"\n'
    )
    result = ganzoo("train", "--resume", copy, "--json")
    assert result.exit_code == 0, result.output
    assert "result.json is damaged: it is made again from the last checkpoint" in result.stderr
    assert json.loads(result.stdout) == {"run": str(copy), **Run(run).result}
    assert Run(copy).result == Run(run).result
    assert (copy / "losses.jsonl").read_bytes() == (run / "losses.jsonl").read_bytes()


@pytest.mark.parametrize(
    "arguments",
    [
        ("train", "--loss", "x" * 20_000),
        ("train", "--loss", "hinge:a=" + "x " * 10_000),
        ("train", "--batch", "9" * 20_000),
        ("train", "--schedule", "a/" * 10_000),
        ("generate", "x" * 20_000),
        ("generate", "RUN", "--checkpoint", "x" * 20_000),
        ("train", "--" + "x" * 20_000),
    ],
)
def test_long_values_are_shortened_in_messages(ganzoo, copy, arguments):
    assert len(one_line(ganzoo(*arguments))) < 700


def test_a_run_of_an_earlier_version_goes_on_and_is_brought_up_to_date(ganzoo, run, copy):
    (copy / "losses.jsonl").rename(copy / "metrics.jsonl")
    shutil.rmtree(Run(copy).checkpoints[-1])
    path = Run(copy).checkpoints[-1] / "manifest.json"
    manifest = json.loads(path.read_text())
    del manifest["checksum"], manifest["settings"]
    path.write_text(json.dumps(manifest))
    edit(copy / "config.json", batch=4)
    line = one_line(ganzoo("train", "--resume", copy))
    assert (
        "its schedule, batch and critic_steps do not lead to the checkpoint at step 10" in line
    )
    edit(copy / "config.json", batch=8)
    result = ganzoo("train", "--resume", copy)
    assert result.exit_code == 0, result.output
    arrays, expected = (checkpoint.load(Run(r).checkpoints[-1])[0] for r in (copy, run))
    assert all(np.array_equal(arrays[name], expected[name]) for name in arrays | expected)
    assert not (copy / "metrics.jsonl").read_text()
    steps = [[line["step"] for line in Run(r).lines("losses.jsonl")] for r in (copy, run)]
    assert steps == [[5, 10, 15, 20]] * 2


def test_a_complete_run_whose_config_has_changed_is_refused_too(ganzoo, run, tmp_path):
    copy = shutil.copytree(run, tmp_path / "RUN")
    assert ganzoo("train", "--resume", copy).exit_code == 0
    edit(copy / "config.json", schedule="8:0.08,16:0.07:0.04")
    line = one_line(ganzoo("train", "--resume", copy))
    assert "has changed since the run began: schedule (was '8:0.08,16:0.08:0.04')" in line
