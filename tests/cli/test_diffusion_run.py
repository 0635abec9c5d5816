"""A run of a diffusion model: it stops, goes on, and makes images in several ways."""

import json

import numpy as np
import pytest

from ganzoo.training import checkpoint
from ganzoo.training.run import Run


@pytest.fixture
def denoised(ganzoo, small, squares, tmp_path):
    """A run that has grown, of images with labels."""
    with np.load(squares) as file:
        np.savez(tmp_path / "two.npz", images=file["images"], labels=np.arange(32) % 2)
    place = small.index("--arch")
    common = [*small[2:place], *small[place + 2 : small.index("--loss")]]
    own = ("--arch", "patch-mixer:width=4,depth=1", "--model", "diffusion:steps=3")
    trained = ganzoo("train", "--data", "two.npz", *common, *own, "--condition", "labels")
    assert trained.exit_code == 0, trained.output
    return Run("runs/00000-two-diffusion-labels")


def made(ganzoo, run, *options):
    result = ganzoo("generate", run.path, "--count", 6, "--out", "a.npz", *options)
    assert result.exit_code == 0, result.output
    with np.load("a.npz") as file:
        return file["images"]


def test_it_goes_on_bit_for_bit_and_makes_images_in_several_ways(ganzoo, denoised):
    run = denoised
    config = json.loads((run.path / "config.json").read_text())
    assert config["model"] == "diffusion:steps=3" and "loss" not in config
    weights = checkpoint.load(run.checkpoints[-1])[0]
    assert {"memory/moments/mean", "ema/n_block_0_near/kernel"} <= weights.keys()
    (run.path / "result.json").unlink()
    for path in run.checkpoints[1:]:
        for file in path.iterdir():
            file.unlink()
        path.rmdir()
    assert ganzoo("train", "--resume", run.path).exit_code == 0
    again = checkpoint.load(run.checkpoints[-1])[0]
    assert weights.keys() == again.keys()
    assert all(np.array_equal(weights[name], again[name]) for name in weights)
    plain = made(ganzoo, run)
    assert plain.shape == (6, 16, 16, 1)
    assert np.array_equal(made(ganzoo, run, "--sampler", "heun", "--steps", 3), plain)
    for way in (("--steps", 2), ("--sampler", "ancestral"), ("--guidance", 3)):
        assert not np.array_equal(made(ganzoo, run, *way), plain), way
    exported = ganzoo("export", run.path, "--steps", 2, "--out", "a.keras")
    assert exported.exit_code == 0 and "of 255" in exported.output, exported.output


def test_a_model_that_has_no_sampler_says_so(ganzoo, run):
    refused = ganzoo("generate", run, "--steps", 4)
    assert refused.exit_code == 2
    assert refused.stderr.endswith("'gan' makes an image in one way. Leave out steps.\n")
