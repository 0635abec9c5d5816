"""A run folder that anybody may have changed ends in one line, or in what it was.

`GANZOO_FUZZ=2000 pytest tests/fuzz` tries as many folders; the test command tries some.
"""

import contextlib
import json
import os
import shutil
import stat
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ganzoo import trust
from ganzoo.errors import InputError, RunError
from ganzoo.training import checkpoint
from ganzoo.training import config as run_config
from ganzoo.training.run import LOSSES, METRICS, Run
from ganzoo.training.saved import checked

EXAMPLES = int(os.environ.get("GANZOO_FUZZ", "60"))
CONFIG = {
    "loss": "wgan-gp:weight=10.0,critic_steps=1",
    "penalties": ["r1:gamma=0.1,every=1"],
    "architecture": "progressive-dcgan:latent_size=8,width=8,channels=1,base=8,seed=3",
    "data": "unown",
    "schedule": "8:0.096,16:0.096:0.048",
    "grow": True,
    "batch": 8,
    "optimizer": "adam:learning_rate=0.002,beta_1=0.0,beta_2=0.99",
    "ema": 10.0,
    "critic_steps": 1,
    "tick": 0.032,
    "snap": 0.048,
    "per_class": None,
    "score": 0,
    "seed": 3,
    "data_sha256": "ab" * 32,
    "backend": "tensorflow",
    "ganzoo": "0.1.0",
    "keras": "3.15.1",
    "command": "ganzoo train",
}
# Of a GAN that is told labels, and of a model without a loss.
ASKED = CONFIG | {
    "model": "gan",
    "condition": "labels:classes=3,discriminator=projection,generator='latent:size=64'",
    "classes": ["a", "b", "d,e"],
}
FLOW = {
    key: value
    for key, value in CONFIG.items()
    if key not in ("loss", "penalties", "critic_steps")
} | {"model": "flow:steps=4", "architecture": "patch-mixer:width=4,depth=1"}
CONFIGS = {"gan": CONFIG, "asked": ASKED, "flow": FLOW}
STEPS = (12, 24)  # Of the two checkpoints.
JSON_FILES = (
    "config.json",
    "result.json",
    "checkpoints/000000.096/manifest.json",
    "checkpoints/000000.192/manifest.json",
)
FILES = (
    *JSON_FILES,
    LOSSES,
    METRICS,
    "log.txt",
    ".lock",
    "checkpoints/000000.096/arrays.npz",
    "checkpoints/000000.192/arrays.npz",
)


def make_run(path: Path, config: dict) -> Run:
    """A run of two checkpoints, as if it had been trained."""
    path.mkdir()
    run = Run(path)
    run.write_json("config.json", config)
    for stage, step in enumerate(STEPS):
        kimg, seconds = step * 8 / 1000, float(step)
        arrays = {"iteration": np.array(step), "ema/g/kernel": np.full((2, 3), step / 7)}
        manifest = {"step": step, "kimg": kimg, "stage": stage, "seconds": seconds}
        manifest[checkpoint.SETTINGS] = run_config.recorded(config)
        checkpoint.save(path / "checkpoints" / f"{kimg:010.3f}", arrays, manifest)
        times = {"step": step, "kimg": kimg, "seconds": seconds}
        run.add(LOSSES, times | {"d_loss": 0.5, "g_loss": float("nan"), "sec_per_kimg": 2.0})
        run.add(METRICS, times | {"kid": 0.25, "verdict": "healthy"})
    run.log("trained")
    run.end({"status": "done", **times, "figures": {"d_loss": 0.5}, "measures": {}})
    (path / ".lock").write_bytes(b"")
    return run


# Ways to spoil a folder: each a strategy of functions from a run's path and a path outside.

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.sampled_from(
        [10**9, 10**40, 0.5, 175.0, "175", "x", "evil:Loss", "this:X", "hinge", ""]
    )
    | st.floats(allow_nan=True)
    | st.text(max_size=8)
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@st.composite
def edited_keys(draw):
    """A key of a JSON file is removed, or holds something else."""
    name, pick = draw(st.sampled_from(JSON_FILES)), draw(st.integers(0, 30))
    value, remove = draw(values), draw(st.booleans())

    def spoil(path, outside):
        content = json.loads((path / name).read_text())
        key = sorted(content)[pick % len(content)]
        if remove:
            del content[key]
        else:
            content[key] = value
        (path / name).write_text(json.dumps(content))

    return spoil


@st.composite
def edited_settings(draw):
    """A setting becomes another one that could be meant."""
    other = {
        "loss": "hinge",
        "penalties": [],
        "architecture": CONFIG["architecture"] + ",categories=2",
        "schedule": "8:0.096,16:0.09:0.048",
        "grow": False,
        "batch": 4,
        "optimizer": "sgd:learning_rate=0.5",
        "ema": 0.001,
        "critic_steps": 2,
        "per_class": 5,
        "seed": 4,
        "data_sha256": "cd" * 32,
        "backend": "jax",
        "tick": 1.0,
        "data": "unown-mnist",
        "model": "flow:steps=8",
        "condition": "labels:classes=3,discriminator=concat,generator='latent:size=64'",
        "classes": ["b", "a", "d,e"],
    }
    key = draw(st.sampled_from(sorted(other)))

    def spoil(path, outside):
        content = json.loads((path / "config.json").read_text()) | {key: other[key]}
        (path / "config.json").write_text(json.dumps(content))

    return spoil


DEEP, DIGITS = b"[" * 100_000, b'{"kimg": ' + b"9" * 5000 + b"}"


