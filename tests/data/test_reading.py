"""What a person must choose, what is noted, and what a file may not do."""

import gzip
import io
import json
import os
import re
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import GifImagePlugin, Image

from ganzoo.data import Reading, load
from ganzoo.errors import InputError


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def png(width: int, height: int, depth: int, kind: int, rows: bytes) -> bytes:
    def chunk(tag: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(tag + body))
        return struct.pack(">I", len(body)) + tag + body + check

    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + data + chunk(b"IEND", b"")


def noise(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


def put(folder: Path, *images: np.ndarray, ending: str = "png") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number, pixels in enumerate(images):
        Image.fromarray(pixels).save(folder / f"{number}.{ending}")
    return folder


def read(source, resolution: int = 8, **choices):
    lines: list[str] = []
    stream = choices.pop("stream", None)
    found = load(
        source, resolution, report=lines.append, stream=stream, reading=Reading(**choices)
    )
    return found, lines


def refusal(source, **choices) -> str:
    with pytest.raises(InputError) as caught:
        read(source, **choices)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 400
    return str(caught.value)


# Choices.


def test_defaults_are_recorded_as_nothing_and_choices_come_back():
    assert Reading().choices == {} and Reading.of(None) == Reading()
    chosen = Reading(fit="pad", labels=False, max_pixels=7)
    assert chosen.choices == {"fit": "pad", "labels": False, "max_pixels": 7}
    assert Reading.of(json.loads(json.dumps(chosen.choices))) == chosen
    assert chosen.options == ["--fit", "pad", "--no-labels", "--max-pixels", "7"]


@pytest.mark.parametrize(
    "given",
    [
        {"fit": "x"},
        {"fit": []},
        {"background": "nocolour"},
        {"background": 5},
        {"labels": "no"},
        {"levels": "5,2"},
        {"levels": "nan,1"},
        {"levels": 3},
        {"pages": "some"},
        {"max_pixels": 0},
        {"max_pixels": True},
        {"unknown": 1},
        [],
        "crop",
        7,
    ],
)
def test_what_is_no_choice_is_one_line(given):
    with pytest.raises(InputError, match=r"^[^\n]{1,200}$"):
        Reading.of(given)


def test_pad_keeps_the_whole_image_between_bars(tmp_path):
    pixels = noise(16, 8)
    folder = put(tmp_path / "x", pixels, pixels)
    images, lines = read(folder, fit="pad", background="#404040")
    inner = pixels.reshape(8, 2, 4, 2).sum((1, 3), dtype=int)
    np.testing.assert_array_equal(images.images[0, :, 2:6, 0], (inner + 2) // 4)
    assert (images.images[:, :, [0, 1, 6, 7], 0] == 0x40).all()
    assert lines[0] == "2 of 2 images were not square: padded to a square"


def test_bars_in_colour_make_the_set_coloured(tmp_path):
    folder = put(tmp_path / "x", noise(16, 8), noise(16, 8))
    images, _ = read(folder, fit="pad", background="red")
    assert images.images[0, 0, 0].tolist() == [255, 0, 0]


def test_stretch_takes_box_means_of_each_side_apart(tmp_path):
    pixels = noise(32, 8)
    images, _ = read(put(tmp_path / "x", pixels, pixels), fit="stretch")
    expected = (pixels.reshape(8, 4, 8).sum(1, dtype=int) + 2) // 4
    np.testing.assert_array_equal(images.images[0, :, :, 0], expected)


def test_a_thin_image_is_padded_without_a_huge_square(tmp_path):
    folder = put(tmp_path / "x", np.zeros((1, 60_000), np.uint8), noise(8, 8))
    assert read(folder, fit="pad")[0].images.shape == (2, 8, 8, 1)


def test_background_lies_under_transparency(tmp_path):
    pixels = np.full((8, 8, 4), [10, 20, 30, 51], np.uint8)
    pixels[0, 0, 3] = 0
    folder = put(tmp_path / "x", pixels, pixels)
    black, lines = read(folder)
    assert black.images[0, 1, 1].tolist() == [2, 4, 6]
    assert "hardly visible over black" in lines[0] and "--background white" in lines[0]
    white, _ = read(folder, background="white")
    assert white.images[0, 1, 1].tolist() == [206, 208, 210]
    assert white.images[0, 0, 0].tolist() == [255, 255, 255]


@pytest.mark.parametrize("stream", [False, True])
def test_levels_scale_16_bit_files_by_the_range_of_the_set(tmp_path, stream):
    low = np.full((8, 8), 480, np.uint16)
    high = np.full((8, 8), 3520, np.uint16)
    folder = put(tmp_path / "x", low, high)
    _, lines = read(folder, stream=stream)
    assert any("brightest pixel of all images is 14 of 255" in line for line in lines)
    assert any("use 12 bits? They hold 480 to 3520 of 65535" in line for line in lines)
    for levels, values in (("auto", [0, 255]), ("0,4095", [30, 219]), ("480,3520", [0, 255])):
        images, lines = read(folder, levels=levels, stream=stream)
        assert np.asarray(images.images)[:, 0, 0, 0].tolist() == values
        assert any("became black" in line for line in lines)


def test_levels_of_8_and_16_bits_together_are_refused(tmp_path):
    folder = put(tmp_path / "x", noise(8, 8), noise(8, 8).astype(np.uint16) * 9)
    assert "1 image of 16-bit values and 1 image of 8-bit values" in refusal(
        folder, levels="auto"
    )


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("dtype", [np.int16, np.float32, np.uint16, np.int64])
def test_levels_scale_arrays_held_out_ones_in_the_same_range(tmp_path, dtype, stream):
    x = (np.arange(4 * 64).reshape(4, 8, 8) + 10).astype(dtype)
    np.savez(tmp_path / "x.npz", x_train=x, x_test=x // dtype(2))
    images, _ = read(tmp_path / "x.npz", levels="auto", stream=stream)
    assert images.images[0].min() == 0 and images.images[3].max() == 255
    assert np.asarray(images.held_out.images).max() == round((132 - 10) / 255 * 255)


def test_signed_16_bit_tiff_is_called_so_and_read_by_levels(tmp_path):
    values = (np.arange(64).reshape(8, 8) * 32 - 1000).astype("<i2")
    (tmp_path / "ct").mkdir()
    for number in range(2):
        image = Image.frombytes("I;16", (8, 8), values.tobytes())
        image.save(tmp_path / f"ct/{number}.tif", tiffinfo={339: 2})
    assert "2 of 2 images" in refusal(tmp_path / "ct")
    assert "holds signed 16-bit integers" in refusal(tmp_path / "ct")
    images, lines = read(tmp_path / "ct", levels="auto")
    assert images.images[0].min() == 0 and images.images[0].max() == 255
    assert lines == ["values of -1000 became black, 1016 white"]


@pytest.mark.parametrize("format", ["TIFF", "GIF"])
@pytest.mark.parametrize("stream", [False, True])
def test_all_pages_are_images(tmp_path, format, stream):
    frames = [Image.fromarray(np.full((8, 8), 80 * n, np.uint8)) for n in range(4)]
    path = tmp_path / f"x/stack.{format.lower()}"
    path.parent.mkdir()
    frames[0].save(path, format, save_all=True, append_images=frames[1:])
    said = f"{path.name} is 1 file of 4 pages, of which the first is read; --pages all"
    for source in (path, path.parent):
        assert said in refusal(source)
        images, _ = read(source, pages="all", stream=stream)
        assert np.asarray(images.images)[:, 0, 0, 0].tolist() == [0, 80, 160, 240]


def test_pages_are_read_in_one_pass(tmp_path, monkeypatch):
    frames = [Image.fromarray(np.full((8, 8), 10 * n, np.uint8)) for n in range(6)]
    path = tmp_path / "film.gif"
    frames[0].save(path, save_all=True, append_images=frames[1:])
    sought = []
    seek = GifImagePlugin.GifImageFile._seek
    monkeypatch.setattr(
        GifImagePlugin.GifImageFile,
        "_seek",
        lambda self, frame, update_image=True: (
            sought.append(frame) if update_image else None,
            seek(self, frame, update_image),
        )[1],
    )
    assert len(read(path, pages="all")[0]) == 6
    assert len(sought) < 3 * len(frames)


def test_numbers_for_levels_do_not_fit_16_bit_colours(tmp_path):
    rows = b"".join(b"\0" + struct.pack(">6H", *(n * 256 for n in range(6))) for _ in range(2))
    put(tmp_path / "x", noise(2, 2, 3))
    (tmp_path / "x/0.png").write_bytes(png(2, 2, 16, 2, rows))
    (tmp_path / "x/1.ppm").write_bytes(b"P6 2 2 4095\n" + bytes(24))
    (tmp_path / "x/2.png").write_bytes(png(2, 2, 8, 2, (b"\0" + bytes(6)) * 2))
    assert "0.png (16-bit colours), 1.ppm (16-bit colours)" in refusal(
        tmp_path / "x", levels="0,4095"
    )
    assert "2 of 3 images" in refusal(tmp_path / "x", levels="0,4095")
    images, lines = read(tmp_path / "x", resolution=2, levels="auto")
    assert images.images.max() == 255 and lines[-1] == "values of 0 became black, 5 white"
    assert read(tmp_path / "x", resolution=2)[0].images.max() == 5


def test_limit_of_pixels_by_choice_and_by_the_environment(tmp_path, monkeypatch):
    folder = put(tmp_path / "x", noise(9, 9), noise(9, 9))
    monkeypatch.setenv("GANZOO_MAX_PIXELS", "80")
    assert "--max-pixels N, or GANZOO_MAX_PIXELS=N" in refusal(folder)
    assert len(read(folder, max_pixels=81)[0]) == 2
    monkeypatch.setenv("GANZOO_MAX_PIXELS", "81")
    assert len(read(folder)[0]) == 2
    monkeypatch.setenv("GANZOO_MAX_PIXELS", "many")
    assert "GANZOO_MAX_PIXELS must be a number of pixels" in refusal(folder)


# What is noted, and what is read.


def test_all_broken_files_are_named_at_once(tmp_path):
    folder = put(tmp_path / "x", *[noise(8, 8)] * 6)
    (folder / "1.png").write_bytes(b"")
    (folder / "2.png").write_bytes(b"<html>404</html>")
    (folder / "4.png").write_bytes((folder / "0.png").read_bytes()[:60])
    (folder / "5.png").write_bytes(b"")
    assert refusal(folder) == (
        f"4 of 6 images in {folder} cannot be read: 1.png (empty), 2.png (no image), 4.png "
        "(damaged) and 1 more. Replace or remove them."
    )


def zipped(folder: Path, path: Path, top: str = "", slash: str = "/") -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*.*")):
            name = (top + str(file.relative_to(folder))).replace("/", slash)
            archive.writestr(name, file.read_bytes())
    return path


@pytest.mark.parametrize("depth", ["flat", "classes"])
@pytest.mark.parametrize(
    "names", [("train", "test"), ("Train", "val"), ("train", "test", "val")]
)
def test_splits_are_no_classes_in_folder_and_zip(tmp_path, names, depth):
    groups = ("cat", "dog") if depth == "classes" else (".",)
    for number, name in enumerate(names):
        for group in groups:
            put(tmp_path / "x" / name / group, *noise(2 + number, 8, 8, seed=number))
    folder, lines = read(tmp_path / "x")
    assert (len(folder), len(folder.held_out)) == (2 * len(groups), 3 * len(groups))
    assert folder.classes == (groups if depth == "classes" else ("image",))
    assert any(line.startswith(f"split, not classes: {names[0]} (") for line in lines)
    assert any("val (" in line and "left out" in line for line in lines) == (len(names) == 3)
    for top in ("", "photos/"):
        packed, _ = read(zipped(tmp_path / "x", tmp_path / "x.zip", top))
        assert packed.sha256 == folder.sha256
        assert packed.held_out.sha256 == folder.held_out.sha256


def test_held_out_images_of_unknown_classes_are_counted(tmp_path):
    put(tmp_path / "x/train/cat", noise(8, 8), noise(8, 8))
    put(tmp_path / "x/test/cat", noise(8, 8))
    put(tmp_path / "x/test/bird", noise(8, 8), noise(8, 8))
    images, lines = read(tmp_path / "x")
    assert len(images.held_out) == 1
    assert any("2 held-out images left out" in line and "bird" in line for line in lines)


def test_a_zip_file_with_backslashes_is_the_same_set(tmp_path):
    for group in ("a", "b"):
        put(tmp_path / "x" / group, *noise(2, 8, 8))
    plain, _ = read(tmp_path / "x")
    packed, lines = read(zipped(tmp_path / "x", tmp_path / "x.zip", "photos/", "\\"))
    assert packed.sha256 == plain.sha256
    assert lines[0] == ("4 names with \\ between folders and file, as Windows packs: read as /")


@pytest.fixture
def stylegan(tmp_path):
    folder = put(tmp_path / "x/00000", *noise(4, 8, 8))

    def write(labels) -> Path:
        (folder.parent / "dataset.json").write_text(json.dumps({"labels": labels}))
        return folder.parent

    return write


def test_labels_of_dataset_json_in_folder_and_zip(tmp_path, stylegan):
    folder = stylegan([[f"00000/{n}.png", label] for n, label in enumerate((10, 2, 10, 2))])
    images, lines = read(folder)
    assert images.classes == ("2", "10") and images.labels.tolist() == [0, 0, 1, 1]
    assert lines == ["2 classes read from dataset.json"]
    for top in ("", "set/"):
        packed, _ = read(zipped(folder, tmp_path / "x.zip", top))
        assert packed.sha256 == images.sha256
    assert read(folder, labels=False)[0].classes == ("image",)


def test_a_dataset_json_labels_no_folder_beside_its_own(tmp_path):
    for folder in ("aaa", "bbb"):
        put(tmp_path / "x" / folder, *noise(3, 8, 8))
    labels = json.dumps({"labels": [[f"{n}.png", n % 2] for n in range(3)]})
    (tmp_path / "x/aaa/dataset.json").write_text(labels)
    packed = zipped(tmp_path / "x", tmp_path / "x.zip")
    assert "no label to 3 of 6 images, such as ../bbb/0.png" in refusal(packed)


def test_labels_7_and_07_are_two_classes(stylegan):
    names = ("07", "7", "07", "7")
    images, _ = read(stylegan([[f"00000/{n}.png", name] for n, name in enumerate(names)]))
    assert images.classes == ("07", "7") and images.labels.tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize("labels", [None, [["00000/0.png", [0.5, 1]]]])
def test_dataset_json_without_classes_says_so(stylegan, labels):
    images, lines = read(stylegan(labels))
    assert images.classes == ("image",) and "all images are of one class" in lines[0]


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        ([["00000/0.png", 0]], "gives no label to 3 of 4 images, such as 00000/1.png"),
        ([["00000/0.png"]], "not [path, label]"),
        ([["00000/0.png", True]], "not a whole number or a name"),
        ([["a", 0], ["a", 1]], "gives a two labels"),
    ],
)
def test_dataset_json_that_does_not_fit_is_refused(stylegan, labels, said):
    message = refusal(stylegan(labels))
    assert said in message and message.endswith("--no-labels.")


@pytest.mark.parametrize("stream", [False, True])
def test_keys_of_keras_and_of_medmnist(tmp_path, stream):
    x, y = noise(6, 8, 8), np.array([5, 0, 5, 0, 5, 0])
    np.savez(tmp_path / "k.npz", x_train=x, y_train=y, x_test=x[:3], y_test=y[:3])
    np.savez(
        tmp_path / "m.npz",
        train_images=x,
        train_labels=y[:, None],
        val_images=x[:2],
        val_labels=y[:2, None],
        test_images=x[:3],
        test_labels=y[:3, None],
    )
    keras, lines = read(tmp_path / "k.npz", stream=stream)
    medmnist, more = read(tmp_path / "m.npz", stream=stream)
    assert keras.sha256 == medmnist.sha256
    assert keras.classes == ("0", "5") and keras.held_out.labels.tolist() == [1, 0, 1]
    assert "x_test as held out images" in lines[0]
    assert any(line.startswith("arrays left out: val_images [2, 8, 8], val_") for line in more)


def idx(array: np.ndarray) -> bytes:
    sizes = b"".join(struct.pack(">I", size) for size in array.shape)
    return bytes([0, 0, 8, array.ndim]) + sizes + array.tobytes()


@pytest.fixture
def mnist(tmp_path):
    folder = tmp_path / "mnist"
    folder.mkdir()
    x, y = noise(6, 8, 8), np.array([1, 0, 1, 0, 1, 0], np.uint8)
    (folder / "train-images-idx3-ubyte").write_bytes(idx(x))
    (folder / "train-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(y)))
    (folder / "t10k-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx(x[:3])))
    (folder / "t10k-labels-idx1-ubyte").write_bytes(idx(y[:3]))
    return folder


def test_idx_files_with_labels_and_held_out_images_beside(mnist):
    for source in (mnist, mnist / "train-images-idx3-ubyte"):
        for stream in (False, True):
            images, _ = read(source, stream=stream)
            np.testing.assert_array_equal(np.asarray(images.images)[..., 0], noise(6, 8, 8))
            assert images.labels.tolist() == [1, 0, 1, 0, 1, 0] and images.name == "mnist"
            assert images.held_out.labels.tolist() == [1, 0, 1]


@pytest.mark.parametrize("damage", ["short", "long", "huge", "type", "header"])
def test_idx_files_that_are_damaged(mnist, damage):
    path = mnist / "train-images-idx3-ubyte"
    content = path.read_bytes()
    path.write_bytes({
        "short": content[:-1],
        "long": content + b"x",
        "huge": content[:4] + b"\xff" * 12 + content[16:],
        "type": b"\0\0\x0d" + content[3:],
        "header": content[:9],
    }[damage])  # fmt: skip
    assert "is damaged or cut short (" in refusal(mnist)


# What a file may not do.


def npy(shape: tuple, content: bytes) -> bytes:
    file = io.BytesIO()
    header = {"shape": shape, "fortran_order": False, "descr": "|u1"}
    np.lib.format.write_array_header_1_0(file, header)
    return file.getvalue() + content


@pytest.mark.parametrize("stream", [None, True])
@pytest.mark.parametrize("kind", ["npy", "npz"])
@pytest.mark.parametrize(
    "shape", [(10**30, 8, 8), (2**62, 8, 8), (-5, 8, 8), (0, 10**30, 8), (9, 8, 8), (2**40,)]
)
def test_shapes_that_the_file_cannot_hold(tmp_path, shape, kind, stream):
    path = tmp_path / f"x.{kind}"
    content = npy(shape, bytes(8 * 64))
    if kind == "npy":
        path.write_bytes(content)
    else:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("images.npy", content)
    assert "is damaged or cut short (" in refusal(path, stream=stream)


@pytest.mark.parametrize("stream", [False, True])
def test_a_member_larger_than_its_header_says_is_not_unpacked(tmp_path, cache, stream):
    with zipfile.ZipFile(tmp_path / "x.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("images.npy", npy((8, 8, 8), bytes(10_000_000)))
    said = "its header announces 512 bytes, and it has 10,000,000"
    assert said in refusal(tmp_path / "x.npz", stream=stream)
    assert sum(file.stat().st_size for file in cache.rglob("*") if file.is_file()) == 0


@pytest.mark.pipes
@pytest.mark.parametrize(
    "name", ["x.npz", "x.npy", "x.zip", "x.png", "train-images-idx3-ubyte"]
)
def test_a_pipe_as_data_is_not_waited_for(tmp_path, name):
    os.mkfifo(tmp_path / name)
    assert "is a pipe or a device, not a file" in refusal(tmp_path / name)


def test_long_and_nested_headers_are_shortened(tmp_path):
    header = ("{'descr': '|u1', 'shape': " + "(" * 9000).encode()
    start = b"\x93NUMPY\x02\x00" + struct.pack("<I", len(header))
    (tmp_path / "x.npy").write_bytes(start + header)
    assert len(refusal(tmp_path / "x.npy")) < 300


def test_a_link_to_a_folder_above_it_is_not_followed(tmp_path):
    folder = put(tmp_path / "x", *noise(3, 8, 8))
    put(folder / "inner", *noise(2, 8, 8))
    (folder / "all").symlink_to(".")
    (folder / "inner/up").symlink_to(tmp_path)
    images, lines = read(folder, labels=False)
    assert len(images) == 5
    assert lines[0] == "2 links to a folder that they lie in, left out: all, inner/up"


def test_a_header_of_many_axes_is_refused(tmp_path):
    with (tmp_path / "x.npy").open("wb") as file:
        header = {"shape": (1,) * 100, "fortran_order": False, "descr": "|u1"}
        np.lib.format.write_array_header_1_0(file, header)
        file.write(b"0")
    assert "is needed" in refusal(tmp_path / "x.npy")


def test_labels_of_no_images_beside_held_out_labels_are_refused(tmp_path):
    pixels, none, two = noise(2, 8, 8), np.zeros(0, int), np.zeros(2, int)
    arrays = {"labels": none, "held_out_images": pixels, "held_out_labels": two}
    np.savez(tmp_path / "x.npz", images=pixels, **arrays)
    assert "has 2 images but 0 in labels" in refusal(tmp_path / "x.npz")


def test_a_folder_that_holds_a_run_is_no_data(tmp_path):
    run = put(tmp_path / "runs/00000-x", *noise(3, 8, 8))
    (run / "config.json").write_text("{}")
    (run / "log.txt").write_text("")
    for source in (run, run.parent, zipped(run, tmp_path / "run.zip")):
        assert "holds a run of ganzoo" in refusal(source)
    put(tmp_path, *noise(2, 8, 8))
    images, lines = read(tmp_path)
    assert len(images) == 2 and "runs of ganzoo, left out: runs" in lines


PEAK = """
import re, sys
from pathlib import Path
from ganzoo.data import load

def peak():
    return 1024 * int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])

load(Path(sys.argv[1]), 8)
before = peak()
load(Path(sys.argv[2]), 56)
print(peak() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is in /proc")
def test_a_large_image_is_in_memory_twice_at_most(tmp_path):
    """RGBA of 9 megapixels: 4 bytes a pixel in Pillow, 3 in the result."""
    small = put(tmp_path / "small", noise(8, 8, 4), noise(8, 8, 4))
    pixels = np.zeros((3000, 3100, 4), np.uint8)
    pixels[::9, ::7] = [255, 100, 50, 128]
    large = put(tmp_path / "large", pixels, pixels)
    command = [sys.executable, "-c", PEAK, str(small), str(large)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    per_pixel = int(re.search(r"\d+", done.stdout)[0]) / (3000 * 3100)
    assert 4 < per_pixel < 13  # With copies of the whole image it was 23.
