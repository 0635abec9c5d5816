import numpy as np
import pytest

from ganzoo.data import load, recipe


@pytest.fixture(autouse=True)
def cache_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(recipe, "HELD_OUT", 3)
    monkeypatch.setattr(recipe, "PER_CLASS", 4)
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path))


def test_digits_are_ten_and_unlike():
    data = load("digits", resolution=28)
    assert data.classes == tuple("0123456789") and data.images.shape == (40, 28, 28, 1)
    means = np.stack([data.images[data.labels == i].mean(axis=0).ravel() for i in range(10)])
    assert 20 < means.mean() < 90 and np.abs(data.images[:, 0]).mean() < 5
    alike = np.corrcoef(means) - np.eye(10)
    assert alike.max() < 0.95


def test_a_stack_holds_its_numbers_digits():
    digits, data = (load(name, resolution=14) for name in ("digits", "stacked-digits"))
    assert data.images.shape == (26_000, 14, 14, 3) and len(data.held_out) == 5000
    assert data.classes[407] == "407" and set(np.bincount(data.labels)) == {26}
    known = {image.tobytes(): i for image, i in zip(digits.images, digits.labels, strict=True)}
    for row in (407, 407 + 1000, 25_999):
        found = [known[data.images[row, ..., c].tobytes()] for c in range(3)]
        assert "".join(map(str, found)) == data.classes[data.labels[row]]
    others = {image.tobytes() for image in digits.held_out.images}
    assert data.held_out.images[7, ..., 2].tobytes() in others - known.keys()
    assert load("stacked-digits", resolution=14).sha256 == data.sha256
