"""`ganzoo generate` and `ganzoo interpolate`, on a run made for it."""

import json
import shutil

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image

from ganzoo.data.sheet import plain_sheet
from ganzoo.files.sealed import seal, unseal


def test_npz_png_and_folder_hold_the_same_images(ganzoo, run, tmp_path):
    for out in ("fakes.npz", "sheet.png", "folder", "upper.PNG", "upper.NPZ"):
        result = ganzoo("generate", run, "--count", 70, "--seed", 5, "--out", out)
        assert result.exit_code == 0, result.output
    images = np.load("fakes.npz")["images"]
    assert images.shape == (70, 16, 16, 1) and images.dtype == np.uint8
    assert len(np.unique(images.reshape(70, -1), axis=0)) == 70
    paths = sorted((tmp_path / "folder").iterdir())
    assert [p.name for p in paths] == [f"{i:06d}.png" for i in range(70)]
    np.testing.assert_array_equal(np.stack([Image.open(p) for p in paths]), images[..., 0])
    assert (tmp_path / "upper.PNG").read_bytes() == (tmp_path / "sheet.png").read_bytes()
    np.testing.assert_array_equal(np.load("upper.NPZ")["images"], images)
    sheet = np.array(plain_sheet("sheet.png"))
    np.testing.assert_array_equal(sheet[2:18, 2:18], images[0, ..., 0])


def test_a_sheet_is_large_and_says_what_it_shows(ganzoo, run):
    assert ganzoo("generate", run, "--count", 6, "--seed", 5).exit_code == 0
    with Image.open("generated.png") as picture:
        assert max(picture.size) >= 900
        about = "00000-squares-wgan-gp, checkpoint 000000.160, seed 5"
        assert picture.info["Description"] == about


@pytest.mark.parametrize(
    ("out", "where"),
    [
        ("x.npz", lambda: np.load("x.npz")["latents"]),
        ("folder", lambda: np.load("folder/latents.npy")),
    ],
)
def test_latents_are_saved_beside_their_images(ganzoo, run, out, where):
    from ganzoo.samples import generate
    from ganzoo.training.run import Run
    from ganzoo.training.trained import load_generator

    options = ("--count", 3, "--seed", 5)
    assert ganzoo("generate", run, *options, "--save-latents", "--out", out).exit_code == 0
    latents = where()
    assert latents.shape == (3, 8) and latents.dtype == np.float32
    assert ganzoo("generate", run, *options, "--out", "plain.npz").exit_code == 0
    with np.load("plain.npz") as plain:
        assert plain.files == ["images"]
        images = plain["images"]
    made = generate(load_generator(Run.open(run)), latents)
    np.testing.assert_array_equal(made, images)
    result = ganzoo("data", "preview", out, "--resolution", 16, "--out", "sheet.png")
    assert result.exit_code == 0 and "images: 3\n" in result.stdout


def test_a_sheet_holds_no_latents(ganzoo, run, tmp_path):
    result = ganzoo("generate", run, "--save-latents", "--out", "sheet.png")
    assert result.exit_code == 2 and not list(tmp_path.iterdir())
    assert result.stderr == "Error: A PNG holds no latents. Give --out X.npz or a folder.\n"


def test_a_sheet_is_png_alone(ganzoo, run, tmp_path):
    result = ganzoo("generate", run, "--out", "sheet.jpg")
    assert result.exit_code == 2 and "--out sheet.png" in result.stderr
    assert not (tmp_path / "sheet.jpg").exists()


def test_an_image_depends_on_the_seed_and_not_on_the_count(ganzoo, run):
    for name, count, seed in (("a", 3, 5), ("b", 70, 5), ("c", 3, 6)):
        ganzoo("generate", run, "--count", count, "--seed", seed, "--out", f"{name}.npz")
    a, b, c = (np.load(f"{name}.npz")["images"] for name in "abc")
    np.testing.assert_array_equal(a, b[:3])
    assert (a != c).any()


def test_an_earlier_checkpoint_is_an_earlier_generator(ganzoo, run):
    first = "000000.080"
    ganzoo("generate", run, "--checkpoint", first, "--out", "first.npz")
    assert np.load("first.npz")["images"].shape == (56, 8, 8, 1)
    result = ganzoo("generate", run, "--checkpoint", "1", "--out", "x.npz")
    assert result.exit_code == 2
    assert f"no checkpoint '1'. It has: {first}, 000000.160." in result.stderr


