"""Settings from a TOML file, or from the config.json of a run."""

import json
import re

import numpy as np
import pytest

from ganzoo.training import checkpoint
from ganzoo.training.run import Run

FILE = """
loss = "wgan-gp"
arch = "progressive-dcgan:width=4,latent_size=8"
data = "{data}"
schedule = "8:0.08,16:0.08:0.04"
batch = 8
tick = 0.04
snap = 0.04
keep = 2
seed = 5
precision = "float32"
penalty = "r1:gamma=0.1"
"""


def last(path):
    return checkpoint.load(Run(path).checkpoints[-1])[0]


def same(ours, theirs):
    return ours.keys() == theirs.keys() and all(
        np.array_equal(ours[n], theirs[n]) for n in ours
    )


def test_a_file_says_what_options_say_and_options_win(ganzoo, run, squares, tmp_path):
    (tmp_path / "settings.toml").write_text(FILE.format(data=squares))
    given = ("--seed", "1", "--snap", "0.08", "--outdir", "a")
    result = ganzoo("train", "settings.toml", *given)
    assert result.exit_code == 0, result.output
    made = Run("a/00000-squares-wgan-gp")
    notes = {"command": None, "keep": 2}
    assert made.config | notes == run_config(run) | notes
    assert same(last(made.path), last(run))
    # The newest two, and in the same way from the config of the run.
    assert [path.name for path in made.checkpoints] == ["000000.080", "000000.160"]
    again = ganzoo(
        "train", "--config", made.path / "config.json", "--keep", "1", "--outdir", "b"
    )
    assert again.exit_code == 0, again.output
    made = Run("b/00000-squares-wgan-gp")
    assert same(last(made.path), last(run))
    assert [path.name for path in made.checkpoints] == ["000000.160"]


def run_config(path):
    return Run(path).config


def test_a_config_of_a_run_gives_way_to_options(ganzoo, run):
    given = ("--seed", "7", "--schedule", "16:0.016", "--penalty", "r1:gamma=0.5")
    result = ganzoo("train", "--config", run / "config.json", *given, "--no-growth")
    assert result.exit_code == 0, result.output
    config = Run("runs/00000-squares-wgan-gp").config
    assert config["seed"] == 7 and config["schedule"] == "16:0.016"
    assert config["penalties"] == ["r1:gamma=0.5,every=1"]
    assert "seed=7" in config["architecture"] and "base=16" in config["architecture"]
    assert config["batch"] == 8 and config["tick"] == 0.04


BAD = {
    'los = "hinge"': "there is no setting 'los'. Did you mean 'loss'?",
    "resume = 'x'": "there is no setting 'resume'",
    "batch = 2.5": "batch is a whole number, not 2.5",
    "batch = true": "batch is a whole number, not True",
    "batch = 1": "--batch",
    'tick = "5"': "tick is a number, not '5'",
    "tick = nan": "'--tick': nan is not a finite number.",
    "penalty = [1]": "penalty is a list of texts, not [1]",
    "no-growth = 1": "no-growth is true or false, not 1",
    "loss = 5": "loss is a text, not 5",
    "[loss]": "loss is a text, not {}",
    "loss = ": "cannot be read as TOML",
    f"seed = {'9' * 10_000}": "cannot be read as TOML",
    f"seed = {'[' * 100_000}": "cannot be read as TOML",
    'loss = "evil:Loss"': "'loss' names the module 'evil'",
    'penalty = "evil:Penalty"': "'penalty' names the module 'evil'",
    'data = "evil:Source"': "'data' names the module 'evil'",
}


@pytest.mark.parametrize("text", BAD, ids=[text[:20] for text in BAD])
def test_a_wrong_file_is_one_line_and_nothing_is_run(ganzoo, squares, tmp_path, text):
    (tmp_path / "evil.py").write_text("raise SystemExit('ran')")
    (tmp_path / "settings.toml").write_text(text)
    given = [] if text.startswith("data") else ["--data", squares]
    result = ganzoo("train", "settings.toml", *given)
    assert result.exit_code == 2, result.output
    (line,) = result.stderr.strip().splitlines()
    assert BAD[text] in line and len(line) < 600
    assert not (tmp_path / "runs").exists()


def test_a_file_and_a_config_exclude_each_other_and_a_preset(ganzoo, run, tmp_path):
    (tmp_path / "settings.toml").write_text("seed = 1")
    config = run / "config.json"
    for arguments, message in (
        (("settings.toml", "--config", config), "Give one of them"),
        (("--config", config, "--preset", "smoke"), "Give one of them"),
        (("--config", config, "--resume", run), "leave out --config"),
        (("settings.toml", "--resume", run), "leave out seed.*FILE|leave out .*FILE"),
        (("--config", "nowhere.json"), "nowhere.json cannot be read: No such file"),
    ):
        result = ganzoo("train", *arguments)
        assert result.exit_code == 2
        assert re.search(message, result.stderr), result.stderr


def test_a_config_is_no_way_to_run_foreign_code(ganzoo, run, tmp_path):
    (tmp_path / "evil.py").write_text("raise SystemExit('ran')")
    config = json.loads((run / "config.json").read_text())
    for key in ("loss", "architecture", "data"):
        (tmp_path / "config.json").write_text(json.dumps(config | {key: "evil:Thing"}))
        result = ganzoo("train", "--config", "config.json")
        assert result.exit_code == 2
        assert f"{key!r} names the module 'evil'" in result.stderr


def test_images_that_changed_since_the_config_are_refused(ganzoo, run, squares, tmp_path):
    config = json.loads((run / "config.json").read_text())
    config["data_sha256"] = "0" * 64
    (tmp_path / "config.json").write_text(json.dumps(config))
    result = ganzoo("train", "--config", "config.json")
    assert result.exit_code == 2
    assert "are not those that the run began with" in result.stderr
