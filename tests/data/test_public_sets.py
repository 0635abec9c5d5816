"""Sets that others publish, downloaded from a server of the test's own, with small files."""

import gzip
import hashlib
import io
import struct
import tarfile
from pathlib import Path

import matplotlib
import numpy as np
import pytest

from ganzoo.data import load, sets
from ganzoo.data.sources import cifar10, emoji, fashion_mnist, mnist
from ganzoo.data.sources.emoji import Emoji
from ganzoo.errors import InputError

DEJAVU = Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")
rng = np.random.default_rng(0)
LABELS = np.tile(np.arange(10, dtype=np.uint8), 3)
TEST_LABELS = np.arange(10, dtype=np.uint8)[::-1]


@pytest.fixture(autouse=True)
def homes(tmp_path, monkeypatch):
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return tmp_path


def pixels(count, *shape):
    return rng.integers(0, 256, (count, *shape), np.uint8)


def idx(array):
    head = struct.pack(f">I{array.ndim}I", 0x0800 + array.ndim, *array.shape)
    return gzip.compress(head + array.tobytes())


@pytest.fixture
def digits(monkeypatch):
    arrays = {"x_train": pixels(30, 28, 28), "y_train": LABELS}
    arrays |= {"x_test": pixels(10, 28, 28), "y_test": TEST_LABELS}
    file = io.BytesIO()
    np.savez(file, **arrays)
    monkeypatch.setattr(mnist, "SHA256", hashlib.sha256(file.getvalue()).hexdigest())
    return arrays, {"mnist.npz": file.getvalue()}


@pytest.fixture
def clothes(monkeypatch):
    monkeypatch.setattr(fashion_mnist, "COUNTS", {"train": 30, "t10k": 10})
    arrays = {"x_train": pixels(30, 28, 28), "y_train": LABELS}
    arrays |= {"x_test": pixels(10, 28, 28), "y_test": TEST_LABELS}
    return arrays, {
        f"{part}-{kind}-ubyte.gz": idx(arrays[f"{x}_{split}"])
        for part, split in (("train", "train"), ("t10k", "test"))
        for kind, x in (("images-idx3", "x"), ("labels-idx1", "y"))
    }


@pytest.fixture
def photographs(monkeypatch):
    monkeypatch.setattr(cifar10, "BATCH", 10)
    arrays = {"x_train": pixels(50, 32, 32, 3), "y_train": np.tile(LABELS[:10], 5)}
    arrays |= {"x_test": pixels(10, 32, 32, 3), "y_test": TEST_LABELS}
    rows = {
        split: np.concatenate(
            [
                arrays[f"y_{split}"][:, None],
                arrays[f"x_{split}"].transpose(0, 3, 1, 2).reshape(-1, 3 * 32 * 32),
            ],
            axis=1,
        )
        for split in ("train", "test")
    }
    members = {f"data_batch_{i + 1}.bin": rows["train"][10 * i : 10 * i + 10] for i in range(5)}
    members |= {"readme.html": rows["test"][:0], "test_batch.bin": rows["test"]}
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(f"cifar-10-batches-bin/{name}")
            info.size = content.nbytes
            archive.addfile(info, io.BytesIO(content.tobytes()))
    content = file.getvalue()
    monkeypatch.setattr(cifar10, "MD5", hashlib.md5(content, usedforsecurity=False).hexdigest())
    return arrays, {"cifar-10-binary.tar.gz": content}


CASES = {
    "mnist": ("digits", 28),
    "fashion-mnist": ("clothes", 28),
    "cifar10": ("photographs", 32),
}


@pytest.fixture(params=CASES)
def published(request):
    fixture, side = CASES[request.param]
    return request.param, side, *request.getfixturevalue(fixture)


def test_a_set_is_fetched_once_and_read_as_it_was_published(published, serving, homes):
    name, side, arrays, files = published
    source, lines = sets.get(name), []
    assert not source.is_here()
    with pytest.raises(InputError, match=f"{name} is not in .* Run: ganzoo data fetch {name}"):
        load(name, resolution=side)
    with serving(files) as (url, requests):
        folder = source.fetch(url, report=lines.append)
        assert source.fetch(url, report=lines.append) == folder
    assert sorted(requests) == sorted(files) and homes in folder.parents
    assert len(lines) == 2 * len(files) and lines[-1].endswith("here already")
    assert source.is_here()
    data = load(name, resolution=side)
    assert (data.name, data.held_out.name) == (name, name)
    assert data.classes == source.classes == data.held_out.classes and len(data.classes) == 10
    for found, split in ((data, "train"), (data.held_out, "test")):
        np.testing.assert_array_equal(found.images.squeeze(), arrays[f"x_{split}"])
        np.testing.assert_array_equal(found.labels, arrays[f"y_{split}"])


