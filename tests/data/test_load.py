"""Any set by its name or its path."""

import importlib
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import ganzoo.data
from ganzoo.data import load, sets
from ganzoo.data.image_set import ImageSet
from ganzoo.data.source import Source
from ganzoo.data.sources import unown_original
from ganzoo.errors import InputError
from ganzoo.registry import Entry


class Dots(Source):
    """Dots of one brightness."""

    def __init__(self, brightness: int = 7):
        self.brightness = brightness

    def load(self, resolution: int, per_class: int | None = None) -> ImageSet:
        shape = (per_class or 4, resolution, resolution, 1)
        images = np.full(shape, self.brightness, np.uint8)
        return ImageSet("dots", images, np.zeros(len(images), np.int32))


@pytest.fixture(autouse=True)
def dots_are_known(monkeypatch):
    entry = Entry("dots", f"{__name__}:Dots", "Dots of one brightness.")
    monkeypatch.setitem(sets.__dict__, "entries", {"dots": entry, "unown": entry})


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def fill(folder: Path, count: int = 3) -> Path:
    folder.mkdir(parents=True)
    for number in range(count):
        Image.new("L", (8, 8), number).save(folder / f"{number}.png")
    return folder


def refusal(*arguments, **keywords) -> str:
    with pytest.raises(InputError) as caught:
        load(*arguments, **keywords)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_name():
    images = load("dots", 8, 5)
    assert (images.name, images.images.shape) == ("dots", (5, 8, 8, 1))


def test_resolution_is_56_unless_said(here):
    assert load("dots").resolution == 56
    assert load(fill(here / "photos")).resolution == 56


def test_name_with_options():
    assert load("dots:brightness=9", 8).images.max() == 9


def test_class_of_ones_own(here, monkeypatch):
    monkeypatch.syspath_prepend(here)
    (here / "my_package").mkdir()
    (here / "my_package/circles.py").write_text(
        "import numpy as np\n"
        "from ganzoo.data import ImageSet, Source\n"
        "class Circles(Source):\n"
        "    def load(self, resolution, per_class=None):\n"
        "        images = np.zeros((2, resolution, resolution, 1), np.uint8)\n"
        "        return ImageSet('circles', images, np.zeros(2, np.int32))\n"
    )
    importlib.invalidate_caches()
    assert load("my_package.circles:Circles", 8).name == "circles"


def test_class_that_is_not_there():
    message = refusal("no_such_package.module:Class")
    assert "cannot be imported from no_such_package.module:Class" in message


@pytest.mark.parametrize("spell", [str, Path, lambda p: f"{p}/"])
def test_folder(here, spell):
    images = load(spell(fill(here / "my photos")), 8)
    assert (len(images), images.name) == (3, "my-photos")


@pytest.mark.parametrize("path", ["photos", "./photos", "../x/photos"])
def test_relative_folder(tmp_path, monkeypatch, path):
    fill(tmp_path / "x/photos")
    monkeypatch.chdir(tmp_path / "x")
    assert load(path, 8).name == "photos"


def test_current_folder_has_the_name_it_has(tmp_path, monkeypatch):
    monkeypatch.chdir(fill(tmp_path / "photos"))
    assert load(".", 8).name == "photos"


def test_home(here, monkeypatch):
    monkeypatch.setenv("HOME", str(here))
    monkeypatch.setenv("USERPROFILE", str(here))
    fill(here / "photos")
    assert len(load("~/photos", 8)) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="Windows makes up home folders")
def test_home_of_nobody():
    assert "there is no such home folder" in refusal("~no-such-user-here/photos")


@pytest.mark.parametrize("suffix", [".zip", ".ZIP"])
def test_zip(here, suffix):
    with zipfile.ZipFile(here / f"photos{suffix}", "w") as file:
        for path in fill(here / "x").iterdir():
            file.write(path, path.name)
    assert load(f"photos{suffix}", 8).name == "photos"


