"""Images from .npy and .npz files."""

import re

import numpy as np
import pytest

from ganzoo.data.arrays import from_arrays, save_npz
from ganzoo.data.image_set import ImageSet
from ganzoo.data.reading import Reading
from ganzoo.data.request import Request
from ganzoo.errors import InputError

GRAY = np.random.default_rng(0).integers(0, 256, (6, 8, 8), np.uint8)
COLOUR = np.random.default_rng(1).integers(0, 256, (6, 8, 8, 3), np.uint8)


@pytest.fixture
def npz(tmp_path):
    def write(name="set.npz", **arrays):
        path = tmp_path / name
        np.savez(path, **arrays)
        return path

    return write


@pytest.fixture
def npy(tmp_path):
    def write(array, allow_pickle=False):
        path = tmp_path / "set.npy"
        np.save(path, array, allow_pickle=allow_pickle)
        return path

    return write


def read(path, resolution, **keywords):
    return from_arrays(path, Request(resolution, **keywords))


def refusal(path, **keywords) -> str:
    with pytest.raises(InputError) as caught:
        read(path, 8, **keywords)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(str(path))
    return message.removeprefix(str(path))


@pytest.mark.parametrize("array", [GRAY, GRAY[..., None], GRAY[:, None]])
def test_gray_layouts(npy, array):
    images = read(npy(array), 8)
    np.testing.assert_array_equal(images.images, GRAY[..., None])
    assert images.labels.tolist() == [0] * 6
    assert images.labels.dtype == np.int32
    assert (images.classes, images.name) == (("image",), "set")


@pytest.mark.parametrize(
    "array", [COLOUR, COLOUR.transpose(0, 3, 1, 2), np.asfortranarray(COLOUR)]
)
def test_colour_layouts(npy, array):
    np.testing.assert_array_equal(read(npy(array), 8).images, COLOUR)


def test_channels_first_is_noted(npy):
    lines = []
    read(npy(COLOUR.transpose(0, 3, 1, 2)), 8, report=lines.append)
    assert lines == [
        "images of the shape [6, 3, 8, 8] were read as channels first, [N, C, H, W]"
    ]


@pytest.mark.parametrize("shape", [(6, 3, 8, 3), (6, 1, 8, 1), (6, 3, 8, 1)])
def test_unclear_channels_say_how_to_transpose(npy, shape):
    message = refusal(npy(np.zeros(shape, np.uint8)))
    assert f"has the shape {list(shape)}, which may be [N, H, W, C] or [N, C, H, W]" in message
    assert "images.transpose(0, 2, 3, 1)" in message


@pytest.mark.parametrize("key", ["images", "arr_0", "whatever"])
def test_key_of_the_images(npz, key):
    path = npz(**{key: GRAY}, labels=np.zeros(6, int))
    np.testing.assert_array_equal(read(path, 8).images[..., 0], GRAY)


def test_images_win_over_other_arrays(npz):
    path = npz(images=GRAY, arr_0=COLOUR, masks=COLOUR)
    assert read(path, 8).channels == 1


def test_no_key_for_images_lists_what_is_there(npz):
    assert refusal(npz(left=GRAY, right=GRAY)) == (
        " has no array called images; it holds: left, right. "
        "Write it with numpy.savez(path, images=..., labels=...)."
    )


def test_other_sizes_are_fitted(npy):
    lines = []
    images = read(npy(GRAY[:, :, :6]), 4, report=lines.append)
    assert images.images.shape == (6, 4, 4, 1)
    assert lines == [
        "6 of 6 images were not square: centre-cropped (--fit pad or --fit stretch keeps all "
        "of it)",
        "size of the images: 6x8, shrunk to 4x4; a schedule that fits: 6:136",
    ]


def test_labels_with_names(npz):
    path = npz(
        images=GRAY, labels=np.array([2, 0, 1, 0, 2, 2]), classes=np.array(["a", "b", "ü"])
    )
    images = read(path, 8)
    assert images.labels.tolist() == [2, 0, 1, 0, 2, 2]
    assert images.classes == ("a", "b", "ü")


def test_labels_without_names_are_numbered_without_gaps(npz):
    path = npz(images=GRAY, labels=np.array([7, 3, 3, 7, 3, 10], np.uint8))
    images = read(path, 8)
    assert images.labels.tolist() == [1, 0, 0, 1, 0, 2]
    assert images.classes == ("3", "7", "10")


