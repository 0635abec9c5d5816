"""Zip files of images."""

import io
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ganzoo.data import archive
from ganzoo.data.archive import from_archive
from ganzoo.data.folder import from_folder
from ganzoo.data.request import Request
from ganzoo.errors import InputError


def png(value: int, size: int = 8) -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (size, size), value).save(buffer, "PNG")
    return buffer.getvalue()


def pack(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return path


def read(path: Path, resolution: int, **keywords):
    return from_archive(path, Request(resolution, **keywords))


def refusal(path: Path, **keywords) -> str:
    with pytest.raises(InputError) as caught:
        read(path, 8, **keywords)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.fixture
def target(tmp_path):
    return tmp_path / "photos.zip"


def test_images_without_folders_are_one_class(target):
    images = read(pack(target, {"b.png": png(2), "a.png": png(1)}), 8)
    assert images.images[:, 0, 0, 0].tolist() == [1, 2]
    assert (images.classes, images.name) == (("image",), "photos")


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_every_method_of_packing(target, method):
    assert len(read(pack(target, {"b.png": png(2), "a.png": png(1)}, method), 8)) == 2


@pytest.mark.parametrize(
    ("names", "classes"),
    [
        (["cat/1.png", "dog/1.png"], ("cat", "dog")),
        (["photos/cat/1.png", "photos/dog/1.png"], ("cat", "dog")),
        (["a/b/cat/1.png", "a/b/dog/1.png"], ("cat", "dog")),
        (["photos/cat/1.png", "photos/cat/2.png"], ("cat",)),
        (["./cat/1.png", "./dog/1.png"], ("cat", "dog")),
        (["train/1/a/1.png", "other/1/1.png"], ("other/1", "train/1/a")),
        (["Bär/ein Bild.png", "猫/1.png"], ("Bär", "猫")),
    ],
)
def test_folders_are_classes(target, names, classes):
    images = read(pack(target, {name: png(1) for name in names}), 8)
    assert images.classes == classes
    assert images.labels.tolist() == sorted(images.labels.tolist())


@pytest.mark.parametrize("wrapped", [False, True])
def test_same_as_the_folder(tmp_path, target, wrapped):
    members = {f"{group}/{n}.png": png(10 * n) for group in ("x", "y") for n in range(12)}
    for name, data in members.items():
        path = tmp_path / "photos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    top = "photos/" if wrapped else ""
    pack(target, {top + name: data for name, data in reversed(members.items())})
    assert read(target, 8).sha256 == from_folder(tmp_path / "photos", Request(8)).sha256


def test_what_is_no_image_is_left_out(target):
    members = {"cat/1.png": png(0), "dog/1.png": png(255), "README.txt": b"hello"}
    members |= {"__MACOSX/cat/._1.png": b"junk", "cat/.DS_Store": b"", "cat/._2.png": b"junk"}
    lines = []
    assert len(read(pack(target, members), 8, report=lines.append)) == 2
    assert lines == ["left out, as no images: 1 .txt"]


def test_nothing_is_extracted(target, monkeypatch):
    pack(target, {"a.png": png(1), "b.png": png(2)})
    before = sorted(target.parent.rglob("*"))
    monkeypatch.chdir(target.parent)
    read(target, 8)
    assert sorted(target.parent.rglob("*")) == before


def test_per_class_reads_no_more(target):
    pack(target, {"a.png": png(1), "b.png": png(2), "c.png": b"never read"})
    assert len(read(target, 8, per_class=2)) == 2


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../evil.png", "leads out of the archive by '..'"),
        ("cat/../../evil.png", "leads out of the archive by '..'"),
        ("../evil.txt", "leads out of the archive by '..'"),
        ("/etc/evil.png", "is an absolute path"),
        ("C:/evil.png", "is an absolute path"),
        ("a/cat\\evil.png", "has slashes and backslashes in its name"),
        ("..\\evil.png", "leads out of the archive by '..'"),
        ("cat\\..\\..\\evil.png", "leads out of the archive by '..'"),
        ("\\\\server\\evil.png", "is an absolute path"),
        ("C:\\evil.png", "is an absolute path"),
    ],
)
def test_names_that_lead_elsewhere(target, name, why):
    pack(target, {"a.png": png(1), "b.png": png(2), name: png(3)})
    assert refusal(target) == (
        f"{target}: {name} {why}. Pack it again with plain relative names."
    )


