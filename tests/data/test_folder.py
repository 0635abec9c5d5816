"""Folders of images."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ganzoo.data.folder import from_folder
from ganzoo.data.image_set import run_name
from ganzoo.data.request import Request
from ganzoo.errors import InputError


def put(path: Path, value: int, size: int = 8) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", (size, size), value).save(path)
    return path


def values(images: np.ndarray) -> list[int]:
    return images[:, 0, 0, 0].tolist()


def read(path: Path, resolution: int, **keywords):
    return from_folder(path, Request(resolution, **keywords))


def refusal(*arguments, **keywords) -> str:
    with pytest.raises(InputError) as caught:
        read(*arguments, **keywords)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_images_in_the_folder_are_one_class(tmp_path):
    folder = tmp_path / "my photos"
    for value, name in enumerate(["b.png", "a.bmp", "c.PNG"]):
        put(folder / name, value)
    images = read(folder, 8)
    assert values(images.images) == [1, 0, 2]
    assert images.labels.tolist() == [0, 0, 0]
    assert images.labels.dtype == np.int32
    assert (images.classes, images.name, images.held_out) == (("image",), "my-photos", None)


def test_each_subfolder_is_a_class(tmp_path):
    put(tmp_path / "dog/1.png", 3)
    put(tmp_path / "cat/2.png", 2)
    put(tmp_path / "cat/1.png", 1)
    images = read(tmp_path, 4)
    assert values(images.images) == [1, 2, 3]
    assert images.labels.tolist() == [0, 0, 1]
    assert images.classes == ("cat", "dog")
    assert images.images.shape == (3, 4, 4, 1)


def test_one_subfolder_gives_its_class_a_name(tmp_path):
    for number in range(2):
        put(tmp_path / f"cat/{number}.png", number)
    assert read(tmp_path, 8).classes == ("cat",)


def test_other_files_are_left_out_and_counted(tmp_path):
    for number in range(2):
        put(tmp_path / f"{number}.png", 255 * number)
    others = ("a.HEIC", "b.HEIC", "c.tga", "d", "notes.txt", "labels.json")
    for name in (*others, ".DS_Store", ".hidden.png", "Thumbs.db"):
        (tmp_path / name).write_bytes(b"no image")
    lines = []
    assert len(read(tmp_path, 8, report=lines.append)) == 2
    assert lines == [
        "left out: 2 .HEIC, 1 .tga, 1 without an extension; to use them convert them to PNG or "
        "JPEG, for instance with ImageMagick: magick mogrify -format png *.HEIC",
        "left out, as no images: 1 .json, 1 .txt",
    ]


def test_hidden_subfolders_are_left_out(tmp_path):
    for number in range(2):
        put(tmp_path / f"{number}.png", number)
    put(tmp_path / ".cache/9.png", 9)
    assert values(read(tmp_path, 8).images) == [0, 1]


def test_file_that_does_not_decode_is_named(tmp_path):
    put(tmp_path / "1.png", 1)
    bad = tmp_path / "2.png"
    bad.write_bytes(b"text")
    assert refusal(tmp_path, 8).startswith(f"{bad} is not an image that can be read")


def test_spaces_and_other_scripts_in_names(tmp_path):
    put(tmp_path / "Bär & Löwe/ein Bild.png", 1)
    put(tmp_path / "猫/写真 1.png", 2)
    images = read(tmp_path, 8)
    assert images.classes == ("Bär & Löwe", "猫")
    assert values(images.images) == [1, 2]


def test_decomposed_names_give_the_composed_class(tmp_path):
    for number in range(2):
        put(tmp_path / "Ba\u0308r" / f"{number}.png", number)
    assert read(tmp_path, 8).classes == ("B\u00e4r",)


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux alone")
def test_names_that_are_no_utf_8_are_written_out(tmp_path):
    for name in (b"caf\xe9", b"caf\xe8"):
        put(tmp_path / os.fsdecode(name) / "0.png", 9)
    found = read(tmp_path, 8)
    assert found.classes == ("caf\\udce8", "caf\\udce9")
    assert len(found.sha256) == 64


def test_per_class_takes_the_first_of_each_and_reads_no_more(tmp_path):
    for name in ("cat", "dog"):
        for number in range(3):
            put(tmp_path / name / f"{number}.png", number)
    (tmp_path / "cat/2.png").write_bytes(b"never read")
    images = read(tmp_path, 8, per_class=2)
    assert values(images.images) == [0, 1, 0, 1]
    assert images.labels.tolist() == [0, 0, 1, 1]


def test_notes_are_reported(tmp_path):
    put(tmp_path / "cat/1.png", 0, size=4)
    Image.new("L", (9, 8), 255).save(tmp_path / "cat/2.png")
    (tmp_path / "empty").mkdir()
    (tmp_path / "cat/kittens").mkdir()
    lines = []
    read(tmp_path, 8, report=lines.append)
    assert lines == [
        "subfolders without images in them, left out: empty",
        "folders within subfolders, not read: cat/kittens",
        "1 of 2 images was not square: centre-cropped (--fit pad or --fit stretch keeps all "
        "of it)",
        "1 of 2 images was smaller than 8x8: enlarged",
        "size of the images: 4 to 9 pixels a side, made 8x8; a schedule that fits: 4:136",
    ]


def test_empty_folder(tmp_path):
    message = refusal(tmp_path, 8)
    assert message.startswith(f"{tmp_path} holds no images; 2 or more are needed. Readable are")
    assert ".png" in message


def test_one_image_is_too_few(tmp_path):
    put(tmp_path / "1.png", 1)
    assert "holds only one image; 2 or more are needed" in refusal(tmp_path, 8)


def test_one_of_one_class_is_too_few(tmp_path):
    for number in range(2):
        put(tmp_path / f"{number}.png", number)
    assert "Allow more per class." in refusal(tmp_path, 8, per_class=1)


def test_images_too_deep_point_at_the_right_folder(tmp_path):
    put(tmp_path / "train/cat/1.png", 1)
    assert f"such as {tmp_path / 'train'}." in refusal(tmp_path, 8)


def test_images_beside_subfolders_are_unclear(tmp_path):
    loose = put(tmp_path / "1.png", 1)
    put(tmp_path / "cat/1.png", 1)
    message = refusal(tmp_path, 8)
    assert f"({loose} beside cat), so their class is not clear" in message


def test_folder_that_is_not_there(tmp_path):
    message = refusal(tmp_path / "gone", 8)
    assert message.startswith(f"The folder {tmp_path / 'gone'} cannot be read: No such file")


@pytest.mark.pipes
def test_pipe_is_not_waited_for(tmp_path):
    put(tmp_path / "1.png", 1)
    os.mkfifo(tmp_path / "2.png")
    assert "2.png cannot be read: it is not a regular file" in refusal(tmp_path, 8)


@pytest.mark.skipif(sys.platform == "win32", reason="needs symbolic links")
def test_link_to_nowhere_is_named(tmp_path):
    put(tmp_path / "1.png", 1)
    (tmp_path / "2.png").symlink_to(tmp_path / "gone.png")
    assert "2.png cannot be read: its link points nowhere" in refusal(tmp_path, 8)


@pytest.mark.skipif(sys.platform == "win32", reason="needs symbolic links")
def test_links_to_images_are_followed(tmp_path):
    target = put(tmp_path / "elsewhere/1.png", 7)
    folder = tmp_path / "set"
    folder.mkdir()
    for name in ("a.png", "b.png"):
        (folder / name).symlink_to(target)
    assert values(read(folder, 8).images) == [7, 7]


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every file"
)
def test_file_without_permission_is_named(tmp_path):
    put(tmp_path / "1.png", 1)
    closed = put(tmp_path / "2.png", 2)
    closed.chmod(0)
    assert refusal(tmp_path, 8) == (
        f"{closed} cannot be read: Permission denied. Check its permissions, or remove it."
    )


@pytest.mark.parametrize("per_class", [0, -1])
def test_impossible_number_a_class(tmp_path, per_class):
    put(tmp_path / "1.png", 1)
    assert f"1 or more, not {per_class}" in refusal(tmp_path, 8, per_class=per_class)


def test_same_files_give_the_same_checksum(tmp_path):
    for copy in ("a/photos", "b/photos"):
        for number in (3, 1, 2) if copy[0] == "a" else (2, 3, 1):
            put(tmp_path / copy / f"{number}.png", number)
    first, second = (read(tmp_path / c, 8) for c in ("a/photos", "b/photos"))
    assert first.sha256 == second.sha256


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("my photos (2)", "my-photos-2"),
        ("../../etc", "etc"),
        ("Bär", "Bar"),
        ("猫", "images"),
        ("", "images"),
        ("a" * 99, "a" * 60),
        ("v1.5_final", "v1-5-final"),
    ],
)
def test_run_names_are_safe(text, name):
    assert run_name(text) == name
