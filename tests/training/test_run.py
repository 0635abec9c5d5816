"""The folder of a run, which may come from anybody."""

import contextlib
import json
import os
import re
import shutil
import sys

import numpy as np
import pytest

from ganzoo import trust
from ganzoo.errors import InputError
from ganzoo.files.sealed import unseal
from ganzoo.training import checkpoint
from ganzoo.training import config as run_config
from ganzoo.training.run import LOSSES, METRICS, Run
from ganzoo.training.saved import checked

CONFIG = {
    "loss": "hinge",
    "penalties": ["r1:gamma=0.1,every=1"],
    "architecture": "progressive-dcgan:width=8",
    "data": "unown",
    "schedule": "8:10",
    "grow": True,
    "batch": 10,
    "optimizer": "adam:learning_rate=0.002",
    "ema": 10.0,
    "critic_steps": 1,
    "tick": 1.0,
    "snap": 1.0,
    "per_class": None,
    "score": 0,
    "seed": 3,
    "data_sha256": "ab" * 32,
    "backend": "tensorflow",
}


@pytest.fixture
def run(tmp_path):
    """A run of 10 images a step with checkpoints at the steps 100 and 200."""
    run = Run(tmp_path / "run")
    run.path.mkdir()
    run.write_json("config.json", CONFIG)
    for step in (100, 200):
        folder = run.path / "checkpoints" / f"{step // 100:06d}"
        arrays = {"iteration": np.array(step), "weights": np.full(3, step)}
        checkpoint.save(folder, arrays, manifest(step))
    return run


def manifest(step, **given):
    settings = run_config.recorded(CONFIG)
    known = {"step": step, "kimg": step / 100, "stage": 0, "seconds": 1.0}
    return known | {"settings": settings} | given


def edit(path, changes, *removed):
    content = json.loads(path.read_text()) | changes
    path.write_text(json.dumps({k: v for k, v in content.items() if k not in removed}))


def newest(run):
    """The step from which the run goes on, and the lines that say why."""
    said = []
    return checkpoint.last_good(run.checkpoints, said.append)[1]["step"], said


# The config.


@pytest.mark.parametrize("wrong", [None, 5, [], {}, True, "", [5], float("nan"), 10**40])
@pytest.mark.parametrize("key", CONFIG)
def test_a_key_of_another_type_is_one_line_that_names_it(run, key, wrong):
    meant = run_config.KEYS[key]
    edit(run.path / "config.json", {key: wrong})
    if meant.allows(wrong):
        assert run.config[key] == wrong or key in ("loss", "architecture", "optimizer")
        return
    with pytest.raises(InputError) as caught:
        _ = run.config
    assert f"config.json: {key!r} must be {meant.words}, not " in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1 and len(str(caught.value)) < 300


def test_a_description_of_any_script_gives_a_name_that_a_file_system_takes(tmp_path):
    made = Run.create(tmp_path, "文字" * 60)
    assert made.path.name == "00000-" + "文字" * 16 + "文"  # 99 bytes: no half of a sign.


@pytest.mark.parametrize("key", CONFIG)
def test_a_key_that_is_missing_is_named(run, key):
    edit(run.path / "config.json", {}, key)
    with pytest.raises(InputError, match=f"config.json has no key '{key}': it must be "):
        _ = run.config


@pytest.mark.parametrize(
    "content",
    [b"[" * 100_000, b'{"a": ' + b"9" * 10_000 + b"}", b"\xff\xfe", b"", b"null", b"[]", b"{"],
    ids=["deep", "digits", "bytes", "empty", "null", "list", "cut"],
)
def test_what_is_no_json_object_is_one_short_line(run, content):
    (run.path / "config.json").write_bytes(content)
    with pytest.raises(InputError, match=r"config\.json cannot be read") as caught:
        _ = run.config
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("loss", "evil:Loss"),
        ("loss", "this:X"),
        ("penalties", ["r1", "evil.deep:Penalty:weight=1"]),
        ("architecture", "evil:Architecture"),
        ("data", "evil:X"),
    ],
)
def test_a_config_names_no_module_that_was_not_allowed(run, key, value, tmp_path, monkeypatch):
    (tmp_path / "evil").mkdir()
    (tmp_path / "evil" / "__init__.py").write_text("raise SystemExit('executed')")
    monkeypatch.syspath_prepend(tmp_path)
    edit(run.path / "config.json", {key: value})
    module = re.search(r"(evil|this)[.\w]*", str(value))[0]
    with pytest.raises(InputError, match=f"'{key}' names the module '{module}'.*--allow"):
        _ = run.config
    assert not {"evil", "this"} & set(sys.modules)
    with trust.scope({module: None}):
        assert run.config[key] == value
    assert "evil" not in sys.modules


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("batch", 20),
        ("ema", 0.001),
        ("loss", "non-saturating"),
        ("penalties", []),
        ("schedule", "8:9"),
        ("architecture", "progressive-dcgan:width=8,precision=bfloat16"),
        ("optimizer", "adam:learning_rate=0.001"),
        ("grow", False),
        ("seed", 4),
        ("critic_steps", 2),
        ("per_class", 5),
        ("data_sha256", "cd" * 32),
        ("backend", "jax"),
    ],
)
def test_a_setting_that_decides_the_training_may_not_change(run, key, value):
    assert checked(run)[1]["step"] == 200
    before = CONFIG[key]
    edit(run.path / "config.json", {key: value})
    with pytest.raises(InputError) as caught:
        checked(run)
    assert str(caught.value) == (
        f"{run.path / 'config.json'} has changed since the run began: {key} (was {before!r}). "
        "Put back what it was, or start a new run."
    )