def test_arrays(here):
    array = np.random.default_rng(0).integers(0, 256, (3, 8, 8), np.uint8)
    np.save(here / "a.npy", array)
    np.savez(here / "b.npz", images=array)
    assert load("a.npy", 8).sha256 == load("b.npz", 8).sha256


def test_name_wins_over_a_folder_and_says_so(here):
    fill(here / "dots")
    lines = []
    assert load("dots", 8, report=lines.append).images.max() == 7
    assert lines == ["'dots' is taken as the name of a set; write ./dots for the path"]


@pytest.mark.parametrize("spell", ["./dots", Path("dots")])
def test_path_wins_when_written_as_a_path(here, spell):
    fill(here / "dots")
    lines = []
    assert load(spell, 8, report=lines.append).images.max() == 2
    assert not any("taken as the name" in line for line in lines)


def test_folder_of_originals_goes_to_the_recipe(here, monkeypatch):
    fill(here / "letters")
    monkeypatch.setattr(unown_original, "is_originals", lambda path: path.name == "letters")
    given = []
    recipe = ImageSet("recipe", np.zeros((2, 8, 8, 1), np.uint8), np.zeros(2, np.int32))
    monkeypatch.setattr(
        unown_original, "from_folder", lambda *arguments: given.append(arguments) or recipe
    )
    assert load("letters", 8, 3) is recipe
    assert given == [(Path("letters"), 8, 3)]
    assert len(load(fill(here / "others"), 8)) == 3


def test_notes_reach_the_caller(here):
    fill(here / "photos")
    lines = []
    load("photos", 16, report=lines.append)
    assert lines == [
        "3 of 3 images were smaller than 16x16: enlarged",
        "size of the images: 8x8, enlarged to 16x16; a schedule that fits: 4:136,8:184:50",
        "brightest pixel of all images is 2 of 255, darkest 0; --levels auto makes that white "
        "and black",
    ]


def test_close_name_is_suggested():
    assert refusal("unwon") == (
        "There is no data set and no path 'unwon'. Did you mean 'unown'? "
        "Known sets: dots, unown; or give a folder of images, a .zip, .npz or .npy file, "
        "or package.module:Class."
    )


def test_close_path_is_suggested(here):
    fill(here / "data/photos")
    assert f"Did you mean '{Path('data/photos')}'?" in refusal("data/photo")
    assert "Did you mean" not in refusal("data/unwon")


def test_nothing_close_is_not_suggested():
    assert "Did you mean" not in refusal("zzzzzzzz/qqqqqqq")


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("photos.odd", ""),
        ("photos.rar", " Unpack it into a folder and give that."),
        (
            "data.h5",
            " For HDF5: import h5py, numpy; f = h5py.File('data.h5'); numpy.savez('data.npz', "
            "images=f['KEY'][:]), with KEY one of list(f).",
        ),
    ],
)
def test_file_of_another_kind(here, name, advice):
    (here / name).write_bytes(b"x")
    assert refusal(name) == (
        f"{name!r} is a file of another kind: give a folder of images, "
        f"or a .zip, .npz or .npy file.{advice}"
    )


@pytest.mark.parametrize(("resolution", "per_class"), [(0, None), (-1, None), (8, 0), (8, -2)])
def test_impossible_numbers(resolution, per_class):
    assert "must be 1" in refusal("dots", resolution, per_class)


def test_importing_is_light():
    code = (
        "import sys, ganzoo.data\n"
        "heavy = {'keras', 'numpy', 'PIL', 'scipy', 'tensorflow', 'torch', 'jax'}\n"
        "print(sorted(heavy & set(sys.modules)), callable(ganzoo.data.load))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[] True"


def test_package_gives_its_names():
    from ganzoo.data import load as again

    assert again is load
    assert ganzoo.data.ImageSet is ImageSet
    assert ganzoo.data.Source is Source
    with pytest.raises(AttributeError, match="no attribute 'Imageset'"):
        _ = ganzoo.data.Imageset
