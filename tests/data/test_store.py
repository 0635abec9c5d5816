import os
import subprocess
import sys
import zipfile

import numpy as np
import pytest
from PIL import Image

from ganzoo import memory
from ganzoo.data import load, store
from ganzoo.data.image_file import ImageFile
from ganzoo.errors import InputError


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def noise(*shape, seed=0):
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


@pytest.fixture
def photos(tmp_path):
    """Two classes of gray images of several sizes; the last of the second is in colour."""
    for group in ("cats", "dögs"):
        (tmp_path / "photos" / group).mkdir(parents=True)
        for i, side in enumerate((8, 16, 10, 12)):
            colour = group == "dögs" and i == 3
            pixels = (
                noise(side, side + i, 3, seed=i) if colour else noise(side, side + i, seed=i)
            )
            Image.fromarray(pixels).save(tmp_path / "photos" / group / f"{i}.png")
    return tmp_path / "photos"


def assert_same(streamed, kept):
    """Equal, and one of them on disk."""
    assert isinstance(streamed.images, ImageFile) and isinstance(kept.images, np.ndarray)
    np.testing.assert_array_equal(np.asarray(streamed.images), kept.images)
    np.testing.assert_array_equal(streamed.labels, kept.labels)
    assert (streamed.name, streamed.classes) == (kept.name, kept.classes)
    assert streamed.sha256 == kept.sha256


def test_a_folder_gives_the_same_set_either_way(photos, cache):
    notes, lines, again = [], [], []
    kept = load(photos, 8, report=notes.append)
    assert_same(load(photos, 8, report=lines.append, stream=True), kept)
    assert_same(load(photos, 8, 2, stream=True), load(photos, 8, 2))
    folder = next(path for path in cache.iterdir() if path.suffix == ".images")
    assert lines[0].startswith("decoding 8 images, once, into ") and folder.parent == cache
    assert lines[1:-1] == notes
    assert notes[0].startswith("6 of 8 images were not square: centre-cropped")
    assert notes[1:] == ["size of the images: 8 to 17 pixels a side, made 8x8"]
    assert lines[-1] == f"streaming 8 images, 0.0 MB, from {cache}: as asked"
    # The second time nothing is decoded, and what is worth knowing is said again.
    load(photos, 8, report=again.append, stream=True)
    assert again == lines[1:]


def test_a_zip_file_gives_the_same_set_either_way(photos, tmp_path):
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        for file in sorted(photos.rglob("*.png")):
            archive.write(file, file.relative_to(photos))
    kept = load(tmp_path / "photos.zip", 8)
    for _ in range(2):
        assert_same(load(tmp_path / "photos.zip", 8, stream=True), kept)


@pytest.mark.parametrize("case", ["gray", "colour", "chw", "big", "held out in colour", "npy"])
def test_arrays_give_the_same_set_either_way(tmp_path, case):
    path = tmp_path / ("x.npy" if case == "npy" else "x.npz")
    labels = np.array([5, 7, 5, 7, 5, 7, 5])
    arrays = {
        "gray": {"images": noise(7, 8, 8), "labels": labels},
        "colour": {"arr_0": noise(7, 8, 8, 3)},
        "chw": {"images": noise(7, 3, 8, 8)},
        "big": {"images": noise(7, 24, 20, 3), "labels": labels},
        "held out in colour": {
            "images": noise(7, 8, 8),
            "labels": labels,
            "held_out_images": noise(4, 12, 12, 3),
            "held_out_labels": labels[:4],
        },
    }.get(case)
    if arrays is None:
        np.save(path, noise(7, 8, 8))
    else:
        np.savez_compressed(path, **arrays)
    for per_class in (None, 2):
        notes, lines = [], []
        kept = load(path, 8, per_class, notes.append)
        streamed = load(path, 8, per_class, lines.append, stream=True)
        assert_same(streamed, kept)
        assert [line for line in lines if line in notes] == notes
        assert (streamed.held_out is None) == (kept.held_out is None)
        if kept.held_out is not None:
            assert_same(streamed.held_out, kept.held_out)
    assert not list(tmp_path.rglob(".tmp-*"))


