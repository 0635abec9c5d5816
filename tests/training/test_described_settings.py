"""What follows from the description of settings, and what must agree with it."""

import inspect
import json
import subprocess
import sys

import pytest

from ganzoo import ema
from ganzoo.training.config import KEYS
from ganzoo.training.setting import FLAG, choice, number, text, texts, whole
from ganzoo.training.settings import SETTINGS, command
from ganzoo.training.trainer import Trainer

# A setting is added to the description in a process of its own, before anything reads it.
ADDED = """
import json, sys
from pathlib import Path
from ganzoo.training.setting import Setting, number
from ganzoo.training.settings import SETTINGS
SETTINGS["warmth"] = Setting(
    "warmth", number(0), "How warm it is.", "Warmth", default=3.0, old_name="heat"
)
import click
from ganzoo.cli.compare import compare
from ganzoo.cli.settings_file import config_settings, toml_settings, _options
from ganzoo.cli.train import train
from ganzoo.comparison.runs import settings as comparison_settings
from ganzoo.comparison.runs.grid import read_toml
from ganzoo.comparison.runs.rows import RUN_COLUMNS
from ganzoo.errors import InputError
from ganzoo.training import config
from ganzoo.training.settings import command

def message(call, *arguments):
    try:
        return call(*arguments)
    except InputError as error:
        return str(error)

def option(called):
    (found,) = [p for p in called.params if p.name == "warmth"]
    return [*found.opts, *found.get_help_record(click.Context(called)), repr(found.type)]

def toml(text, read):
    Path("file.toml").write_text(text)
    return message(read, Path("file.toml"))

options = _options(click.Context(train))
run = json.loads(Path("config.json").read_text())
print(json.dumps({
    "train": option(train),
    "compare": option(compare),
    "toml": toml("warmth = 1.5", lambda path: toml_settings(path, options)),
    "bad toml": toml("warmth = 'hot'", lambda path: toml_settings(path, options)),
    "old toml": toml("heat = 1", lambda path: toml_settings(path, options)),
    "cell": toml("[[cells]]\\nloss = 'a'\\nwarmth = 'x'", read_toml),
    "missing": message(config.check, run, "FILE"),
    "bad config": message(config.check, run | {"warmth": -1}, "FILE"),
    "good config": message(config.check, run | {"warmth": 0}, "FILE"),
    "old config": config.current({"heat": 2}),
    "changed": message(
        config.check_unchanged, run | {"warmth": 1}, run | {"warmth": 2}, "FILE"
    ),
    "config": config_settings(run | {"warmth": 2})["warmth"],
    "comparison": vars(comparison_settings.KEYS["warmth"]) | {"check": None},
    "shown": comparison_settings.shown({"warmth": 2.5}),
    "column": [vars(c) for c in RUN_COLUMNS if c.name == "warmth"],
    "command": command({"loss": "hinge", "warmth": 2.5}),
}))
"""


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("added")
    (folder / "config.json").write_text(json.dumps(CONFIG))
    done = subprocess.run(
        [sys.executable, "-c", ADDED], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


CONFIG = {
    **{"loss": "hinge", "penalties": [], "architecture": "progressive-dcgan", "data": "unown"},
    **{"schedule": "8:1", "grow": True, "batch": 8, "critic_steps": 1, "optimizer": "adam"},
    **{"ema": 1.0, "tick": 1, "snap": 1, "per_class": None, "score": 0, "seed": 0},
    **{"data_sha256": "0" * 64, "backend": "jax"},
}


def test_a_setting_that_is_described_has_options(followed):
    for called in ("train", "compare"):
        *names, left, right, kind = followed[called]
        assert names == ["--warmth", "--heat"] and left == "--warmth FLOAT RANGE"
        assert right == "How warm it is. [default: 3]  [x>=0]"
        assert kind == "<NumberRange x>=0>"


def test_it_may_stand_in_files_of_settings_and_is_checked_there(followed):
    assert followed["toml"] == {"warmth": 1.5} and followed["old toml"] == {"warmth": 1}
    assert followed["bad toml"] == "file.toml: warmth is a number, not 'hot'."
    assert followed["cell"] == "Cell 1 of file.toml: warmth is a number. Received: 'x'."


def test_it_is_a_key_of_configs_and_is_checked_there(followed):
    must = "a number, 0 or more"
    assert followed["missing"] == f"FILE has no key 'warmth': it must be {must}."
    assert followed["bad config"] == f"FILE: 'warmth' must be {must}, not -1."
    assert followed["good config"] is None and followed["old config"] == {"warmth": 2}
    assert "changed since the run began: warmth (was 1)" in followed["changed"]
    assert followed["config"] == 2


def test_it_is_in_comparisons_and_in_the_command_of_a_row(followed):
    assert followed["comparison"] == {
        **{"label": "Warmth", "kind": "a number or null", "check": None, "needed": False}
    }
    assert followed["shown"] == [["warmth", "Warmth", "2.5"]]
    (column,) = followed["column"]
    assert (column["kind"], column["later"]) == ("number", True)
    assert followed["command"] == "ganzoo train --loss hinge --warmth 2.5"


def test_a_trainer_has_the_settings_with_their_defaults():
    parameters = inspect.signature(Trainer).parameters
    others = {"images", "stream", "progress", "recorded"}
    keywords = {name for name, setting in SETTINGS.items() if setting.keyword}
    assert parameters.keys() - others == keywords
    for name in keywords:
        setting = SETTINGS[name]
        own = setting.recommended or setting.optional
        own = own or setting.of_model or setting.by_model
        default = None if own else setting.default
        assert parameters[name].default == default, name
    assert SETTINGS["ema"].default == ema.HALF_LIFE


def test_a_config_has_the_settings_that_are_recorded(settings):
    config = Trainer(**settings).config
    assert config.keys() <= KEYS.keys()
    assert {name for name, key in KEYS.items() if key.needed} <= config.keys()
    assert all(
        KEYS[name].allows(value) for name, value in json.loads(json.dumps(config)).items()
    )


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (whole(1), [1, 2**53], [0, 2**53 + 1, 1.0, True, "1", None]),
        (whole(), [-5, 0], [0.5, False]),
        (number(0), [0, 0.5, 3], [-0.1, float("nan"), float("inf"), True, "0"]),
        (number(0, above=True), [0.5], [0, float("nan")]),
        (FLAG, [True, False], [0, 1, "true", None]),
        (choice(("a", "b")), ["a"], ["c", ["a"], None]),
        (text(), ["", "x"], [0, None, ["x"]]),
        (texts("a list"), [[], ["x"]], ["x", [1], None]),
    ],
    ids=str,
)
def test_kinds_allow_their_values_alone(kind, good, bad):
    assert all(kind.allows(value) for value in good)
    assert not any(kind.allows(value) for value in bad)


def test_a_command_says_what_a_config_says():
    config = CONFIG | {"grow": False, "data": "my photos", "reading": {"fit": "pad"}}
    assert command(config) == (
        "ganzoo train --loss hinge --penalty none --arch progressive-dcgan --data 'my photos' "
        "--fit pad --schedule 8:1 --no-growth --batch 8 --critic-steps 1 --optimizer adam "
        "--ema 1.0 --tick 1 --snap 1 --score 0 --seed 0 --backend jax"
    )