@st.composite
def other_bytes(draw):
    """A file holds other bytes, or other ones at one place."""
    name, at = draw(st.sampled_from(FILES)), draw(st.floats(0, 1))
    new = draw(st.binary(max_size=6) | st.sampled_from([DEEP, DIGITS, b"null", b"{}", b"\xff"]))
    how = draw(st.sampled_from(["all", "insert", "replace", "cut", "line"]))

    def spoil(path, outside):
        old = (path / name).read_bytes()
        place = int(at * len(old))
        (path / name).write_bytes(
            {
                "all": new,
                "insert": old[:place] + new + old[place:],
                "replace": old[:place] + new + old[place + len(new) :],
                "cut": old[:place],
                "line": new + b"\n" + old,
            }[how]
        )

    return spoil


@st.composite
def other_kinds(draw):
    """A file or a folder is gone, or is a link, a pipe, or a folder."""
    name = draw(st.sampled_from([*FILES, "checkpoints", "checkpoints/000000.192"]))
    how = draw(st.sampled_from(["gone", "link", "link in a circle", "pipe", "folder", "empty"]))

    def spoil(path, outside):
        target = path / name
        if target.is_dir():
            shutil.rmtree(target)
        else:
            target.unlink()
        if how == "link":
            target.symlink_to(outside)
        elif how == "link in a circle":
            target.symlink_to(target.name)
        elif how == "pipe":
            os.mkfifo(target)
        elif how == "folder":
            target.mkdir()
        elif how == "empty":
            target.write_bytes(b"")

    return spoil


@st.composite
def strange_checkpoints(draw):
    """Something is in the folder of checkpoints that is none."""
    name = draw(st.sampled_from(["tmp", "000000", "000000.500", ".tmp-12345678-x", "zz"]))

    def spoil(path, outside):
        (path / "checkpoints" / name).mkdir()

    return spoil


spoilt = st.lists(
    edited_keys() | edited_settings() | other_bytes() | other_kinds() | strange_checkpoints(),
    min_size=1,
    max_size=2,
)

# What a command makes of a folder, without the networks.


def resumed(path: Path, said: list[str]):
    """Settings and arrays with which `train --resume` goes on, or what has ended."""
    run = Run.open(path)
    config = run.config
    with run.lock(said.append):
        if run.is_done:
            return config, None
        found = checkpoint.last_good(run.checkpoints, said.append)
        if found is None:
            return config, {}
        arrays, manifest = found
        where = path / "config.json"
        run_config.check_unchanged(manifest[checkpoint.SETTINGS], config, where, said.append)
        run.forget_after(manifest["step"])
        for name in (LOSSES, METRICS):
            assert all(line["step"] <= manifest["step"] for line in run.lines(name))
        run.log("resumed")
    return config, arrays


def generated(path: Path, said: list[str]):
    """Settings and arrays from which `generate`, `evaluate` and `export` make images."""
    arrays, _, config = checked(Run.open(path))
    return config, arrays


def assert_as_it_was(config, before, arrays, said, lost):
    """The same settings and arrays; another checkpoint or a free setting only with a line."""
    for key, value in before.items():
        if key in run_config.FREE:
            continue
        assert config.get(key) == value or arrays in (None, {}), key
    if arrays:
        step = int(arrays["iteration"])
        assert step in STEPS
        assert (arrays["ema/g/kernel"] == step / 7).all()
        assert step == STEPS[-1] or lost or "Going back" in " ".join(said)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="GANZOO_FUZZ" not in os.environ,
    suppress_health_check=list(HealthCheck),
    database=None,
)
@given(
    st.sampled_from(list(CONFIGS)),
    spoilt,
    st.sampled_from([resumed, generated]),
    st.booleans(),
)
def test_a_spoilt_run_is_refused_in_one_line_or_is_what_it_was(kind, ways, use, ended):
    with tempfile.TemporaryDirectory() as folder:
        path, outside = Path(folder) / "run", Path(folder) / "outside"
        make_run(path, CONFIGS[kind])
        outside.touch()
        if not ended:
            (path / "result.json").unlink()
        for spoil in ways:
            if any(stat.S_ISFIFO(each.lstat().st_mode) for each in path.rglob("*")):
                break  # A second way would wait for ever to read it.
            with contextlib.suppress(OSError, ValueError, AttributeError, TypeError):
                spoil(path, outside)  # The second way may find nothing to spoil.
        outside.write_text("somebody's own")  # The second way may have written through a link.
        said: list[str] = []
        left = [name for name in JSON_FILES[2:] if os.path.lexists((path / name).parent)]
        try:
            with trust.scope():
                config, arrays = use(path, said)
        except (InputError, RunError) as error:
            assert str(error) and len(str(error).splitlines()) == 1
        except OSError as error:
            assert error.strerror
        else:
            assert arrays != {} or not left
            assert_as_it_was(
                config, CONFIGS[kind], arrays, said, lost=left != list(JSON_FILES[2:])
            )
        assert outside.read_text() == "somebody's own"
        assert "this" not in __import__("sys").modules


@pytest.mark.parametrize("kind", CONFIGS)
def test_a_whole_run_is_taken(kind, tmp_path):
    make_run(tmp_path / "run", CONFIGS[kind])
    config, arrays = generated(tmp_path / "run", [])
    assert config == CONFIGS[kind] and int(arrays["iteration"]) == STEPS[-1]
    (tmp_path / "run" / "result.json").unlink()
    said: list[str] = []
    assert int(resumed(tmp_path / "run", said)[1]["iteration"]) == STEPS[-1] and said == []