def test_a_named_set_is_the_same_either_way():
    kept, streamed = (load("unown", 28, 3, stream=stream) for stream in (None, True))
    assert_same(streamed, kept)
    assert streamed.held_out.sha256 == kept.held_out.sha256


def test_size_decides_where_nothing_else_does(photos, monkeypatch):
    lines = []
    monkeypatch.setattr(store, "limit", lambda: 3 * 8 * 8 * 8)
    assert isinstance(load(photos, 8).images, np.ndarray)
    monkeypatch.setattr(store, "limit", lambda: 3 * 8 * 8 * 8 - 1)
    assert isinstance(load(photos, 8, report=lines.append).images, ImageFile)
    assert lines[-1].endswith(": sets above 0.0 MB do not go into memory")
    assert isinstance(load(photos, 8, stream=False).images, np.ndarray)
    assert isinstance(load("unown", 8, 1).images, ImageFile)


def test_large_originals_count_where_they_would_lie_in_memory(tmp_path, monkeypatch):
    np.save(tmp_path / "x.npy", noise(4, 64, 64))
    monkeypatch.setattr(store, "limit", lambda: 64 * 64 * 4 - 1)
    assert isinstance(load(tmp_path / "x.npy", 8).images, ImageFile)


def test_the_limit_is_a_quarter_of_the_memory_or_4_gib(monkeypatch):
    for bytes_, expected in ((8 * 2**30, 2 * 2**30), (2**40, 4 * 2**30), (None, 4 * 2**30)):
        monkeypatch.setattr(store, "usable_memory", lambda bytes_=bytes_: bytes_)
        assert store.limit() == expected


def test_a_container_has_the_memory_that_it_is_allowed(tmp_path, monkeypatch):
    whole = memory.usable_memory()
    limits = tmp_path / "memory.max"
    monkeypatch.setattr(memory, "LIMITS", (tmp_path / "none", limits))
    assert memory.usable_memory() >= whole
    for text, expected in (("max\n", memory.usable_memory()), ("123456\n", 123456)):
        limits.write_text(text)
        assert memory.usable_memory() == expected


@pytest.mark.parametrize("change", ["pixels", "one more", "one less", "renamed class"])
def test_a_folder_that_changed_is_decoded_again(photos, change):
    load(photos, 8, stream=True)
    if change == "pixels":
        Image.fromarray(noise(8, 8, seed=9)).save(photos / "cats" / "0.png")
    elif change == "one more":
        Image.fromarray(noise(8, 8, seed=9)).save(photos / "cats" / "9.png")
    elif change == "one less":
        (photos / "cats" / "1.png").unlink()
    else:
        (photos / "cats").rename(photos / "birds")
    assert_same(load(photos, 8, stream=True), load(photos, 8))


@pytest.mark.parametrize("damage", ["a pixel", "cut short", "no about", "text", "left behind"])
def test_a_damaged_file_is_made_again(photos, cache, damage):
    kept = load(photos, 8)
    load(photos, 8, stream=True)
    folder = next(cache.glob("*.images"))
    file = folder / "images.npy"
    content = file.read_bytes()
    if damage == "a pixel":
        file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    elif damage == "cut short":
        file.write_bytes(content[:-100])
    elif damage == "text":
        (folder / "about.json").write_text("[1, 2]")
    else:
        (folder / "about.json").unlink()
    (cache / f".tmp-killed-{folder.name}").mkdir()
    lines = []
    assert_same(load(photos, 8, report=lines.append, stream=True), kept)
    assert lines[0].startswith("decoding 8 images")
    assert not list(cache.glob(".tmp-*"))


