"""What the evaluator says of samples whose fault is known, on the drawn set."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy import ndimage

from ganzoo.data.forms import FORMS
from ganzoo.data.image_file import ImageFile
from ganzoo.data.image_set import ImageSet
from ganzoo.errors import InputError
from ganzoo.metrics import Evaluator
from ganzoo.metrics.measures import OF_CAPTIONS

KEYS = {
    *("count", "classes", "resolution", "modes", "recognised", "kl", "histogram", "kid"),
    *("frechet", "precision", "recall", "density", "coverage", "memorisation"),
    *("near_copies", "sharpness", "floor", "verdict", "reason", "features"),
    *("feature_kind", "reference", "measured_at", "floor_deviation", "memorisation_deviation"),
    *("copies", "outliers", "groups", "sliced_wasserstein", "vendi", "authenticity"),
    *("as_asked", "reached", *OF_CAPTIONS),
}
MEASURES = ("kid", "frechet", "precision", "recall", "density", "coverage")


def test_unseen_real_images_are_at_the_floor(evaluator, fresh):
    result = evaluator(fresh)
    floor = result["floor"]
    assert set(result) == KEYS and json.loads(json.dumps(result)) == result
    assert (result["verdict"], result["modes"], result["count"]) == ("healthy", 28, 1400)
    assert sum(result["histogram"]) == round(result["recognised"] * 1400)
    assert result["recognised"] > 0.97 and floor["recognised"] > 0.97
    assert abs(result["kid"]) < 0.015 and abs(floor["kid"]) < 0.015
    assert 0 < result["frechet"] < 0.3 and 0 < floor["frechet"] < 0.3
    for name in ("precision", "recall", "coverage"):
        assert abs(result[name] - floor[name]) < 0.04 and floor[name] > 0.9
    assert abs(result["density"] - 1) < 0.1
    assert abs(result["memorisation"]) < 4 * result["memorisation_deviation"] < 0.35
    assert abs(floor["memorisation"]) < 4 * result["floor_deviation"]["memorisation"] < 0.35
    assert result["copies"] < 0.02 and result["outliers"] < 0.01
    for name, least in (("sliced_wasserstein", 0.2), ("vendi", 5), ("authenticity", 0.5)):
        chance = result["floor_deviation"][name]
        assert abs(result[name] - floor[name]) < 4 * chance < 4 * floor[name]
        assert floor[name] > least
    assert result["floor_deviation"]["vendi"] < 0.1
    assert 0.01 < result["floor_deviation"]["authenticity"] < 0.02
    assert result["near_copies"] < 0.03
    assert abs(result["sharpness"] - 1) < 0.02


def test_noise_is_far_off(evaluator, rng):
    result = evaluator(rng.integers(0, 256, (700, 56, 56, 1), np.uint8))
    assert result["verdict"] == "unrecognisable"
    assert (result["modes"], result["recognised"]) == (0, 0.0)
    assert result["kid"] > 1 and result["frechet"] > 20
    # The features of noise are all alike, and far from those of training images.
    assert result["sliced_wasserstein"] > 100 and result["vendi"] < 1.2
    assert result["authenticity"] == 1.0
    assert result["precision"] == result["coverage"] == 0.0
    assert result["sharpness"] > 3


def test_half_of_the_forms_is_a_collapse(evaluator, fresh):
    half = fresh[np.tile(np.arange(28), 50) < 14]
    result = evaluator(half)
    assert result["verdict"] == "collapsed"
    assert result["reason"] == "14 of 28 modes (real images: 28, 28 to 28)"
    assert result["kl"] == pytest.approx(np.log(2), abs=0.01)
    assert result["precision"] > 0.9 and 0.4 < result["recall"] < 0.6
    assert 0.4 < result["coverage"] < 0.6
    assert result["histogram"][14:] == [0] * 14


def test_copies_of_training_images_are_memorised(evaluator, unown, fresh):
    copied = evaluator(unown.images[2800:4200])
    assert copied["verdict"] == "memorised" and copied["memorisation"] == 1.0
    assert copied["copies"] == 1.0
    assert copied["reason"] == "1,400 of 1,400 images are training images, pixel for pixel"
    assert abs(copied["kid"] - copied["floor"]["kid"]) < 0.01  # nothing else shows it
    half = evaluator(np.concatenate([unown.images[2800:3500], fresh[:700]]))
    assert half["verdict"] == "memorised"
    assert half["memorisation"] == pytest.approx(0.5, abs=0.12)
    assert half["copies"] == pytest.approx(0.5, abs=0.01)


def test_one_image_a_form_is_nothing_but_near_copies(evaluator, fresh, rng):
    repeated = np.tile(fresh[:28], (50, 1, 1, 1)) + rng.normal(0, 3, fresh.shape)
    result = evaluator(np.clip(repeated, 0, 255).astype(np.uint8))
    assert result["verdict"] == "collapsed" and "near-copies" in result["reason"]
    assert result["modes"] == 28 and result["near_copies"] > 0.99
    assert result["coverage"] < 0.15


def test_blur_shows(evaluator, fresh):
    result = evaluator(ndimage.gaussian_filter(fresh, (0, 1, 1, 0)))
    assert result["verdict"] == "blurred" and 0.4 < result["sharpness"] < 0.55
    assert result["recognised"] > 0.8


@pytest.mark.parametrize("fault", ["halves", "means", "shuffled", "black"])
def test_garbage_made_of_real_images_is_not_recognised(evaluator, fresh, rng, fault):
    bad = fresh[:700].copy()
    other = fresh[1:701]
    if fault == "halves":
        bad[:, :, 28:] = other[:, :, 28:]
    elif fault == "means":
        bad = ((bad.astype(int) + other) // 2).astype(np.uint8)
    elif fault == "shuffled":
        bad = rng.permutation(bad.reshape(700, -1), axis=1).reshape(bad.shape)
    else:
        bad[...] = 0
    result = evaluator(bad)
    assert result["recognised"] < 0.06 and result["verdict"] == "unrecognisable"
    assert result["outliers"] > 0.8


def test_images_turned_upside_down_are_the_forms_that_have_such_a_turn(evaluator, fresh):
    result = evaluator(fresh[:700, ::-1, ::-1])
    assert result["verdict"] == "collapsed" and 4 <= result["modes"] <= 9


def test_images_of_an_early_stage_are_measured_too(evaluator, fresh):
    coarse = fresh.reshape(-1, 28, 2, 28, 2, 1).mean((2, 4)).round().astype(np.uint8)
    result = evaluator(coarse)
    assert (result["resolution"], result["verdict"]) == (28, "healthy")
    assert result["recognised"] > 0.93 and abs(result["sharpness"] - 1) < 0.02


def test_the_name_of_a_set_changes_no_figure(unown, evaluator, fresh):
    again = Evaluator(replace(unown, name="other"), evaluator.count, evaluator.features)
    assert again(fresh) == evaluator(fresh)


@pytest.mark.parametrize(
    ("classes", "count"),
    [(("image",), 1), (tuple("0123456789"), 10), (tuple(FORMS[::-1]), 28)],
    ids=["one", "fewer", "in another order"],
)
def test_a_network_of_other_classes_is_refused(unown, evaluator, classes, count):
    other = replace(unown, name="other", labels=unown.labels % count, classes=classes)
    with pytest.raises(InputError, match=f"to 28 classes and other has {count}: "):
        Evaluator(other, evaluator.count, evaluator.features)


def test_a_sample_is_measured_against_as_many_reals_and_no_more_than_count(evaluator, fresh):
    assert evaluator(fresh[:300])["count"] == 300
    assert evaluator(np.concatenate([fresh, fresh]))["count"] == 1400
    assert evaluator(fresh[:300]) == evaluator(fresh[:300])


@pytest.mark.parametrize("held_out", [False, True])
def test_images_on_disk_are_measured_alike(unown, fresh, tmp_path, held_out):
    np.save(tmp_path / "images.npy", unown.images[::20])
    kept = ImageSet("unown", unown.images[::20], unown.labels[::20], unown.classes)
    streamed = replace(kept, images=ImageFile(tmp_path / "images.npy"))
    results = [
        Evaluator(replace(data, held_out=data if held_out else None), 140)(fresh[:140])
        for data in (kept, streamed)
    ]
    assert results[0] == results[1] and results[0]["count"] == 140


def test_what_is_not_an_image_is_refused(evaluator, fresh):
    with pytest.raises(InputError, match="11 images cannot be measured"):
        evaluator(fresh[:11])
    with pytest.raises(InputError, match=r"float64 .*uint8"):
        evaluator(fresh[:20] / 255)
    with pytest.raises(InputError, match="3 channels and the data set has 1"):
        evaluator(fresh[:20] * np.array([1, 0, 1], np.uint8))
    few = ImageSet("few", fresh[:20], np.zeros(20, np.int32))
    with pytest.raises(InputError, match="few and --count allow 10"):
        Evaluator(few)


def test_gray_saved_in_colour_is_gray(evaluator, fresh):
    assert evaluator(fresh[:140].repeat(3, axis=3)) == evaluator(fresh[:140])


def test_the_sample_is_checked_before_features_are_fitted(unown, fresh, monkeypatch):
    from ganzoo.metrics import evaluate

    monkeypatch.setattr(evaluate, "features_for", lambda *_: pytest.fail("It fits features."))
    for bad in (fresh[:20] / 255, fresh[:11], fresh[:20] * np.array([1, 0, 1], np.uint8)):
        with pytest.raises(InputError):
            Evaluator(unown, 1400)(bad)


def test_copies_of_any_set_are_told_by_their_pixels(unown, evaluator, fresh):
    data = ImageSet("unown", unown.images[:700], unown.labels[:700], unown.classes)
    evaluator = Evaluator(data, 300, evaluator.features)
    assert evaluator(data.images[:112])["verdict"] == "memorised"
    assert evaluator(np.roll(data.images[:112], 2, axis=1))["verdict"] == "memorised"
    one = evaluator(np.concatenate([data.images[:1], fresh[:199]]))
    assert one["reason"] == "1 of 200 images are training images, pixel for pixel"
    assert evaluator(fresh[:200])["verdict"] == "healthy"


def test_real_images_are_what_was_asked_for_and_other_classes_are_not(evaluator, unown):
    images, labels = unown.held_out.images[:1400], unown.held_out.labels[:1400]
    asked = evaluator(images, labels)
    assert asked["recognised"] - 0.01 < asked["as_asked"] <= asked["recognised"]
    assert 0.97 < asked["floor"]["as_asked"] <= asked["floor"]["recognised"]
    assert 0 < asked["floor_deviation"]["as_asked"] < 0.01
    for wrong, most in (((labels + 1) % 28, 0.01), (np.zeros_like(labels), 0.05)):
        assert evaluator(images, wrong)["as_asked"] < most
    nothing = evaluator(images)
    assert nothing["as_asked"] is nothing["floor"]["as_asked"] is None