def test_per_class_takes_the_first_of_each_in_their_order(npz):
    path = npz(images=GRAY, labels=np.array([1, 0, 1, 1, 0, 0]))
    images = read(path, 8, per_class=2)
    assert images.labels.tolist() == [1, 0, 1, 0]
    np.testing.assert_array_equal(images.images[..., 0], GRAY[[0, 1, 2, 4]])


@pytest.mark.parametrize("colour", [False, True])
def test_what_is_saved_reads_back_as_the_same_set(tmp_path, colour):
    images = COLOUR if colour else GRAY[..., None]
    held_out = ImageSet("x-held-out", images[4:], np.array([1, 0], np.int32), ("a", "ü"))
    whole = ImageSet("x", images[:4], np.array([0, 1, 1, 0], np.int32), ("a", "ü"), held_out)
    save_npz(whole, tmp_path / "x.npz")
    back = read(tmp_path / "x.npz", 8)
    assert (back.sha256, back.name) == (whole.sha256, "x")
    assert back.held_out.sha256 == held_out.sha256
    assert [p.name for p in tmp_path.iterdir()] == ["x.npz"]


def test_without_held_out_there_is_none(tmp_path):
    save_npz(ImageSet("x", COLOUR, np.zeros(6, np.int32)), tmp_path / "x.npz")
    assert read(tmp_path / "x.npz", 8).held_out is None


def test_held_out_images_have_the_same_channels(npz):
    path = npz(images=COLOUR, held_out_images=GRAY)
    images = read(path, 8)
    assert (images.channels, images.held_out.channels) == (3, 3)


UNIT = np.linspace(0, 1, 6 * 64, dtype=np.float32).reshape(6, 8, 8)


@pytest.mark.parametrize(
    ("array", "held", "expression"),
    [
        (UNIT, "float32, 0 to 1", "numpy.round(images * 255)"),
        (UNIT.astype(np.float16), "float16, 0 to 1", "numpy.round(images * 255)"),
        (2 * UNIT - 1, "float32, -1 to 1", "numpy.round((images + 1) * 127.5)"),
        (255 * UNIT, "float32, 0 to 255", "numpy.round(images)"),
        (UNIT > 0.5, "bool, 0 to 1", "numpy.round(images * 255)"),
        (GRAY.astype(np.int64), "int64, 0 to 255", "numpy.round(images)"),
        (GRAY.astype(np.uint16) * 257, "uint16, 0 to 65535", "numpy.round(images / 257)"),
    ],
)
def test_other_types_say_how_to_convert_and_it_works(npy, array, held, expression):
    message = refusal(npy(array))
    assert message == (
        f": images is {held}; uint8, 0 to 255, is needed. Save {expression}.astype('uint8')."
    )
    said = re.search(r"Save (.*)\.$", message).group(1)
    converted = eval(said, {"numpy": np, "images": array})
    assert converted.max() == 255
    assert len(read(npy(converted), 8)) == 6


def test_values_beyond_every_known_range(npy):
    assert "Scale them to 0 to 255" in refusal(npy(UNIT * 1000))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_not_a_number(npy, bad):
    array = UNIT.copy()
    array[2, 3, 4] = bad
    assert "holds NaN or infinity" in refusal(npy(array))


@pytest.mark.parametrize("array", [np.array([["a"]]), UNIT * 1j])
def test_no_numbers(npy, array):
    assert "numbers of type uint8 are needed" in refusal(npy(array))


@pytest.mark.parametrize(
    ("shape", "hint"),
    [
        ((6, 64), "Write images.reshape(-1, 8, 8)."),
        ((8, 8, 3), "numpy.stack(images)"),
        ((6, 8, 8, 4), "Leave out the alpha channel: images[..., :3]."),
        ((6, 4, 8, 8), "images[:, :3].transpose(0, 2, 3, 1)."),
        ((6, 8, 8, 5), "uint8 [N, H, W] or [N, H, W, C] with C = 1 or 3 is needed"),
        ((64,), "uint8 [N, H, W] or [N, H, W, C] with C = 1 or 3 is needed"),
        ((), "uint8 [N, H, W] or [N, H, W, C] with C = 1 or 3 is needed"),
        ((0, 8, 8), "which holds no pixels"),
        ((6, 0, 8), "which holds no pixels"),
    ],
)
def test_wrong_shapes(npy, shape, hint):
    message = refusal(npy(np.zeros(shape, np.uint8)))
    assert f": images has the shape {list(shape)}" in message
    assert hint in message


def test_pickles_are_refused_and_not_run(npy, npz):
    objects = np.array([GRAY, GRAY[:2]], dtype=object)
    for path in (npy(objects, allow_pickle=True), npz(images=objects)):
        assert "are not loaded because pickle can run code" in refusal(path)