@pytest.mark.parametrize("stream", [False, True])
def test_an_image_that_cannot_be_read_is_named_either_way(photos, cache, stream):
    (photos / "dögs" / "2.png").write_bytes(b"not an image")
    (photos / "dögs" / "3.png").unlink()
    (photos / "dögs" / "3.png").symlink_to("nowhere")
    said = r"2 of 8 images.*2\.png \(no image\), dögs/3\.png \(its link points nowhere\)"
    with pytest.raises(InputError, match=said):
        load(photos, 8, stream=stream)
    (photos / "dögs" / "2.png").unlink()
    with pytest.raises(InputError, match=r"3\.png cannot be read: its link points nowhere"):
        load(photos, 8, stream=stream)
    assert not list(cache.glob("*.images")) and not list(cache.glob(".tmp-*"))


@pytest.mark.parametrize("content", ["float", "cut short", "pickle"])
def test_arrays_are_refused_alike_either_way(tmp_path, content):
    path = tmp_path / "x.npy"
    if content == "float":
        np.save(path, noise(7, 8, 8) / np.float32(255))
    elif content == "pickle":
        np.save(path, np.array([{}, {}]), allow_pickle=True)
    else:
        np.save(path, noise(7, 8, 8))
        path.write_bytes(path.read_bytes()[:-10])
    said = {"float": r"is float32, 0.*astype\('uint8'\)", "cut short": "damaged or cut short"}
    for stream in (False, True):
        with pytest.raises(InputError, match=said.get(content, "pickle can run code")):
            load(path, 8, stream=stream)


def test_a_full_disk_is_one_line_that_says_what_to_do(photos, tmp_path, monkeypatch):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "write", full)
    with pytest.raises(InputError, match=r"No space left.*GANZOO_CACHE.*--no-stream"):
        load(photos, 8, stream=True)
    (tmp_path / "taken").write_text("a file")
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "taken"))
    with pytest.raises(InputError, match=r"GANZOO_CACHE.*--no-stream"):
        load(photos, 8, stream=True)


def test_processes_that_want_the_same_set_make_it_once(photos):
    program = (
        "import sys; from ganzoo.data import load\n"
        "print(load(sys.argv[1], 8, report=print, stream=True).sha256)\n"
    )
    command = [sys.executable, "-c", program, str(photos)]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ)
        for _ in range(3)
    ]
    said = [process.communicate()[0].splitlines() for process in running]
    assert {lines[-1] for lines in said} == {load(photos, 8).sha256}
    assert sum(line.startswith("decoding") for lines in said for line in lines) == 1


PEAK = """
import re, sys
from ganzoo.data import load

def peak():
    return 1024 * int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])

load("unown", 28, 1)  # What a first load imports.
before = peak()
images = load(sys.argv[1], 64, stream=sys.argv[2] == "stream")
rows = images.labels.argsort()[::-1]
for start in range(0, len(rows), 256):
    images.images[rows[start : start + 256]]
images.sha256
print(images.images.nbytes, peak() - before)
print(images.sha256)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is in /proc")
@pytest.mark.parametrize("kind", [pytest.param("folder", marks=pytest.mark.thorough), "npz"])
def test_memory_is_bounded_however_large_the_set(tmp_path, kind):
    """8,000 images of 64 px in colour: 98 MB decoded; in noise nothing is shared."""
    path = tmp_path / "many"
    if kind == "npz":
        path = path.with_suffix(".npz")
        np.savez(path, images=noise(8_000, 64, 64, 3))
    else:
        path.mkdir()
        for i, image in enumerate(noise(500, 64, 64, 3)):
            Image.fromarray(image).save(path / f"{i:05}.bmp")
        for i in range(500, 8_000):  # The same few files under many names.
            os.link(path / f"{i % 500:05}.bmp", path / f"{i:05}.bmp")
    peaks, sums = {}, set()
    for way in ("memory", "stream", "stream again"):
        done = subprocess.run(
            [sys.executable, "-c", PEAK, path, way.split()[0]],
            check=True,
            capture_output=True,
            text=True,
        )
        size, peaks[way], sha256 = done.stdout.split()
        sums.add(sha256)
    assert int(size) == 8_000 * 64 * 64 * 3
    assert len(sums) == 1
    assert int(peaks["memory"]) > int(size)  # The measure sees a set that is in memory.
    assert int(peaks["stream"]) < int(size) / 3
    assert int(peaks["stream again"]) < int(size) / 3
