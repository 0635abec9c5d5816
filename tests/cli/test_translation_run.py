"""Runs that translate: they stop, go on, translate folders, and say what they cannot do."""

import json
import shutil

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from ganzoo.loaded_run import LoadedRun
from ganzoo.training import checkpoint
from ganzoo.training.run import Run

NETWORKS = "width=8,discriminator_width=4"


def two_classes(squares, labels, path):
    """The squares with labels, 0 and 1, as an .npz file."""
    with np.load(squares) as file:
        np.savez(path, images=file["images"], labels=labels.astype(int))


UNEQUAL = np.arange(32) % 8 >= 5  # 20 images of one class, 12 of another.


@pytest.fixture(scope="session")
def settings(small):
    """Options of a short training, without data, networks and loss."""
    place = small.index("--arch")
    return [*small[2:place], *small[place + 2 : small.index("--loss")]]


@pytest.fixture
def train(ganzoo, settings, squares, tmp_path):
    """`train("cyclegan")` makes a run of two unequal classes."""
    two_classes(squares, UNEQUAL, tmp_path / "two.npz")
    return lambda model, *options: ganzoo(
        "train", "--data", "two.npz", *settings, "--model", model, *options
    )


@pytest.fixture(scope="session")
def trained(settings, squares, tmp_path_factory):
    """The folder of a CycleGAN's run that has grown, for those who only read it."""
    from ganzoo.cli import main

    folder = tmp_path_factory.mktemp("translated")
    two_classes(squares, UNEQUAL, folder / "two.npz")
    own = ("--model", "cyclegan:buffer=6", "--arch", f"resnet-translator:{NETWORKS},depth=1")
    command = ["train", "--data", str(folder / "two.npz"), *settings, *own]
    result = CliRunner().invoke(main, [*command, "--outdir", str(folder)])
    assert result.exit_code == 0, result.output
    assert "Next: ganzoo translate " in result.output
    return folder / "00000-two-cyclegan-lsgan"


@pytest.fixture
def translated(trained, squares, tmp_path):
    """That run, in a folder with its images."""
    two_classes(squares, UNEQUAL, tmp_path / "two.npz")
    return Run(trained)


def test_it_goes_on_bit_for_bit(ganzoo, trained, tmp_path):
    run = Run(shutil.copytree(trained, tmp_path / "run"))
    config = json.loads((run.path / "config.json").read_text())
    assert config["loss"].startswith("lsgan") and config["penalties"] == []
    weights = checkpoint.load(run.checkpoints[-1])[0]
    assert (
        weights["buffer_a/images"].shape == (6, 16, 16, 1) and weights["buffer_b/filled"] == 6
    )
    (run.path / "result.json").unlink()
    for path in run.checkpoints[1:]:
        for file in path.iterdir():
            file.unlink()
        path.rmdir()
    assert ganzoo("train", "--resume", run.path).exit_code == 0
    again = checkpoint.load(run.checkpoints[-1])[0]
    assert weights.keys() == again.keys()
    assert all(np.array_equal(weights[name], again[name]) for name in weights)


def test_images_are_translated_both_ways(ganzoo, translated):
    run = translated
    done = ganzoo("translate", run.path, "two.npz", "--to", "B", "--out", "b.npz")
    assert done.exit_code == 0 and done.output.endswith("32 images in b.npz\n"), done.output
    with np.load("b.npz") as file:
        to_b = file["images"]
    assert to_b.shape == (32, 16, 16, 1)
    assert ganzoo("translate", run.path, "two.npz", "--to", "1", "--out", "b").exit_code == 0
    loaded = LoadedRun(run.path)
    with np.load("two.npz") as file:
        pixels = file["images"][..., None]
    np.testing.assert_array_equal(loaded.translate(pixels), to_b)
    assert not np.array_equal(loaded.translate(pixels, to="A"), to_b)
    first = np.asarray(Image.open("b/000000.png"))
    np.testing.assert_array_equal(first, to_b[0, ..., 0])
    assert ganzoo("translate", run.path, "b", "--to", "A", "--out", "a.png").exit_code == 0
    with Image.open("a.png") as sheet:
        assert "rows: 1, 1 to 0, back to 1" in sheet.text["Description"]