def test_generated_images_are_those_of_the_average_in_the_checkpoint(ganzoo, run):
    from ganzoo.samples import draw_latents, to_uint8
    from ganzoo.training.run import Run
    from ganzoo.training.trained import load_generator

    generator = load_generator(Run.open(run))
    latents = draw_latents(5, "generate", 4, 8)
    expected = to_uint8(generator.predict(latents, verbose=0))
    ganzoo("generate", run, "--count", 4, "--seed", 5, "--out", "fakes.npz")
    made = np.load("fakes.npz")["images"].astype(int)
    assert abs(made - expected).max() <= 1


def test_interpolation_makes_a_looping_gif_and_a_sheet(ganzoo, run):
    result = ganzoo(
        "interpolate", run, "--rows", 2, "--steps", 5, "--frames", 4, "--out", "walk"
    )
    assert result.exit_code == 0, result.output
    assert plain_sheet("walk.png").size == (5 * 18 + 2, 2 * 18 + 2)
    gif = Image.open("walk.gif")
    assert gif.n_frames == 12 and gif.info["loop"] == 0 and max(gif.size) >= 600


def test_an_ending_says_what_is_made(ganzoo, run, tmp_path):
    options = ("--rows", 2, "--steps", 2, "--frames", 2)
    result = ganzoo("interpolate", run, *options, "--out", "walk.mp4", "--out", "sheet.PNG")
    assert result.exit_code == 0, result.output
    assert result.output == "walk.mp4 and sheet.PNG\n"
    assert {path.name for path in tmp_path.iterdir()} == {"walk.mp4", "sheet.PNG"}
    assert imageio_ffmpeg.count_frames_and_secs("walk.mp4") == (6, 0.3)


def test_an_unknown_ending_is_refused(ganzoo, run, tmp_path):
    result = ganzoo("interpolate", run, "--out", "walk.webm")
    assert result.exit_code == 2 and list(tmp_path.iterdir()) == []
    assert result.stderr == (
        "Error: --out 'walk.webm' ends in .webm: let it end in .png for a sheet, in .gif or "
        ".mp4 for a film.\n"
    )


def test_walks_stay_within_a_category_unless_asked(ganzoo, run):
    options = ("--rows", 4, "--steps", 12)
    for name, more in (("within", ()), ("across", ("--across",))):
        result = ganzoo("interpolate", run, *options, *more, "--out", f"{name}.png")
        assert result.exit_code == 0, result.output
    with Image.open("within.png") as within, Image.open("across.png") as across:
        assert within.info["Description"].endswith("seed 0, each walk within a category")
        assert across.info["Description"].endswith("seed 0, a bright frame: another category")


def test_a_film_shows_each_checkpoint_at_one_size(ganzoo, run, tmp_path):
    for name in ("film.gif", "film.mp4"):
        result = ganzoo("film", run, "--seconds", 1, "--out", name)
        assert (result.exit_code, result.output) == (0, f"2 checkpoints in {name}\n")
    film = Image.open("film.gif")
    assert film.n_frames == 2 and max(film.size) >= 600
    durations = []
    for frame in range(2):
        film.seek(frame)
        durations.append(film.info["duration"])
    assert durations == [500, 2500]
    assert imageio_ffmpeg.count_frames_and_secs("film.mp4") == (60, 3.0)


def test_a_film_has_the_latents_of_the_sheets(ganzoo, run):
    from ganzoo.training.film import frames
    from ganzoo.training.run import Run

    small, last = frames(Run.open(run))
    assert small.size == last.size
    sheet = plain_sheet(run / "fakes000000.160.png")
    side = last.width // sheet.width
    shown = np.asarray(last)[: sheet.height * side : side, : sheet.width * side : side]
    assert abs(shown.astype(int) - np.asarray(sheet)).max() <= 1


@pytest.mark.parametrize(
    ("out", "message"),
    [
        ("film.png", "is not the name of a film: let it end in .gif or .mp4."),
        ("no/film.gif", "There is no folder 'no' for --out."),
    ],
)
def test_a_film_that_cannot_be_written_is_refused(ganzoo, run, out, message):
    result = ganzoo("film", run, "--out", out)
    assert result.exit_code == 2 and message in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_one_checkpoint_makes_no_film(ganzoo, run, tmp_path):
    copy = shutil.copytree(run, tmp_path / "copy")
    shutil.rmtree(copy / "checkpoints" / "000000.080")
    result = ganzoo("film", copy)
    assert (
        result.exit_code == 2 and "has 1 checkpoint(s), and a film needs two" in result.stderr
    )


