import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ganzoo.data import cache
from ganzoo.data.image_set import ImageSet

NAME = "a" * 64


def made(value=7):
    labels = np.arange(4, dtype=np.int32) % 2
    train = np.full((4, 6, 6, 1), value, np.uint8)
    classes = ("A", "Ö")
    held_out = ImageSet("some", train[:2] + 1, labels[:2], classes)
    return ImageSet("some", train, labels, classes, held_out)


class Maker:
    """Makes a set and counts how often."""

    def __init__(self):
        self.calls = 0

    def __call__(self):
        self.calls += 1
        return made()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "deep" / "cache"))
    return tmp_path / "deep" / "cache"


def test_a_set_is_made_once_and_comes_back_whole(folder):
    make = Maker()
    first, second = cache.kept(NAME, make), cache.kept(NAME, make)
    assert make.calls == 1
    assert second.sha256 == first.sha256 == made().sha256
    assert second.held_out.sha256 == made().held_out.sha256
    assert (second.name, second.classes) == ("some", ("A", "Ö"))
    assert (second.images.dtype, second.labels.dtype) == (np.uint8, np.int32)
    assert [path.name for path in folder.iterdir()] == [f"{NAME}.npz"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[: len(content) // 2],
        lambda content: b"not a zip file at all",
        lambda content: content.replace(b"\x07" * 36, b"\x07" * 35 + b"\x00"),
        lambda content: b"\x80\x04N.",
    ],
    ids=["empty", "cut short", "text", "one pixel", "pickle"],
)
def test_a_broken_file_is_made_again(folder, damage):
    make = Maker()
    cache.kept(NAME, make)
    path = folder / f"{NAME}.npz"
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    assert path.read_bytes() != whole
    assert cache.kept(NAME, make).sha256 == made().sha256
    assert make.calls == 2
    assert cache.kept(NAME, make).sha256 == made().sha256
    assert make.calls == 2


@pytest.mark.parametrize("part", ["images", "labels", "classes", "held_out"])
def test_a_sound_file_with_other_content_is_not_trusted(folder, part):
    make = Maker()
    cache.kept(NAME, make)
    path = folder / f"{NAME}.npz"
    with np.load(path) as arrays:
        parts = dict(arrays)
    parts[part] = parts[part][::-1] if part != "images" else parts[part] + 1
    parts[part] = parts[part] if part != "held_out" else parts[part] + 1
    np.savez(path, **parts)
    assert cache.kept(NAME, make).sha256 == made().sha256
    assert make.calls == 2


def test_a_file_where_the_folder_should_be_only_means_no_cache(tmp_path, monkeypatch):
    (tmp_path / "taken").write_text("a file")
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "taken"))
    make = Maker()
    assert cache.kept(NAME, make).sha256 == made().sha256
    assert cache.kept(NAME, make).sha256 == made().sha256
    assert make.calls == 2


def test_a_write_that_fails_leaves_nothing_behind(folder, monkeypatch):
    def full(file, **arrays):
        Path(file).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    assert cache.kept(NAME, Maker()).sha256 == made().sha256
    assert list(folder.iterdir()) == []


def test_processes_that_make_the_same_set_do_not_disturb_each_other(folder):
    program = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from test_cache import NAME, cache, made\n"
        "for _ in range(20):\n"
        "    (cache.folder() / f'{NAME}.npz').unlink(missing_ok=True)\n"
        "    assert cache.kept(NAME, made).sha256 == made().sha256\n"
    )
    command = [sys.executable, "-c", program, str(Path(__file__).parent)]
    running = [subprocess.Popen(command) for _ in range(2)]
    assert [process.wait() for process in running] == [0, 0]
    assert [path.name for path in folder.iterdir()] == [f"{NAME}.npz"]


def test_where_the_folder_is(monkeypatch, tmp_path):
    monkeypatch.setenv("GANZOO_CACHE", "/chosen")
    monkeypatch.setenv("XDG_CACHE_HOME", "/shared")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache.folder() == Path("/chosen")
    monkeypatch.delenv("GANZOO_CACHE")
    assert cache.folder() == Path("/shared/ganzoo")
    monkeypatch.delenv("XDG_CACHE_HOME")
    if os.name == "posix":
        assert cache.folder() == tmp_path / ".cache" / "ganzoo"


def test_every_part_changes_the_key():
    image = np.zeros((2, 3), np.uint8)
    keys = [
        cache.key(1, "a", arrays=[image]),
        cache.key(2, "a", arrays=[image]),
        cache.key(1, "b", arrays=[image]),
        cache.key(1, "a", arrays=[image + 1]),
        cache.key(1, "a", arrays=[image.reshape(3, 2)]),
        cache.key(1, "a", arrays=[image.astype(np.int8)]),
        cache.key(1, "a"),
    ]
    assert len(set(keys)) == len(keys)
    assert keys[0] == cache.key(1, "a", arrays=[image.copy()])
    assert all(len(key) == 64 for key in keys)
