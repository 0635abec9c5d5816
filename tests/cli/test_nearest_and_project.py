"""`ganzoo nearest`, `project`, `directions` and `generate --reject`, on a run made for it."""

import os

import numpy as np
import pytest
from PIL import Image

from ganzoo.data.sheet import plain_sheet
from ganzoo.metrics import fit_features


def test_samples_stand_beside_training_images(ganzoo, run, squares, monkeypatch, tmp_path):
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(fit_features, "LEAST", 10)
    result = ganzoo("nearest", run, "--count", 4)
    assert result.exit_code == 0, result.output
    assert "4 samples beside the nearest training images in nearest.png" in result.output
    sheet = np.array(plain_sheet("nearest.png"))
    assert sheet.shape == (2 * 18 + 2, 4 * 18 + 2)
    assert ganzoo("generate", run, "--count", 4, "--out", "x.npz").exit_code == 0
    with np.load("x.npz") as made, np.load(squares) as real:
        np.testing.assert_array_equal(sheet[2:18, 2:18], made["images"][0, ..., 0])
        known = {image.tobytes() for image in real["images"]}
    for i in range(4):
        assert np.ascontiguousarray(sheet[20:36, 2 + 18 * i : 18 + 18 * i]).tobytes() in known


def test_what_the_run_made_is_found_again(ganzoo, run):
    assert ganzoo("generate", run, "--count", 3, "--out", "made").exit_code == 0
    result = ganzoo("project", run, "made", "--steps", 60)
    assert result.exit_code == 0, result.output
    assert plain_sheet("projected.png").size == (3 * 18 + 2, 2 * 18 + 2)
    again = ganzoo("project", run, "made", "--steps", 60, "--out", "x.npz")
    assert again.exit_code == 0 and "3 images in x.npz: pixels differ by " in again.output
    with np.load("x.npz") as found:
        assert found["latents"].shape == (3, 8) and found["images"].shape == (3, 16, 16, 1)
        wanted = np.stack([Image.open(f"made/{i:06d}.png") for i in range(3)])[..., None]
        apart = np.sqrt(np.square(found["images"].astype(float) - wanted).mean())
    begun = ganzoo("project", run, "made", "--steps", 0, "--out", "x.npz").output
    assert apart < 0.5 * float(begun.split("differ by ")[1].split()[0])
    alone = ganzoo("project", run, "made/000000.png", "--steps", 1, "--out", "one.npz")
    assert alone.exit_code == 0 and alone.output.startswith("1 image in one.npz"), alone.output


@pytest.mark.parametrize(
    ("command", "options", "said"),
    [
        ("directions", ("--distance", "nan"), "nan is not a finite number"),
        ("directions", ("--distance", "1e308"), "is not in the range 0<x<=1000"),
        ("film", ("--seconds", "nan"), "nan is not a finite number"),
        ("film", ("--count", "1000000000"), "is not in the range 1<=x<=2800"),
        ("interpolate", ("--rows", "1" + "0" * 30), "is not in the range 1<=x<=1000"),
        ("interpolate", ("--frames", "1000000000"), "is not in the range 2<=x<=1000"),
        ("generate", ("--truncation", "nan"), "nan is not a finite number"),
        ("generate", ("--reject", "1e-300"), "is 0.01 or more, and below 1. Received: 1e-300"),
        ("generate", ("--reject", "1e-9"), "is 0.01 or more, and below 1. Received: 1e-09"),
        ("train", ("--ema", "nan"), "nan is not a finite number"),
    ],
)
def test_numbers_that_nothing_can_be_made_of_are_refused(ganzoo, run, command, options, said):
    result = ganzoo(command, *([] if command == "train" else [run]), *options)
    assert result.exit_code == 2 and said in " ".join(result.output.split()), result.output


@pytest.mark.pipes
@pytest.mark.parametrize("name", ["pipe.png", "pipe.npz", "pipe.h5"])
def test_nobody_waits_for_a_pipe(ganzoo, run, squares, name):
    os.mkfifo(name)
    commands = [("evaluate", squares, "--data", squares, "--features", name)]
    if not name.endswith("h5"):
        commands += [("project", run, name), ("evaluate", name, "--data", squares)]
    for command in commands:
        result = ganzoo(*command)
        assert result.exit_code == 2, result.output
        assert "is a pipe" in result.output or "is no file" in result.output


def test_directions_and_kept_samples_of_a_run(ganzoo, run):
    result = ganzoo("directions", run, "--count", 2, "--samples", 2, "--steps", 3)
    assert result.exit_code == 0, result.output
    assert "2 directions in directions.png" in result.output
    sheet = np.array(plain_sheet("directions.png"))
    assert sheet.shape == (4 * 18 + 2, 3 * 18 + 2)
    assert ganzoo("generate", run, "--count", 2, "--out", "x.npz").exit_code == 0
    with np.load("x.npz") as made:  # In the middle of a row is the sample itself.
        np.testing.assert_array_equal(sheet[2:18, 20:36], made["images"][0, ..., 0])
    kept = ganzoo(
        "generate", run, "--count", 3, "--reject", 0.5, "--save-latents", "--out", "k.npz"
    )
    assert kept.exit_code == 0 and "3 images in k.npz, kept of " in kept.output, kept.output
    with np.load("k.npz") as found:
        assert found["images"].shape == (3, 16, 16, 1) and found["latents"].shape == (3, 8)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nearest", "RUN", "--out", "x.npz"), "the sheet is a PNG"),
        (("nearest", "RUN", "--data", "nowhere"), "no data set and no path 'nowhere'"),
        (("project", "RUN", "nowhere"), "no images at 'nowhere'"),
        (("directions", "RUN", "--out", "x.gif"), "ends in .png or .npz"),
        (("generate", "RUN", "--mix", "8"), "as that of the architecture stylegan2 has"),
        (("generate", "RUN", "--mix", "8", "--reject", "0.5"), "go one at a time"),
        (("project", "RUN", "here", "--out", "x.gif"), "ends in .png or .npz"),
        (("project", "RUN", "here/0.png", "--label", "A"), "has no condition"),
        (
            ("project", "RUN", "here/1.png"),
            "in colour, and those that the run was trained on are gray",
        ),
        (("project", "RUN", "small.npz"), "of 16 pixels or more"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(ganzoo, run, tmp_path, arguments, words):
    (tmp_path / "here").mkdir()
    Image.new("L", (16, 16)).save(tmp_path / "here" / "0.png")
    Image.new("RGB", (16, 16), "red").save(tmp_path / "here" / "1.png")
    np.savez(tmp_path / "small.npz", images=np.zeros((2, 8, 8), np.uint8))
    before = set(tmp_path.iterdir())
    result = ganzoo(*(run if a == "RUN" else a for a in arguments))
    assert result.exit_code == 2 and words in " ".join(result.stderr.split()), result.stderr
    assert result.stderr.count("Error:") == 1 and set(tmp_path.iterdir()) == before