@pytest.mark.parametrize("key", ["tick", "snap", "score", "data"])
def test_a_setting_that_decides_nothing_may_change_and_is_said(run, key):
    edit(run.path / "config.json", {key: "unown-mnist" if key == "data" else 100})
    said = []
    settings = checked(run)[1]["settings"]
    run_config.check_unchanged(settings, run.config, "config.json", said.append)
    assert said == [
        f"config.json has changed since the last checkpoint: {key} (was {CONFIG[key]!r})"
    ]


def test_a_change_by_ganzoo_itself_leaves_the_checkpoints_valid(run):
    run.change(schedule="8:20")
    run.change(schedule="8:30", tick=1.0)
    assert run.config["schedule"] == "8:30"
    assert run.config["history"] == {"schedule": ["8:10", "8:20", "8:30"]}
    assert checked(run)[1]["step"] == 200
    edit(run.path / "config.json", {"schedule": "8:40"})
    with pytest.raises(InputError, match=r"has changed since the run began: schedule"):
        checked(run)
    # A history stands for no change that ganzoo never makes.
    edit(
        run.path / "config.json",
        {"schedule": "8:30", "batch": 20, "history": {"batch": [10, 20]}},
    )
    with pytest.raises(
        InputError, match=r"has changed since the run began: .*batch \(was 10\)"
    ):
        checked(run)


def test_of_a_long_spec_the_options_that_changed_are_named():
    spec = (
        "progressive-dcgan:channels=1,base=8,seed=0,precision=float32,width=8,latent_size=192"
    )
    before = CONFIG | {"architecture": spec}
    now = CONFIG | {"architecture": spec.replace("width=8", "width=16")}
    with pytest.raises(InputError, match=r"began: architecture \(width was 8\)\. Put back"):
        run_config.check_unchanged(before, now, "config.json")


def test_a_checkpoint_of_an_earlier_version_is_read_and_checked_by_what_it_holds(run):
    path = run.checkpoints[-1] / "manifest.json"
    edit(path, {}, "checksum", "settings")
    assert newest(run) == (200, [])
    edit(run.path / "config.json", {"batch": 20})
    assert checked(run)[1]["step"] == 200  # `Loop` sees that 200 steps are 4 kimg now.
    for changes in ({"step": 192}, {"kimg": 1.5}, {"step": 200.0}, {"stage": -1}):
        shutil.copy(path, run.path / "kept")
        edit(path, changes)
        assert newest(run)[0] == 100
        shutil.move(run.path / "kept", path)


# Checkpoints.


@pytest.mark.parametrize("wrong", [None, "x", "175", 175.0, -1, 10**9, 10**40, [], {}, "gone"])
@pytest.mark.parametrize("key", ["step", "kimg", "stage", "seconds", "sha256", "settings"])
@pytest.mark.parametrize("sealed", [True, False])
def test_a_damaged_manifest_is_a_damaged_checkpoint(run, key, wrong, sealed):
    """With a checksum of its own whatever changed; without one what cannot be."""
    path = run.checkpoints[-1] / "manifest.json"
    removed = [key] if wrong == "gone" else []
    old = () if sealed else ("checksum", "settings")
    possible = key == "settings" or (key == "seconds" and isinstance(wrong, int | float))
    possible |= key == "stage" and wrong in (10**9, 10**40)  # Which the schedule refuses.
    if not sealed and (possible and wrong != -1):
        return
    edit(path, {key: wrong}, *removed, *(name for name in old if name != key))
    step, (line,) = newest(run)
    assert step == 100
    assert re.search(r"000002 is damaged: .* Going back to the one before", line)
    with pytest.raises(checkpoint.Damaged, match=r"one before it is 000001\."):
        checked(run)
    assert checked(run, "000001")[1]["step"] == 100


