import hashlib
import io

import numpy as np
import pytest

from ganzoo.data import image_file
from ganzoo.data.image_file import ImageFile, pieces, read_header, write
from ganzoo.data.image_set import ImageSet


def noise(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


@pytest.fixture
def saved(tmp_path):
    def save(array):
        np.save(tmp_path / "images.npy", array)
        return ImageFile(tmp_path / "images.npy")

    return save


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize(
    "rows",
    [
        slice(2, 5),
        slice(None, None, -2),
        3,
        -1,
        [4, 0, 4],
        np.array([[1, 2], [6, 0]]),
        np.zeros(0, int),
    ],
    ids=str,
)
def test_rows_are_those_of_the_array(saved, order, rows):
    array = np.asarray(noise(7, 4, 5, 3), order=order)
    images = saved(array)
    assert (len(images), images.shape, images.dtype, images.nbytes) == (
        7,
        array.shape,
        np.uint8,
        array.nbytes,
    )
    found = images[rows]
    np.testing.assert_array_equal(found, array[rows])
    assert found.flags.owndata or found.base.flags.owndata  # In memory, not a view of the file.
    np.testing.assert_array_equal(np.asarray(images), array)
    assert np.asarray(images, np.int32).dtype == np.int32


def test_an_emptied_folder_takes_nothing_away(saved, tmp_path):
    images = saved(noise(3, 2, 2, 1))
    (tmp_path / "images.npy").unlink()
    np.testing.assert_array_equal(images[:], noise(3, 2, 2, 1))


@pytest.mark.parametrize("content", [b"", b"text, not an array", np.array([{}, {}])])
def test_what_is_no_array_of_numbers_is_refused(tmp_path, content):
    if isinstance(content, bytes):
        (tmp_path / "x.npy").write_bytes(content)
    else:
        np.save(tmp_path / "x.npy", content, allow_pickle=True)
    with pytest.raises(ValueError, match=r"magic|pickle|EOF|NUMPY"):
        ImageFile(tmp_path / "x.npy")


def test_headers_of_both_versions_are_read():
    for version in ((1, 0), (2, 0)):
        file = io.BytesIO()
        np.lib.format.write_array(file, noise(3, 2, 2, 1), version)
        file.seek(0)
        assert read_header(file) == ((3, 2, 2, 1), False, np.uint8)


GRAY, COLOUR = noise(5, 4, 4, 1, seed=1), noise(5, 4, 4, 3, seed=2)


@pytest.mark.parametrize(
    ("images", "channels", "expected"),
    [
        (GRAY, 1, GRAY),
        (COLOUR, 1, COLOUR),
        (GRAY, 3, GRAY.repeat(3, 3)),
        (
            [*GRAY, *COLOUR, *GRAY],
            1,
            np.concatenate([GRAY.repeat(3, 3), COLOUR, GRAY.repeat(3, 3)]),
        ),
    ],
    ids=["gray", "colour", "gray as colour", "colour comes late"],
)
@pytest.mark.parametrize("piece", [7, 2**23])
def test_what_is_written_reads_back(tmp_path, monkeypatch, images, channels, expected, piece):
    monkeypatch.setattr(image_file, "PIECE", piece)
    write(tmp_path / "x.npy", iter(images), len(images), 4, channels)
    np.testing.assert_array_equal(np.load(tmp_path / "x.npy"), expected)


@pytest.mark.parametrize("piece", [1, 100, 2**23])
def test_the_checksum_is_that_of_the_array(saved, monkeypatch, piece):
    monkeypatch.setattr(image_file, "PIECE", piece)
    array, labels = noise(9, 4, 4, 3), np.arange(9, dtype=np.int32)
    content = b"(9, 4, 4, 3)" + array.tobytes() + labels.tobytes() + "a\0ö".encode()
    expected = hashlib.sha256(content).hexdigest()
    for images in (array, array[::-1][::-1], np.asfortranarray(array), saved(array)):
        assert ImageSet("x", images, labels, ("a", "ö")).sha256 == expected
    assert sum(len(part) for part in pieces(array)) == 9
