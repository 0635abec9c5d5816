"""Samples to be measured: read as sets are, at their own size where they have one."""

import zipfile

import numpy as np
import pytest
from PIL import Image

from ganzoo.data.reading import Reading
from ganzoo.data.sample import read_sample
from ganzoo.errors import InputError


@pytest.fixture
def gray():
    """Blobs uint8 [12, 16, 16, 1], which JPEG keeps well."""
    y, x = np.mgrid[:16, :16]
    at = np.random.default_rng(0).uniform(4, 12, (12, 2))
    blobs = [200 * np.exp(-((y - a) ** 2 + (x - b) ** 2) / 8) for a, b in at]
    return np.stack(blobs).astype(np.uint8)[..., None]


def read(path, channels=1, resolution=16, count=100, seed=0, reading=None):
    notes: list[str] = []
    found = read_sample(path, count, seed, resolution, channels, notes.append, reading)
    return found.images, found.side, notes


def save(folder, images, mode="L", ending="png", **options):
    folder.mkdir(parents=True, exist_ok=True)
    for i, image in enumerate(images):
        picture = Image.fromarray(image[..., 0] if image.shape[2] == 1 else image)
        picture.convert(mode).save(folder / f"{i:03d}.{ending}", **options)
    return folder


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "LA"])
def test_gray_is_gray_however_it_was_saved(tmp_path, gray, mode):
    images, side, notes = read(save(tmp_path / "fakes", gray, mode))
    assert side == 16 and not notes
    np.testing.assert_array_equal(images, gray)


def test_what_jpeg_leaves_of_colour_is_dropped_with_a_note(tmp_path, gray):
    tinted = np.clip(gray + np.array([0, 2, 4]), 0, 255).astype(np.uint8)
    images, _, notes = read(save(tmp_path / "fakes", tinted, "RGB", "jpg", quality=95))
    assert images.shape == (12, 16, 16, 1)
    assert np.abs(images.astype(int) - gray).mean() < 6
    assert any("12 of 12 images are gray but for slight colours" in note for note in notes)


def test_images_in_colour_are_no_sample_of_a_gray_set(tmp_path, gray):
    colour = np.concatenate([gray, 255 - gray, gray], axis=3)
    folder = save(tmp_path / "fakes", colour[:3], "RGB")
    save(folder / "more", gray[3:])
    with pytest.raises(InputError, match="3 of 12 images are in colour, and the real images"):
        read(folder)
    assert read(folder, channels=3)[0].shape == (12, 16, 16, 3)


def test_folders_zips_and_arrays_give_the_same(tmp_path, gray):
    folder = tmp_path / "fakes"
    save(folder / "a" / "deep", gray[:5])
    save(folder / "b", gray[5:])
    with zipfile.ZipFile(tmp_path / "fakes.zip", "w") as archive:
        for file in sorted(folder.rglob("*.png")):
            archive.write(file, file.relative_to(folder))
    np.save(tmp_path / "fakes.npy", gray[..., 0])
    np.savez(tmp_path / "own.npz", samples=gray)
    np.savez(tmp_path / "keras.npz", x_train=gray, y_train=np.arange(12) % 2)
    for name in ("fakes", "fakes.zip", "fakes.npy", "own.npz", "keras.npz"):
        images, side, _ = read(tmp_path / name)
        assert side == 16, name
        np.testing.assert_array_equal(np.sort(images, axis=0), np.sort(gray, axis=0), name)


def test_images_of_one_size_below_the_sets_keep_it(tmp_path, gray):
    images, side, _ = read(save(tmp_path / "fakes", gray), resolution=32)
    assert (images.shape, side) == ((12, 16, 16, 1), 16)
    np.save(tmp_path / "fakes.npy", gray)
    assert read(tmp_path / "fakes.npy", resolution=32)[0].shape == (12, 16, 16, 1)


def test_a_zip_file_of_a_mac_holds_images_of_one_size(tmp_path, gray):
    folder = save(tmp_path / "fakes", gray[:, ::2, ::2])
    with zipfile.ZipFile(tmp_path / "fakes.zip", "w") as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, f"fakes/{file.name}")
            archive.writestr(f"__MACOSX/fakes/._{file.name}", b"\0\5\x16\7")
    images, side, notes = read(tmp_path / "fakes.zip")
    assert (side, images.shape, notes) == (8, (12, 8, 8, 1), [])


def test_larger_images_are_made_smaller_and_their_size_is_told(tmp_path, gray):
    large = gray.repeat(8, axis=1).repeat(8, axis=2)
    images, side, _ = read(save(tmp_path / "fakes", large))
    assert side == 128
    np.testing.assert_array_equal(images, gray)


def test_mixed_sizes_are_fitted_each_with_a_note(tmp_path, gray):
    folder = save(tmp_path / "fakes", gray[:6])
    save(folder / "wide", gray[6:, 2:14].repeat(2, axis=1).repeat(2, axis=2))
    images, side, notes = read(folder)
    assert (images.shape, side) == ((12, 16, 16, 1), 16)
    assert any("6 of 12 images were not square" in note for note in notes)
    padded, _, notes = read(folder, reading=Reading(fit="pad"))
    assert any("6 of 12 images were not square: padded" in note for note in notes)
    assert (padded != images).any()


def test_arrays_that_are_not_square_are_cropped(tmp_path, gray):
    np.savez(tmp_path / "fakes.npz", images=gray[:, 4:])
    images, side, notes = read(tmp_path / "fakes.npz", resolution=12)
    assert (images.shape, side) == ((12, 12, 12, 1), 12)
    np.testing.assert_array_equal(images, gray[:, 4:, 2:14])
    assert any("12 of 12 images were not square" in note for note in notes)


def test_of_more_images_some_are_drawn(tmp_path, gray):
    np.save(tmp_path / "fakes.npy", gray)
    images, _, notes = read(tmp_path / "fakes.npy", count=5)
    assert len(images) == 5
    assert "5 of 12 images are measured, drawn at random by --seed 0" in notes
    assert (images != read(tmp_path / "fakes.npy", count=5, seed=1)[0]).any()


def test_what_is_no_sample_is_refused_in_one_line(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.npz").write_text("no array")
    (tmp_path / "fakes.tar").write_text("")
    for name, message in (
        ("empty", "holds no images"),
        ("text.npz", "is not a NumPy file"),
        ("fakes.tar", "is a file of another kind"),
    ):
        with pytest.raises(InputError, match=message):
            read(tmp_path / name)
