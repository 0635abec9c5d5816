"""A run that is asked in words: from the command line to its checkpoints, and prompts to it."""

import numpy as np
import pytest

import ganzoo as library
from ganzoo.metrics import fit_features
from ganzoo.training import checkpoint
from ganzoo.training.run import Run

CAPTIONS = ["a red A on blue", "an orange B", "a blue A on red", "a red B on orange"]


@pytest.fixture
def said(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (32, 16, 16, 3)).astype("uint8")
    path = tmp_path / "said.npz"
    np.savez(path, images=images, labels=np.arange(32) % 2, captions=np.array(CAPTIONS * 8))
    return path


def generated(ganzoo, run, *options):
    return ganzoo("generate", run, *options)


@pytest.mark.backends
def test_a_run_goes_on_bit_for_bit_and_makes_what_prompts_say(
    ganzoo, said, small, monkeypatch, tmp_path
):
    condition = "text:width=8,depth=1,heads=2"
    trained = ganzoo(
        "train", *small, "--data", said, "--loss", "hinge", "--condition", condition
    )
    assert trained.exit_code == 0, trained.output
    run = Run("runs/00000-said-hinge-text")
    assert run.config["captions"][:4] == CAPTIONS
    made = checkpoint.load(run.checkpoints[-1])[0]
    (run.path / "result.json").unlink()
    for path in run.checkpoints[1:]:
        for file in path.iterdir():
            file.unlink()
        path.rmdir()
    resumed = ganzoo("train", "--resume", run.path, "--stream")
    assert resumed.exit_code == 0, resumed.output
    again = checkpoint.load(run.checkpoints[-1])[0]
    assert any("generator_text_words" in name for name in made)
    for name, array in made.items():
        np.testing.assert_array_equal(array, again[name], err_msg=name)
    prompts = ("--prompt", "a red A", "--prompt", "an orange B")
    done = generated(ganzoo, run.path, *prompts, "--count", "5", "--out", "made.npz")
    assert done.exit_code == 0, done.output
    with np.load("made.npz") as file:
        assert file["prompts"].tolist() == ["a red A", "an orange B"] * 2 + ["a red A"]
        images = file["images"]
        assert set(file.files) == {"images", "prompts"}
    loaded = library.load(run.path)
    np.testing.assert_array_equal(images, loaded.sample(5, prompt=["a red A", "an orange B"]))
    assert generated(ganzoo, run.path, "--count", "3", "--out", "own.npz").exit_code == 0
    with np.load("own.npz") as file:
        assert file["prompts"].tolist() == run.config["captions"][:3]
        np.testing.assert_array_equal(file["images"], loaded.sample(3))
    sheet = generated(ganzoo, run.path, *prompts, "--out", "made.png")
    assert sheet.exit_code == 0 and "16 images in made.png" in sheet.output
    walked = ganzoo("interpolate", run.path, "--out", "walk.png", "--rows", "2")
    assert walked.exit_code == 0, walked.output
    refused = {
        ("--prompt", "a rad A"): "'rad' (did you mean 'red'?)",
        ("--label", "A"): "is asked in words",
        ("--text", "AB"): "cannot be asked for a class",
        ("--prompt", "a red A", "--label", "A"): "Leave out --label",
    }
    for options, message in refused.items():
        result = generated(ganzoo, run.path, *options)
        assert result.exit_code == 2 and message in result.stderr, result.output
        assert len(result.stderr.strip().splitlines()) == 1
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(fit_features, "LEAST", 10)
    for command in (("nearest", "--count", 4), ("evaluate", "--count", 24), ("film",)):
        done = ganzoo(command[0], run.path, *command[1:])
        assert done.exit_code == 0, done.output
    searched = ganzoo("project", run.path, said, "--out", "found.npz")
    assert searched.exit_code == 2 and "asked in words" in searched.stderr


def test_a_run_without_words_takes_no_prompt(ganzoo, run):
    refused = generated(ganzoo, run, "--prompt", "a red A")
    assert refused.exit_code == 2 and "is not asked in words" in refused.stderr
