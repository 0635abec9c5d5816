"""The feature network: the same on all backends, on disk, and for other sets."""

import os
import threading
from pathlib import Path

import keras
import numpy as np
import pytest

from ganzoo.data.image_set import ImageSet
from ganzoo.errors import InputError
from ganzoo.metrics import Evaluator, fit_features
from ganzoo.metrics.features import SHIPPED, SHIPPED_SHA256, Features
from ganzoo.metrics.fit_features import features_for
from ganzoo.metrics.resize import resize


@pytest.fixture(scope="module")
def shipped():
    return Features.load(SHIPPED, SHIPPED_SHA256)


def convolved(x, kernel, bias):
    """A convolution of stride 2 that pads as TensorFlow does, then leaky ReLU."""
    size, side = kernel.shape[0], -(-x.shape[1] // 2)
    total = max((side - 1) * 2 + size - x.shape[1], 0)
    pad = (total // 2, total - total // 2)
    x = np.pad(x, ((0, 0), pad, pad, (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2))
    out = np.einsum("nyxcij,ijco->nyxo", windows[:, ::2, ::2], kernel) + bias
    return np.where(out > 0, out, 0.2 * out)


def by_hand(network, images):
    """Features and probabilities by NumPy alone, in float64."""
    weights = {name: array.astype(float) for name, array in network.arrays.items()}
    x = images / 255
    for index in range(4):
        x = convolved(x, weights[f"conv{index}.kernel"], weights[f"conv{index}.bias"])
    raw = x.reshape(len(x), -1) @ weights["features.kernel"] + weights["features.bias"]
    active = np.where(raw > 0, raw, 0.2 * raw)
    odds = np.exp(active @ weights["logits.kernel"] + weights["logits.bias"])
    probabilities = odds / odds.sum(axis=1, keepdims=True)
    return (raw - weights["mean"]) / weights["deviation"], probabilities[:, :-1]


@pytest.mark.backends
def test_features_are_those_that_numpy_computes(shipped, fresh):
    images = fresh[:230]
    found, probabilities = shipped.of(images)
    expected, odds = by_hand(shipped, images)
    assert found.dtype == probabilities.dtype == np.float64
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5)
    np.testing.assert_allclose(probabilities, odds, rtol=0, atol=1e-5)


def test_the_users_image_data_format_changes_nothing(shipped, fresh):
    expected, _ = shipped.of(fresh[:3])
    keras.config.set_image_data_format("channels_first")
    try:
        found, _ = Features.load(SHIPPED).of(fresh[:3])
    finally:
        keras.config.set_image_data_format("channels_last")
    np.testing.assert_array_equal(found, expected)


def test_features_of_an_image_do_not_depend_on_what_is_beside_it(shipped, fresh):
    np.testing.assert_allclose(
        shipped.of(fresh[:3])[0], shipped.of(fresh[:230])[0][:3], atol=1e-6, rtol=0
    )


def test_saved_and_loaded_it_is_the_same(shipped, fresh, tmp_path):
    shipped.save(tmp_path / "again.npz")
    again = Features.load(tmp_path / "again.npz", shipped.sha256)
    assert again.sha256 == shipped.sha256 == SHIPPED_SHA256
    np.testing.assert_array_equal(again.of(fresh[:9])[0], shipped.of(fresh[:9])[0])
    assert SHIPPED.stat().st_size < 300_000


def changed(path, **changes):
    with np.load(SHIPPED) as file:
        arrays = {name: file[name] for name in file.files} | changes
    np.savez(path, **{name: a for name, a in arrays.items() if a is not None})
    return path


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"mean": np.ones(64, np.float32)}, "damaged or another network"),
        ({"mean": None}, "arrays mean are missing"),
        ({"mean": np.ones(63, np.float32)}, "arrays mean are missing, unknown or misshapen"),
        ({"more": np.ones(3)}, "arrays more are missing, unknown"),
        ({"mean": np.array([{}], object)}, "is no feature network"),
        ({"config": None}, "is no feature network"),
    ],
)
def test_a_changed_file_is_refused(tmp_path, changes, message):
    with pytest.raises(InputError, match=message):
        Features.load(changed(tmp_path / "changed.npz", **changes))


def test_another_network_than_expected_is_refused(tmp_path):
    with pytest.raises(InputError, match="another network than expected"):
        Features.load(SHIPPED, "0" * 64)
    (tmp_path / "text.npz").write_text("no network")
    with pytest.raises(InputError, match="is no feature network"):
        Features.load(tmp_path / "text.npz")


