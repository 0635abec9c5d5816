"""Every example runs, on little data, and does what it says."""

import ast
import runpy
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import ganzoo
from ganzoo.training.run import Run

EXAMPLES = Path(__file__).parents[1] / "examples"
TINY = {
    "architecture": "progressive-dcgan:width=4,latent_size=8",
    "schedule": "14:0.032,28:0.032:0.016",
    "batch": 8,
    "tick": 0.032,
    "snap": 0.032,
}


def main_of(name):
    return runpy.run_path(str(EXAMPLES / f"{name}.py"))["main"]


@pytest.fixture(autouse=True)
def somewhere_else(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "cache"))


def test_plain_keras_saves_samples(capsys):
    main_of("plain_keras")(per_class=2, epochs=1)
    assert Image.open("plain_keras.png").size == (7 * 30 + 2, 4 * 30 + 2)
    assert "Last d_loss" in capsys.readouterr().out


def test_own_loss_trains_like_one_of_the_zoo(capsys):
    main_of("own_loss")(per_class=2, **TINY)
    out = capsys.readouterr().out
    assert "SquaredHinge(margin=0.5): d_loss" in out and "Hinge(): d_loss" in out
    config = Run.open("runs/00000-unown-SquaredHinge").config
    assert config["loss"].endswith(":SquaredHinge:margin=0.5")


def test_a_subclass_is_enough_for_a_new_idea(capsys):
    main_of("subclass")(per_class=2, epochs=2)
    variety = ast.literal_eval(
        capsys.readouterr().out.strip().splitlines()[-1].partition(": ")[2]
    )
    assert len(variety) == 2 and all(0 < v < 1.1 for v in variety)


def test_own_images_in_colour(capsys):
    main_of("own_images")(count=12, **TINY)
    assert "3 channels, classes ('large', 'small')" in capsys.readouterr().out
    sheet = np.array(Image.open("runs/00000-circles-hinge/reals.png"))
    assert sheet.ndim == 3 and (sheet[..., 0] != sheet[..., 2]).any()


@pytest.mark.thorough
def test_growth_by_hand(capsys):
    stages = ganzoo.Schedule(
        ganzoo.Stage(28, kimg=0.056),
        ganzoo.Stage(56, kimg=0.056, fade=0.028),
        ganzoo.Stage(112, kimg=0.056, fade=0.056),
    )
    main_of("grow_to_112")(schedule=stages, per_class=2, width=4)
    out = capsys.readouterr().out
    assert "28 px: alpha 1.00" in out and "112 px: alpha 1.00" in out
    sizes = [Image.open(f"grown_{size}.png").size[0] for size in (28, 56, 112)]
    assert sizes == [7 * (size + 2) + 2 for size in (28, 56, 112)]


def test_collapse_is_a_film_of_two(capsys):
    main_of("collapse")(frames=3, per_class=32)
    with Image.open("collapse.gif") as film:
        assert film.size == (1032, 512) and film.n_frames == 3
        film.seek(2)
        pixels = np.array(film.convert("L"))
    assert (pixels[:, 512:520] == 90).all()  # Between the two squares of dots.
    assert (pixels[:, :512] > 100).any() and (pixels[:, 520:] > 100).any()
    assert "of 8 modes by the plain GAN" in capsys.readouterr().out


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.stem)
def test_examples_are_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) < 60