@pytest.mark.parametrize("wrong", [np.nan, np.inf, 1e300])
def test_arrays_that_are_not_finite_are_damaged(run, wrong):
    folder = run.path / "checkpoints" / "000002"
    arrays = {"iteration": np.array(200), "weights": np.array([1.0, wrong])}
    checkpoint.save(folder, arrays, manifest(200))
    assert newest(run)[0] == 100
    with pytest.raises(checkpoint.Damaged, match="'weights' in it is not finite"):
        checked(run)


def test_a_step_of_several_numbers_is_damaged(run):
    folder = run.path / "checkpoints" / "000002"
    checkpoint.save(folder, {"iteration": np.array([200, 200])}, manifest(200))
    with pytest.raises(checkpoint.Damaged, match=r"says step 200, arrays\.npz"):
        checked(run)


def test_a_folder_that_is_no_checkpoint_names_the_one_before(run):
    (run.path / "checkpoints" / "tmp").mkdir()
    with pytest.raises(InputError) as caught:
        checked(run)
    assert str(caught.value) == (
        f"The checkpoint {run.path / 'checkpoints' / 'tmp'} is damaged: it has no "
        "manifest.json. The newest whole one before it is 000002."
    )
    assert newest(run)[0] == 200


def test_a_copy_of_a_checkpoint_by_another_name_is_not_the_newest(run):
    checkpoints = run.path / "checkpoints"
    shutil.copytree(checkpoints / "000001", checkpoints / "best")
    with pytest.raises(checkpoint.Damaged, match=r"called 'best', and not by .* 000002\.$"):
        checked(run)
    assert newest(run)[0] == 200


@pytest.mark.parametrize("name", ["arrays.npz", "manifest.json", "."])
@pytest.mark.parametrize("how", ["link", pytest.param("pipe", marks=pytest.mark.pipes)])
def test_no_link_and_no_pipe_of_a_checkpoint_is_opened(run, tmp_path, name, how):
    target = run.checkpoints[-1] / name
    moved = tmp_path / "outside"
    shutil.move(target.resolve(), moved)
    if how == "link":
        (run.path / "checkpoints" / "000002" / name).resolve().symlink_to(moved)
    else:
        os.mkfifo(run.path / "checkpoints" / "000002" / name)
    step, (line,) = newest(run)
    assert step == 100 and "000002 is damaged" in line


def test_arrays_that_inflate_are_not_read(run):
    folder = run.checkpoints[-1]
    np.savez_compressed(folder / "arrays.npz", iteration=np.array(200), x=np.zeros(10**6))
    checksum = checkpoint.sha256(folder / "arrays.npz")
    edit(folder / "manifest.json", {"sha256": checksum}, "checksum", "settings")
    with pytest.raises(checkpoint.Damaged, match="compressed"):
        checkpoint.load(folder)


def test_a_folder_of_checkpoints_that_is_a_link_is_refused(run, tmp_path):
    shutil.move(run.path / "checkpoints", tmp_path / "elsewhere")
    (run.path / "checkpoints").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="is a link, which is not followed"):
        _ = run.checkpoints
    with pytest.raises(InputError, match="must be a folder, and is a link"), run.lock():
        pass


# Other files.


def lines(*steps, **more):
    return [{"step": s, "kimg": s / 100, "seconds": 1.0 * s} | more for s in steps]


def write(path, found):
    path.write_text("".join(json.dumps(line) + "\n" for line in found))


@pytest.mark.parametrize(
    "line",
    [
        *("5", "null", "[]", '"x"', "{}", "[" * 100_000, '{"step"', "x" * 2**21),
        '{"step": ' + "9" * 10_000 + "}",
        '{"step": 150, "kimg": null, "seconds": 1}',
        '{"step": "x", "kimg": 1, "seconds": 1}',
        '{"step": 150, "kimg": 1.5, "seconds": 1, "sec_per_kimg": 1, "d_loss": "x"}',
        '{"step": 150, "kimg": 1e999, "seconds": 1, "sec_per_kimg": 1}',
        '{"step": 150, "kimg": 1.5, "seconds": -1, "sec_per_kimg": 1e308, "d_loss": 1e308}',
    ],
    ids=range(14),
)
@pytest.mark.parametrize("name", [LOSSES, METRICS])
def test_lines_that_are_damaged_are_left_out(run, name, line):
    whole = lines(100, 200, **({"sec_per_kimg": 2.0, "d_loss": 0.5} if name == LOSSES else {}))
    first, second = (json.dumps(each) for each in whole)
    (run.path / name).write_text(f"{first}\n{line}\n{second}\n{line}")
    assert run.lines(name) == whole
    run.forget_after(150)
    assert (run.path / name).read_text() == f"{first}\n"