def test_sizes_divide_or_are_fitted():
    image = np.arange(16, dtype=np.uint8).reshape(1, 4, 4, 1)
    assert resize(image, 8, 1)[0, :, :, 0].tolist()[0] == [0, 0, 1, 1, 2, 2, 3, 3]
    assert resize(image, 2, 3)[0, :, :, 2].tolist() == [[3, 5], [11, 13]]
    assert resize(image, 6, 1).shape == (1, 6, 6, 1)
    np.testing.assert_array_equal(resize(image, 4, 1), image)


@pytest.fixture
def discs(monkeypatch, tmp_path):
    """240 images of 16 pixels: large and small discs, in two classes."""
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(fit_features, "LEAST", 60)
    rng = np.random.Generator(np.random.Philox(0))
    y, x = np.mgrid[:16, :16]
    labels = np.arange(240, dtype=np.int32) % 2
    images = np.empty((240, 16, 16, 3), np.uint8)
    for image, label in zip(images, labels, strict=True):
        inside = np.hypot(y - rng.uniform(6, 10), x - rng.uniform(6, 10)) < 3 + 2 * label
        image[...] = np.where(inside[..., None], rng.integers(120, 256, 3), 20)
    return ImageSet("discs", images, labels, ("small", "large"))


@pytest.mark.backends
def test_a_labelled_set_gets_a_classifier_which_is_kept(discs):
    notes = []
    network = features_for(discs, notes.append)
    assert network.kind == "classifier" and network.classes == ("small", "large")
    found, probabilities = network.of(discs.images)
    assert np.abs(found.mean(axis=0)).max() < 0.01
    assert np.abs(found.std(axis=0) - 1).max() < 0.01
    assert (probabilities.argmax(axis=1) == discs.labels).mean() > 0.9
    # Between them a slow machine says how far it is.
    assert notes[0].startswith("fitting a feature network") and "sha256" in notes[-1]
    notes.clear()
    again = features_for(discs, notes.append)
    assert again.sha256 == network.sha256 and not notes


@pytest.fixture
def one_step(monkeypatch):
    """Fits of one step, where what they learn is beside the point."""
    for name in ("LEAST", "MOST"):
        monkeypatch.setattr(fit_features, name, 1)


def test_processes_that_want_the_same_network_fit_it_once(discs, one_step):
    """A second one begins while the first one fits; threads lock each other out as well."""
    notes, others, found = [], [], []
    second_spoke = threading.Event()

    def second(line):
        others.append(line)
        second_spoke.set()

    thread = threading.Thread(target=lambda: found.append(features_for(discs, second)))

    def first(line):
        notes.append(line)
        if len(notes) == 1:
            thread.start()
            assert second_spoke.wait(60)

    found.append(features_for(discs, first))
    thread.join()
    assert len({network.sha256 for network in found}) == 1 and len(found) == 2
    assert len(notes) == 2 and [line[:12] for line in others] == ["waiting for "]


def test_a_damaged_network_in_the_cache_is_fitted_again(discs, one_step):
    network = features_for(discs)
    kept = next(Path(os.environ["GANZOO_CACHE"]).glob("*.npz"))
    kept.write_bytes(kept.read_bytes()[:-100])
    notes = []
    features_for(discs, notes.append)
    assert len(notes) == 3 and "Fitting it again." in notes[0]
    assert Features.load(kept).config == network.config


def test_a_network_that_was_taught_for_other_steps_is_not_taken(discs, monkeypatch):
    first = features_for(discs)
    monkeypatch.setattr(fit_features, "LEAST", 61)
    notes = []
    assert features_for(discs, notes.append).sha256 != first.sha256
    # Between them a slow machine says how far it is.
    assert notes[0].startswith("fitting a feature network") and "sha256" in notes[-1]


@pytest.mark.parametrize("classes", [("image",), ("small", "large")])
def test_a_set_without_images_of_two_classes_gets_an_autoencoder(discs, classes):
    plain = ImageSet("plain", discs.images, np.zeros(240, np.int32), classes)
    result = Evaluator(plain)(discs.images[:120])
    assert result["feature_kind"] == "autoencoder" and result["classes"] == 0
    assert result["modes"] is result["recognised"] is result["kl"] is None
    assert result["reference"] == "every second training image"
    assert result["memorisation"] is None
    assert result["count"] == 120
    assert result["verdict"] == "memorised"  # They are images of the set itself.
