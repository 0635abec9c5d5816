"""`ganzoo data`: list, preview, build, fetch."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from ganzoo.cli.data import data
from ganzoo.data import load, sets, store
from ganzoo.data.image_set import ImageSet
from ganzoo.data.source import Source
from ganzoo.errors import InputError, RunError
from ganzoo.registry import Entry


class Dots(Source):
    """Dots in two classes, some held out."""

    def load(self, resolution: int, per_class: int | None = None) -> ImageSet:
        count = per_class or 3
        labels = np.repeat(np.arange(2, dtype=np.int32), count)
        shape = (2 * count, resolution, resolution, 1)
        images = np.broadcast_to((10 * labels + 5)[:, None, None, None], shape).astype(np.uint8)
        held_out = ImageSet("dots-held-out", images[:2], labels[:2], ("dim", "bright"))
        return ImageSet("dots", images, labels, ("dim", "bright"), held_out)


class Far(Dots):
    """Dots that are elsewhere."""

    def fetch(self, url=None, report=print) -> Path:
        report(f"from {url}")
        return Path("cache/far")


@pytest.fixture(autouse=True)
def sets_for_the_test(monkeypatch):
    entries = {
        "dots": Entry("dots", f"{__name__}:Dots", "Dots in two classes."),
        "far": Entry("far", f"{__name__}:Far", "Dots that are elsewhere."),
    }
    monkeypatch.setitem(sets.__dict__, "entries", entries)


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def invoke(*arguments):
    return CliRunner().invoke(data, [*arguments])


def good(*arguments) -> str:
    result = invoke(*arguments)
    assert result.exit_code == 0, result.exception
    return result.stdout


def bad(kind, *arguments) -> str:
    result = invoke(*arguments)
    assert isinstance(result.exception, kind), result.output
    assert "\n" not in str(result.exception)
    return str(result.exception)


@pytest.fixture
def photos(here):
    for name, value in (("cat", 1), ("dog", 2)):
        (here / "photos" / name).mkdir(parents=True)
        for number in range(2):
            Image.new("L", (9, 8), 10 * value + number).save(
                here / f"photos/{name}/{number}.png"
            )
    return here / "photos"


def test_list():
    lines = good("list").splitlines()[1:]
    assert [line.split()[0] for line in lines] == ["dots", "far"]
    assert "here" in lines[0]
    assert "to fetch" in lines[1]
    assert lines[1].endswith("Dots that are elsewhere.")


def test_list_for_programs():
    assert json.loads(good("list", "--json")) == [
        {
            "name": "dots",
            "summary": "Dots in two classes.",
            "origin": "plug-in",
            "here": True,
        },
        {
            "name": "far",
            "summary": "Dots that are elsewhere.",
            "origin": "plug-in",
            "here": False,
        },
    ]


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("no_such_package.sets:Gone", "points at no_such_package.sets:Gone, which is not"),
        (f"{__name__}:Gone", f"cannot be imported from {__name__}:Gone"),
    ],
)
def test_broken_plug_in_is_one_warning(monkeypatch, target, said):
    monkeypatch.setitem(sets.entries, "gone", Entry("gone", target))
    result = invoke("list")
    assert [line.split()[0] for line in result.stdout.splitlines()[1:]] == ["dots", "far"]
    (line,) = result.stderr.splitlines()
    assert line.startswith("warning: The data set 'gone'")
    assert said in line


def test_preview_shows_one_of_each_class_first(here):
    out = good("preview", "dots", "--resolution", "8", "--count", "2")
    assert out == (
        "images: 6, 2 held out\n"
        "size: 8x8\n"
        "channels: 1\n"
        "classes: 2 (dim, bright)\n"
        f"sha256: {load('dots', 8).sha256}\n"
        "sheet: preview.png\n"
    )
    with Image.open(here / "preview.png") as image:
        assert image.size[0] == 22 * 41  # Enlarged, with a caption below.
        canvas = np.asarray(image.convert("L"))[20 : 12 * 41 : 41, 20::41]
    assert (canvas[2:10, 2:10] == 5).all()
    assert (canvas[2:10, 12:20] == 15).all()


def test_preview_of_ones_own_images_with_notes(photos):
    result = invoke("preview", "photos", "--resolution", "4", "--out", "sheet.png")
    assert result.exit_code == 0
    assert "images: 4\nsize: 4x4\nchannels: 1\nclasses: 2 (cat, dog)\n" in result.stdout
    notes = result.stderr.splitlines()
    assert all(line.startswith("note: ") for line in notes)
    assert notes[0].startswith("note: 4 of 4 images were not square: centre-cropped")
    assert "--fit pad" in notes[0] and "9x8, shrunk to 4x4" in notes[1]
    assert Path("sheet.png").exists()


def test_a_set_on_disk_is_shown_and_built_alike(photos, here, monkeypatch):
    monkeypatch.setenv("GANZOO_CACHE", str(here / "cache"))
    found = {}
    for limit in (10**6, 0):
        monkeypatch.setattr(store, "limit", lambda limit=limit: limit)
        result = invoke("preview", "photos", "--resolution", "4")
        good("build", "photos", "--out", "x.npz", "--resolution", "4", "--force")
        assert ("streaming 4 images" in result.stderr) == (limit == 0)
        monkeypatch.setattr(store, "limit", lambda: 10**6)
        found[limit] = result.stdout, Path("preview.png").read_bytes(), load("x.npz", 4).sha256
    assert found[0] == found[10**6] and found[0][2] in found[0][0]


@pytest.mark.parametrize("command", ["preview", "build"])
def test_output_is_checked_before_the_work(command):
    wanted = ".png" if command == "preview" else ".npz"
    assert bad(InputError, command, "dots", "--out", "x.txt") == (
        f"x.txt does not end in {wanted}. Write --out x{wanted}."
    )
    gone = Path("gone") / f"x{wanted}"
    assert bad(InputError, command, "dots", "--out", str(gone)).startswith(
        "There is no folder 'gone' for --out."
    )


def test_build_reads_back_as_the_same_set():
    out = good("build", "dots", "--out", "x.npz", "--resolution", "8")
    assert out.endswith("file: x.npz\n")
    with np.load("x.npz", allow_pickle=False) as arrays:
        assert sorted(arrays) == [
            "classes",
            "held_out_images",
            "held_out_labels",
            "images",
            "labels",
        ]
        assert arrays["classes"].tolist() == ["dim", "bright"]
    back = load("x.npz", 8)
    assert back.sha256 == load("dots", 8).sha256
    assert back.held_out is not None
    assert f"sha256: {back.sha256}" in out


def test_build_of_ones_own_images_per_class(photos):
    good("build", "photos", "--out", "x.npz", "--resolution", "8", "--per-class", "1")
    images = load("x.npz", 8)
    assert (len(images), images.classes) == (2, ("cat", "dog"))
    assert images.images[:, 0, 0, 0].tolist() == [10, 20]


def test_build_does_not_write_over_a_file_unless_told(here):
    (here / "x.npz").write_bytes(b"mine")
    assert "--force" in bad(InputError, "build", "dots", "--out", "x.npz")
    assert (here / "x.npz").read_bytes() == b"mine"
    good("build", "dots", "--out", "x.npz", "--resolution", "8", "--force")
    assert len(load("x.npz", 8)) == 6


def test_disk_that_cannot_be_written_is_one_line(here, monkeypatch):
    def full(*arguments, **keywords):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez_compressed", full)
    assert bad(RunError, "build", "dots", "--out", "x.npz", "--resolution", "8") == (
        "x.npz cannot be written: No space left on device. Choose another place with --out."
    )
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    "command", [["preview", "dosts"], ["build", "dosts", "--out", "x.npz"]]
)
def test_unknown_set(command):
    assert "Did you mean 'dots'?" in bad(InputError, *command)


def test_fetch():
    result = invoke("fetch", "far", "--from", "https://mirror.example")
    assert result.stderr == "note: from https://mirror.example\n"
    assert result.stdout == f"folder: {Path('cache/far')}\n"


def test_a_preview_does_not_become_an_image_of_the_set(tmp_path):
    (tmp_path / "photos").mkdir()
    said = bad(InputError, "preview", "photos", "--out", "photos/preview.png")
    assert "would become one of the images in photos" in said


def test_features_are_not_written_over_a_file(tmp_path):
    (tmp_path / "mine.npz").write_text("mine")
    assert "is there already" in bad(InputError, "features", "dots", "--out", "mine.npz")
    assert (tmp_path / "mine.npz").read_text() == "mine"


def test_nothing_to_fetch():
    assert bad(InputError, "fetch", "dots") == (
        "There is nothing to fetch for the data set 'dots': it needs no network. "
        "Look at it with: ganzoo data preview dots"
    )


def test_fetch_of_an_unknown_set():
    assert "There is no data set 'fra'. Did you mean 'far'?" in bad(InputError, "fetch", "fra")


@pytest.mark.parametrize("command", ["list", "preview", "build", "fetch"])
def test_help_teaches_with_an_example(command):
    text = good(command, "--help")
    assert f"ganzoo data {command}" in text.partition("Example:")[2]
    assert max(map(len, text.splitlines())) <= 80


def test_help_needs_nothing_heavy():
    code = (
        "import sys\nfrom ganzoo.cli.data import data\n"
        "data.main(['--help'], standalone_mode=False)\n"
        "print('heavy:', sorted({'keras', 'numpy', 'PIL'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert run.stdout.endswith("heavy: []\n")