def test_the_names_of_earlier_versions_are_understood_and_brought_up_to_date(run):
    losses, scores = lines(100, 200, 300, sec_per_kimg=2.0), lines(100, 200, 300, kid=0.5)
    write(run.path / "metrics.jsonl", losses)
    write(run.path / "measures.jsonl", scores)
    assert run.lines(LOSSES) == losses and run.lines(METRICS) == scores
    run.forget_after(200)
    assert not (run.path / "measures.jsonl").exists()
    for name, kept in {LOSSES: losses, METRICS: scores}.items():
        assert [json.loads(line) for line in (run.path / name).open()] == kept[:2]
        assert run.lines(name) == kept[:2]


def test_keys_of_earlier_versions_are_understood_and_brought_up_to_date(run):
    old = {"forms": 27, "kid": 0.5, "floor": {"forms": 28, "kid": 0.0}}
    new = {"modes": 27, "kid": 0.5, "floor": {"modes": 28, "kid": 0.0}}
    write(run.path / METRICS, lines(100, 200, **old))
    assert run.lines(METRICS) == lines(100, 200, **new)
    run.forget_after(100)
    assert [json.loads(line) for line in (run.path / METRICS).open()] == lines(100, **new)
    run.end({"status": "done", **lines(300)[0], "figures": {}, "measures": old})
    assert run.result["measures"] == new
    config = {key: value for key, value in CONFIG.items() if key != "score"}
    history = {"history": {"metrics": [0, 50]}}
    run.write_json("config.json", config | {"metrics": 50} | history)
    assert run.config == config | {"score": 50, "history": {"score": [0, 50]}}


@pytest.mark.parametrize("name", [".lock", "log.txt", LOSSES, METRICS, "result.json"])
@pytest.mark.parametrize(
    "how", ["link", "folder", pytest.param("pipe", marks=pytest.mark.pipes)]
)
def test_a_run_is_not_trained_where_something_stands_for_a_file(run, tmp_path, name, how):
    outside = tmp_path / "outside"
    outside.write_text("somebody's own")
    make = {
        "link": lambda p: p.symlink_to(outside),
        "folder": os.mkdir,
        "pipe": lambda p: os.mkfifo(p),
    }
    make[how](run.path / name)
    with pytest.raises(InputError, match=f"{name} must be a file, and is a {how}"), run.lock():
        pass
    if name in (LOSSES, METRICS):
        with pytest.raises(InputError, match="cannot be read"):
            run.lines(name)
    with pytest.raises(OSError) if name == "log.txt" else contextlib.nullcontext():
        run.log("line")
    assert outside.read_text() == "somebody's own"


def test_the_lock_file_keeps_what_it_holds(run):
    (run.path / ".lock").write_text("held")
    with run.lock():
        pass
    assert (run.path / ".lock").read_text() == "held"


def test_what_a_killed_process_left_is_swept_under_the_lock(run):
    (run.path / ".tmp-0123abcd-fakes000001.png").write_text("half")
    shutil.copytree(run.checkpoints[0], run.path / "checkpoints" / ".tmp-0123abcd-000003")
    assert newest(run)[0] == 200
    with run.lock():
        assert not list(run.path.rglob(".tmp-*"))
    assert [path.name for path in run.checkpoints] == ["000001", "000002"]


RESULT = {
    "status": "done",
    "step": 200,
    "kimg": 2.0,
    "seconds": 9.0,
    "figures": {"d_loss": 1e-7, "g_loss": float("inf")},
    "measures": {},
}


def test_a_result_is_read_as_it_was_written(run):
    assert run.result is None and not run.is_over
    run.end(RESULT)
    assert run.result == RESULT and run.is_done
    found = json.loads((run.path / "result.json").read_text())
    assert unseal(found) == RESULT and found != RESULT
    edit(run.path / "result.json", {}, "checksum")  # As earlier versions wrote it.
    assert run.result == RESULT


@pytest.mark.parametrize(
    "changes",
    [{"status": "fine"}, {"step": 199}, {"kimg": None}, {"figures": 5}, {"checksum": "0"}],
)
def test_a_damaged_result_counts_as_none(run, changes):
    run.end(RESULT)
    edit(run.path / "result.json", changes)
    assert run.result is None and not run.is_over
    (run.path / "result.json").write_text("{")
    assert run.result is None