def test_fewer_of_each_class_and_another_size(published, serving):
    name, side, arrays, files = published
    with serving(files) as (url, _):
        sets.get(name).fetch(url, report=lambda line: None)
    data = load(name, resolution=side // 2, per_class=1)
    assert data.images.shape[:3] == (10, side // 2, side // 2)
    assert len(data.held_out) == 10
    boxes = arrays["x_train"][:10].reshape(10, side // 2, 2, side // 2, 2, -1).mean((2, 4))
    np.testing.assert_allclose(data.images, boxes, atol=0.5)


def test_a_damaged_file_is_neither_kept_nor_read(published, serving):
    name, side, _, files = published
    source, file = sets.get(name), next(iter(files))
    with (
        serving(files | {file: files[file][:-9]}) as (url, _),
        pytest.raises(InputError, match=f"{file} could not be fetched .* not the right file"),
    ):
        source.fetch(url, report=lambda line: None)
    assert not source.is_here()
    with serving(files) as (url, _):
        path = source.fetch(url, report=lambda line: None) / file
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(InputError, match=f"{file} cannot be used: .* ganzoo data fetch {name}"):
        load(name, resolution=side)


def test_files_are_shared_with_keras(homes):
    datasets = homes / "keras" / "datasets"
    assert sets.get("mnist").folder == datasets
    assert sets.get("fashion-mnist").folder == datasets / "fashion-mnist"
    assert sets.get("fashion-mnist:folder=/here").folder == Path("/here")


# Emoji


def test_emoji_without_their_font_say_where_it_is(tmp_path, monkeypatch):
    source = Emoji(font=str(tmp_path / "none.ttf"))
    assert not source.is_here()
    with pytest.raises(InputError, match=r"apt install fonts-noto-color-emoji.*emoji:font="):
        source.load(28)
    (tmp_path / "text.ttf").write_text("no font")
    with pytest.raises(InputError, match=r"text\.ttf is no font with bitmaps"):
        Emoji(font=str(tmp_path / "text.ttf")).load(28)


def test_emoji_are_those_that_a_font_has_in_classes_by_range(monkeypatch):
    ranges = {
        "letter": ((65, 71),),
        "food": ((0x1F345, 0x1F350),),
        "arrow": ((0x2190, 0x2193),),
    }
    monkeypatch.setattr(emoji, "RANGES", ranges)
    data = Emoji(font=str(DEJAVU)).load(28)
    assert (data.name, data.classes, data.held_out) == ("emoji", tuple(ranges), None)
    assert np.bincount(data.labels).tolist() == [7, 0, 4]
    assert (data.images[:, 0, 0] == 255).all() and data.images.min() < 100
    some = Emoji("letter", str(DEJAVU), "#204060").load(28, per_class=5)
    assert (len(some), some.name, some.labelled) == (5, "emoji-letter", False)
    assert some.images[0, 0, 0].tolist() == [0x20, 0x40, 0x60]
    assert len({image.tobytes() for image in some.images}) == 5
    with pytest.raises(InputError, match="has none of these emoji"):
        Emoji("food", str(DEJAVU)).load(28)


def test_emoji_in_colour():
    source = Emoji("animal")
    if not source.is_here():
        pytest.skip("NotoColorEmoji.ttf is not installed")
    data = source.load(56)
    assert len(data) > 90 and data.channels == 3
    assert np.ptp(data.images, axis=3).max(axis=(1, 2)).mean() > 100


@pytest.mark.parametrize(
    ("options", "message"),
    [({"only": "spectre"}, "`only` is one of all, face"), ({"background": "x"}, "a colour")],
)
def test_unknown_options_of_emoji(options, message):
    with pytest.raises(InputError, match=message):
        Emoji(**options)