@pytest.mark.parametrize(("out", "stem"), [("seed0.1", "seed0.1"), ("walk", "walk")])
def test_interpolation_keeps_the_dots_of_its_stem(ganzoo, run, tmp_path, out, stem):
    options = ("--rows", 1, "--steps", 2, "--frames", 2)
    assert ganzoo("interpolate", run, *options, "--out", out).exit_code == 0
    assert {path.name for path in tmp_path.iterdir()} == {f"{stem}.gif", f"{stem}.png"}


def test_interpolation_into_no_folder_is_refused_before_a_network_is_read(ganzoo, run):
    result = ganzoo("interpolate", run, "--checkpoint", "none", "--out", "no/walk")
    assert result.exit_code == 2
    assert result.stderr == "Error: There is no folder 'no' for --out. Make it first.\n"


def test_slerp_goes_from_one_end_to_the_other_at_a_likely_length():
    from ganzoo.samples import slerp

    start, end = np.array([3.0, 0.0]), np.array([0.0, 3.0])
    path = slerp(start, end, np.array([0.0, 1 / 3, 1.0]))
    np.testing.assert_allclose(path, [start, [3 * 0.75**0.5, 1.5], end], atol=1e-12)
    np.testing.assert_allclose(slerp(start, start, np.array([0.5])), [start])


@pytest.mark.parametrize("command", ["generate", "interpolate"])
def test_what_is_not_a_run_is_refused(ganzoo, tmp_path, command):
    (tmp_path / "folder").mkdir()
    result = ganzoo(command, "folder")
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: 'folder' is not a run: it holds no config.json.")


@pytest.mark.parametrize(
    ("out", "message"),
    [("no/where.npz", "Make it first"), ("full", "is not empty"), ("a_file", "is a file")],
)
def test_a_target_that_cannot_be_written_is_refused(ganzoo, run, tmp_path, out, message):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    (tmp_path / "a_file").touch()
    result = ganzoo("generate", run, "--out", out)
    assert result.exit_code == 2 and message in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ('{"model_type": "bert"}', "config.json is not of a run of ganzoo"),
        ("[]", "it holds no JSON object"),
        ('{"schedule": 5, "architecture": "x"}', "config.json has no key 'loss'"),
    ],
)
def test_a_config_of_something_else_is_one_line(ganzoo, tmp_path, config, message):
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "config.json").write_text(config)
    result = ganzoo("generate", "model", "--out", "x.npz")
    assert result.exit_code == 2 and message in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_what_is_no_checkpoint_is_not_taken_for_the_newest(ganzoo, run, tmp_path):
    copy = shutil.copytree(run, tmp_path / "copy")
    (copy / "checkpoints" / "notes.txt").write_text("mine")
    assert ganzoo("generate", copy, "--count", 4, "--out", "x.npz").exit_code == 0
    manifest = max((copy / "checkpoints").glob("*/manifest.json"))
    content = unseal(json.loads(manifest.read_text())) | {"stage": 7}
    manifest.write_text(json.dumps(seal(content)))
    result = ganzoo("generate", copy, "--out", "y.npz")
    assert result.exit_code == 2 and "do not belong together" in result.stderr


def test_a_run_without_a_checkpoint_says_how_to_go_on(ganzoo, run, tmp_path):
    (tmp_path / "early").mkdir()
    (tmp_path / "early" / "config.json").write_bytes((run / "config.json").read_bytes())
    result = ganzoo("generate", "early")
    assert result.exit_code == 2 and "ganzoo train --resume early" in result.stderr


def test_truncated_latents_are_saved_and_named(ganzoo, run):
    options = ("--count", 8, "--truncation", 0.5)
    assert ganzoo("generate", run, *options, "--save-latents", "--out", "x.npz").exit_code == 0
    with np.load("x.npz") as made:
        assert 0.3 < np.abs(made["latents"]).max() <= 0.5
    assert ganzoo("generate", run, *options, "--out", "x.png").exit_code == 0
    with Image.open("x.png") as picture:
        assert picture.info["Description"].endswith("seed 0, truncation 0.5")
    bad = ganzoo("generate", run, "--truncation", 0)
    assert bad.exit_code == 2 and len(bad.stderr.splitlines()) == 1