@pytest.mark.parametrize(
    ("labels", "classes", "indices", "said"),
    [
        (np.array([[7], [3], [3], [7], [3], [7]]), ("3", "7"), [1, 0, 0, 1, 0, 1], "one label"),
        (np.eye(3)[[2, 0, 2, 2, 0, 0]], ("0", "2"), [1, 0, 1, 1, 0, 0], "one-hot"),
        (np.array([0.0, 2, 0, 2, 0, 2]), ("0", "2"), [0, 1, 0, 1, 0, 1], "whole numbers"),
        (np.array(list("abcabc")), ("a", "b", "c"), [0, 1, 2, 0, 1, 2], ""),
        (np.array(list("abcabc"), "S"), ("a", "b", "c"), [0, 1, 2, 0, 1, 2], ""),
        (np.array([1, 0, 1, 1, 0, 0], bool), ("0", "1"), [1, 0, 1, 1, 0, 0], ""),
    ],
)
def test_labels_that_can_only_mean_one_thing_are_read(npz, labels, classes, indices, said):
    lines = []
    images = read(npz(images=GRAY, labels=labels), 8, report=lines.append)
    assert (images.classes, images.labels.tolist()) == (classes, indices)
    assert len(lines) == bool(said) and all(said in line for line in lines)


@pytest.mark.parametrize(
    ("labels", "hint"),
    [
        (np.full(6, 0.5), "Save one label an image, labels.astype('int64')."),
        (np.full(6, np.nan), "Save one label an image, labels.astype('int64')."),
        (np.ones((6, 3), int), "Several labels an image cannot be read: save one each."),
        (np.ones((6, 3, 1), int), "Save one label an image"),
        (np.zeros(6, "M8[s]"), "Save one label an image"),
    ],
)
def test_labels_of_other_kinds(npz, labels, hint):
    path = npz(images=GRAY, labels=labels)
    message = refusal(path)
    assert message.startswith(f": labels is {labels.dtype} {list(labels.shape)}; integers [N]")
    assert hint in message and message.endswith("Or read no classes: --no-labels.")
    without = read(path, 8, reading=Reading(labels=False))
    assert (without.classes, without.labels.tolist()) == (("image",), [0] * 6)


def test_labels_must_be_as_many_as_images(npz):
    message = refusal(npz(images=GRAY, labels=np.arange(5)))
    assert message == " has 6 images but 5 in labels. Save one label an image."


@pytest.mark.parametrize("strange", [-1, 2])
def test_labels_must_have_a_name(npz, strange):
    labels = np.array([0, 1, 0, 1, 0, strange])
    message = refusal(npz(images=GRAY, labels=labels, classes=np.array(["a", "b"])))
    assert message == f": labels holds {strange}, but labels are 0 to 1 for 2 classes."


def test_names_without_labels(npz):
    assert "names 2 classes but has no labels" in refusal(
        npz(images=GRAY, classes=np.array(["a", "b"]))
    )


def test_names_that_are_numbers(npz):
    assert "one name per class is needed" in refusal(npz(images=GRAY, classes=np.arange(2)))


def test_names_that_stand_twice(npz):
    twice = npz(images=GRAY, labels=np.zeros(len(GRAY), int), classes=np.array(["b", "a", "a"]))
    assert "2 of the classes are called 'a'. Give each a name of its own" in refusal(twice)


def test_held_out_needs_labels_where_images_have_them(npz):
    message = refusal(npz(images=GRAY, labels=np.arange(6), held_out_images=GRAY))
    assert message == " has held_out_images but no held_out_labels."


def test_one_image_is_too_few(npy):
    assert "holds only one image; 2 or more are needed" in refusal(npy(GRAY[:1]))


def test_true_is_no_number_in_a_shape(npy):
    path = npy(GRAY)
    path.write_bytes(
        path.read_bytes().replace(b"(6, ", b"(True, ").replace(b"      \n", b"   \n")
    )
    assert "shape is that of no array" in refusal(path)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_cut_short(npy, npz, share):
    for path in (npy(GRAY), npz(images=GRAY)):
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * share)])
        assert "is damaged or cut short (" in refusal(path)


@pytest.mark.parametrize("data", [b"", b"hello, this is text", b"\x80\x04N."])
def test_no_numpy_file(tmp_path, data):
    path = tmp_path / "x.npz"
    path.write_bytes(data)
    assert refusal(path) == " is not a NumPy file. Write it with numpy.save or numpy.savez."


def test_file_that_is_not_there(tmp_path):
    assert "cannot be read: No such file" in refusal(tmp_path / "gone.npy")
