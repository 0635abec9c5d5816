"""Features that are read off drawn forms: verdicts on samples whose fault is known."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from ganzoo.data import recipe, sets
from ganzoo.metrics import Evaluator
from ganzoo.metrics.fit_features import features_for

COUNT = 560


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """An evaluator, and other real images with their forms."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recipe, "HELD_OUT", 60)
        patch.setenv("GANZOO_CACHE", str(tmp_path_factory.mktemp("cache")))
        data = sets.get("unown-captioned").load(28, per_class=60)
        others = sets.get("unown-captioned:seed=5").load(28, per_class=40)
        evaluator = Evaluator(data, COUNT, features_for(data))
    rng = np.random.default_rng(0)
    rows = rng.permutation(len(others))[:COUNT]
    half = np.flatnonzero(others.labels < 14)
    images = others.images[rows]
    noise = rng.integers(0, 256, images[: COUNT // 5].shape).astype(np.uint8)
    speckle = images + rng.normal(0, 30, images.shape)
    spoiled = {
        "real": images,
        "half of the forms": others.images[half],
        "copies": data.images[rng.permutation(len(data))[:COUNT]],
        "blurred": gaussian_filter(images.astype(float), (0, 1, 1, 0)),
        "a fifth noise": np.concatenate([noise, images[len(noise) :]]),
        "speckle": np.clip(speckle, 0, 255),
        "gray": images.mean(axis=3, keepdims=True).repeat(3, axis=3),
    }
    return evaluator, others, {name: x.astype(np.uint8) for name, x in spoiled.items()}


def test_forms_of_real_images_are_told_and_features_are_standard(sample):
    evaluator, others, _ = sample
    features, probabilities = evaluator.features.of(others.images)
    assert features.shape == (len(others), 89)
    assert (probabilities.argmax(axis=1) == others.labels).mean() >= 0.99
    assert {*np.unique(probabilities)} <= {0, 1} and probabilities.sum(axis=1).mean() >= 0.99
    assert np.abs(features.mean(axis=0)).max() < 0.3
    assert 0.5 < np.median(features.std(axis=0)) < 1.5


@pytest.mark.parametrize(
    ("name", "verdicts"),
    [
        ("real", {"healthy"}),
        ("half of the forms", {"collapsed"}),
        ("copies", {"memorised"}),
        ("blurred", {"blurred", "unrecognisable"}),
        ("a fifth noise", {"collapsed", "unrecognisable"}),
        ("speckle", {"unrecognisable"}),
        ("gray", {"collapsed", "unrecognisable"}),
    ],
)
def test_verdicts_on_samples_whose_fault_is_known(sample, name, verdicts):
    evaluator, _, spoiled = sample
    found = evaluator(spoiled[name])
    assert found["verdict"] in verdicts, found["reason"]