def test_any_number_of_images_is_translated(ganzoo, translated, tmp_path):
    (tmp_path / "one").mkdir()
    Image.fromarray(np.full((16, 16), 200, np.uint8)).save(tmp_path / "one" / "x.png")
    done = ganzoo("translate", translated.path, "one", "--to", "B")
    assert done.exit_code == 0 and done.output.endswith("1 image in translated\n")
    (tmp_path / "none").mkdir()
    refused = ganzoo("translate", translated.path, "none", "--to", "B", "--out", "c")
    assert refused.exit_code == 2 and refused.stderr.startswith("Error: ")
    assert not (tmp_path / "c").exists()


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("translate", "RUN", "two.npz", "--to", "C"), "translates to B (1) and A (0)"),
        (("translate", "RUN", "colour", "--to", "B"), "in colour"),
        (("translate", "RUN", "nowhere", "--to", "B"), "no path 'nowhere'"),
        (("translate", "RUN", "two.npz", "--to", "B", "--out", "no/x"), "no folder 'no'"),
        (("translate", "RUN", "two.npz", "--to", "B", "--out", "x.jpg"), "--out x.png"),
        (("generate", "RUN"), "makes images of images"),
        (("interpolate", "RUN"), "makes images of images"),
        (("export", "RUN", "--out", "x.keras"), "makes images of images"),
        (("evaluate", "RUN"), "letters-unown"),
        (("evaluate", "RUN", "--data", "unown"), "leave out --data"),
    ],
)
def test_what_cannot_be_done_is_one_line(ganzoo, translated, tmp_path, command, said):
    (tmp_path / "colour").mkdir()
    for i in range(2):
        colours = np.full((16, 16, 3), (200, 20 * i, 0), np.uint8)
        Image.fromarray(colours).save(tmp_path / "colour" / f"{i}.png")
    refused = ganzoo(*(str(translated.path) if word == "RUN" else word for word in command))
    assert refused.exit_code == 2, refused.output
    assert said in " ".join(refused.stderr.split()), refused.stderr
    assert refused.stderr.startswith("Error: ")


def test_domains_that_are_no_two_are_said(ganzoo, trained, tmp_path):
    # As of a run of an earlier version, whose checkpoints do not hold what the config said.
    run = Run(shutil.copytree(trained, tmp_path / "run"))
    run.write_json("config.json", run.config | {"classes": ["a"]})
    for folder in run.checkpoints:
        path = folder / "manifest.json"
        said = json.loads(path.read_text())
        kept = {k: v for k, v in said.items() if k not in ("settings", "checksum")}
        path.write_text(json.dumps(kept))
    refused = ganzoo("translate", run.path, trained.parent / "two.npz", "--to", "B")
    assert refused.exit_code == 2, refused.output
    assert "'classes' has 1 names" in " ".join(refused.stderr.split())


def test_pix2pix_translates_one_way_and_takes_pairs_alone(ganzoo, train, squares, tmp_path):
    refused = train("pix2pix", "--arch", f"unet-translator:{NETWORKS}")
    assert refused.exit_code == 2 and "20 of '0' and 12 of '1'" in refused.stderr
    with np.load(squares) as file:
        np.savez(tmp_path / "two.npz", images=file["images"], labels=np.arange(32) % 2)
    done = train("pix2pix", "--arch", f"unet-translator:{NETWORKS}")
    assert done.exit_code == 0, done.output
    (run,) = (tmp_path / "runs").iterdir()
    assert ganzoo("translate", run, "two.npz", "--to", "B", "--out", "b.png").exit_code == 0
    refused = ganzoo("translate", run, "two.npz", "--to", "A", "--out", "a.png")
    assert refused.exit_code == 2 and "translates to B (1), not to 'A'" in refused.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--batch", 7), "an even number"),
        (("--score", 16), "leave score out"),
        (("--no-labels",), "has 1"),
        (("--condition", "labels"), "no use for condition"),
        (("--arch", "progressive-dcgan"), "resnet-translator, unet-translator"),
    ],
)
def test_what_it_cannot_be_trained_with_is_said_before(train, options, said, tmp_path):
    refused = train("cyclegan", *options)
    assert refused.exit_code == 2, refused.output
    assert said in " ".join(refused.stderr.split())
    assert not (tmp_path / "runs").exists()
