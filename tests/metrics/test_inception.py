"""Inception's features: from any weights, on every backend, or a line that says why not."""

import keras
import numpy as np
import pytest

from ganzoo.data.image_set import ImageSet
from ganzoo.errors import InputError
from ganzoo.metrics import Evaluator
from ganzoo.metrics.feature_network import feature_network
from ganzoo.metrics.inception import FILE, Inception


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """A file of weights drawn at random, the same on every backend."""
    rng = np.random.Generator(np.random.Philox(5))
    model = keras.applications.InceptionV3(include_top=False, weights=None, pooling="avg")
    arrays = []
    for variable in model.weights:
        shape = variable.shape
        if len(shape) == 4:  # He: activations stay of one size through 94 layers.
            arrays.append(rng.normal(0, np.sqrt(2 / np.prod(shape[:3])), shape))
        else:
            arrays.append(np.full(shape, "variance" in variable.path))
    model.set_weights(arrays)
    path = tmp_path_factory.mktemp("inception") / "random.weights.h5"
    model.save_weights(path)
    return path


@pytest.fixture
def images(rng):
    return rng.integers(0, 256, (40, 24, 24, 3), dtype=np.uint8)


@pytest.mark.thorough
@pytest.mark.backends
def test_features_are_the_same_on_every_backend(weights, images):
    features, probabilities = Inception(weights).of(images[:2])
    assert features.shape == (2, 2048) and features.dtype == np.float64
    assert probabilities is None
    expected = [[0.10733, 0, 0.045971, 0.854852], [0.159288, 0, 0.0429512, 0.865987]]
    np.testing.assert_allclose(features[:, ::512], expected, rtol=1e-4)


@pytest.mark.thorough
def test_images_do_not_depend_on_their_neighbours_and_gray_is_three_equal_channels(
    weights, images
):
    network = feature_network(str(weights))
    many, one = network.of(images[:, :, :, :1])[0], network.of(images[33:34, :, :, :1])[0]
    colour = network.of(images[33:34, :, :, :1].repeat(3, axis=3))[0]
    np.testing.assert_allclose(many[33:34], one, rtol=1e-4)
    np.testing.assert_array_equal(one, colour)


@pytest.mark.thorough
def test_a_set_is_measured_with_them(weights, images):
    data = ImageSet("noise", images, np.zeros(40, np.int32), ("noise",))
    result = Evaluator(data, features=Inception(weights))(images[:16] // 2)
    assert result["feature_kind"] == "inception" and result["modes"] is None
    assert result["features"] == Inception(weights).sha256
    assert result["frechet"] > 2 * result["floor"]["frechet"] > 0


@pytest.mark.parametrize("files", [{}, {FILE: b"not the weights"}])
def test_a_download_that_fails_is_one_line(files, serving, monkeypatch, tmp_path):
    home = tmp_path / "keras"
    home.mkdir()
    monkeypatch.setattr("keras.src.backend.config.keras_home", lambda: str(home))
    with serving(files) as (url, requests):
        place = "keras.src.applications.inception_v3.WEIGHTS_PATH_NO_TOP"
        monkeypatch.setattr(place, f"{url}/{FILE}")
        with pytest.raises(InputError) as caught:
            feature_network("inception")
    assert requests == [FILE]
    message = str(caught.value)
    assert "\n" not in message and "cannot be had" in message and FILE in message


def test_a_file_that_is_not_weights_is_refused(tmp_path):
    (tmp_path / "no.weights.h5").write_bytes(b"no")
    with pytest.raises(InputError, match=r"no\.weights\.h5\) cannot be had"):
        feature_network(str(tmp_path / "no.weights.h5"))