def test_dots_within_a_name_are_harmless(target):
    assert len(read(pack(target, {"a..png": png(1), "b...png": png(2)}), 8)) == 2


def test_bomb_is_refused_by_its_header(target):
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        with file.open("bomb.png", "w") as member:
            for _ in range(257):
                member.write(bytes(2**20))
        file.writestr("a.png", png(1))
    assert target.stat().st_size < 2**20
    message = refusal(target)
    assert message.startswith(f"{target}: bomb.png unpacks to 269,484,032 bytes, more than the")
    assert "it may be a zip bomb" in message


@pytest.mark.parametrize(("spare", "refused"), [(0, False), (-1, True)])
def test_limit_is_exact(target, monkeypatch, spare, refused):
    monkeypatch.setattr(archive, "MEMBER_LIMIT", len(png(1)) + spare)
    pack(target, {"a.png": png(1), "b.png": png(1)})
    if refused:
        assert "unpacks to" in refusal(target)
    else:
        assert len(read(target, 8)) == 2


def test_header_that_lies_unpacks_no_more_than_it_says(target):
    pack(target, {"a.png": png(1), "bomb.png": bytes(2**22)})
    data = bytearray(target.read_bytes())
    size = struct.pack("<I", 2**22)
    assert data.count(size) == 2
    target.write_bytes(data.replace(size, struct.pack("<I", 100)))
    assert refusal(target).startswith(f"{target}: bomb.png is damaged in the zip file (Bad CRC")


def test_encrypted(target):
    pack(target, {"a.png": png(1), "b.png": png(2)})
    data = bytearray(target.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    target.write_bytes(data)
    assert refusal(target) == (
        f"{target}: a.png is encrypted. Pack it again without a password."
    )


def test_unknown_method_of_packing(target):
    pack(target, {"a.png": png(1), "b.png": png(2)})
    data = bytearray(target.read_bytes())
    for start, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        data[data.index(start) + offset] = 97
    target.write_bytes(data)
    assert "a.png is packed in a way that Python does not read" in refusal(target)


def test_damaged_member_is_named(target):
    pack(target, {"a.png": png(1), "b.png": png(2)}, zipfile.ZIP_STORED)
    data = bytearray(target.read_bytes())
    data[data.index(b"IDAT") + 6] ^= 0xFF
    target.write_bytes(data)
    assert refusal(target).startswith(f"{target}: a.png is damaged in the zip file (Bad CRC-32")


def test_member_that_is_no_image_is_named(target):
    pack(target, {"dogs/a.png": png(1), "cats/ü 2.png": b"text"})
    assert refusal(target).startswith(
        f"{target}: cats/ü 2.png is not an image that can be read"
    )


def test_loose_images_beside_folders_are_unclear(target):
    pack(target, {"a.png": png(1), "cats/b.png": png(1)})
    assert "so their class is not clear" in refusal(target)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.95])
def test_cut_short(target, share):
    data = pack(target, {f"{n}.png": png(n) for n in range(9)}).read_bytes()
    target.write_bytes(data[: int(len(data) * share)])
    message = refusal(target)
    assert message.startswith(f"{target} is not a zip file, or is damaged (")
    assert message.endswith("Pack it again.")


@pytest.mark.parametrize("seed", range(60))
def test_random_damage_is_one_line_or_none(target, seed):
    data = bytearray(pack(target, {f"{n}.png": png(n) for n in range(4)}).read_bytes())
    generator = np.random.default_rng(seed)
    for place in generator.integers(0, len(data), 3):
        data[place] = generator.integers(0, 256)
    target.write_bytes(data)
    try:
        read(target, 8)
    except InputError as error:
        assert "\n" not in str(error)
        assert str(target) in str(error)


def test_empty_archive(target):
    assert f"{target} holds no images; 2 or more are needed" in refusal(pack(target, {}))


def test_folder_called_zip(tmp_path):
    (tmp_path / "x.zip").mkdir()
    assert "x.zip is a folder, not a file." in refusal(tmp_path / "x.zip")
