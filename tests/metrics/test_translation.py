"""Scores of translations whose right answer is known."""

import numpy as np
import pytest

from ganzoo.data import ImageSet
from ganzoo.errors import InputError
from ganzoo.metrics.translation import Domain, difference, scores
from ganzoo.metrics.translation_evaluator import TranslationEvaluator, headline

CLASSES = ("A", "B", "C", "D")
LEVELS = 60  # An image of class k has the level 60 k, in the other domain 60 k + 10.


def judge(offset):
    """Tells classes by their level; anything else is none of them."""

    def probabilities(images):
        level = images[:, 0, 0, 0].astype(int) - offset
        return np.array([[0.95 * (each == LEVELS * k) for k in range(4)] for each in level])

    return probabilities


def domain(offset, classes=CLASSES):
    labels = np.arange(8, dtype=np.int32) % 4
    levels = np.array([LEVELS * CLASSES.index(classes[label]) + offset for label in labels])
    images = np.broadcast_to(levels[:, None, None, None], (8, 2, 2, 1)).astype(np.uint8)

    def own(images):
        return judge(offset)(images)[:, [CLASSES.index(name) for name in classes]]

    return Domain.of(ImageSet("x", images, labels, classes), 8, own)


def test_a_translation_that_is_right_throughout():
    found = scores(domain(0), domain(10), lambda x: x + 10, lambda x: x - 10, same_pixels=True)
    assert found["right"] == 1 and found["classes_right"] == found["classes"] == 4
    assert found["returned"] == 1 and found["classes_returned"] == 4
    assert found["returned_difference"] == found["difference"] == 0
    assert found["untranslated"] == pytest.approx(10 / 255)
    assert found["by_class"]["C"] == {"right": 1.0, "most": "C"}


def test_classes_are_compared_by_name_and_wrong_ones_are_named():
    """B becomes C and C becomes B; of D half comes out as nothing."""

    def there(images):
        made = images + 10
        made[images == 60], made[images == 120] = 130, 70
        made[7] = 255
        return made

    found = scores(domain(0), domain(10, ("D", "C", "B", "A")), there, None)
    assert found["right"] == pytest.approx(3 / 8)
    assert found["classes_right"] == 1  # Half is not most.
    assert found["by_class"]["B"] == {"right": 0.0, "most": "C"}
    assert found["by_class"]["D"]["right"] == 0.5
    assert "returned" not in found and "difference" not in found


def test_a_way_back_may_return_what_the_way_there_got_wrong():
    source, target = domain(0), domain(10)
    found = scores(source, target, lambda x: 180 - x + 10, lambda x: 180 - (x - 10))
    assert found["right"] == 0 and found["returned"] == 1


def test_the_difference_is_a_share_of_all_levels():
    black, white = np.zeros((2, 3, 3, 1), np.uint8), np.full((2, 3, 3, 1), 255, np.uint8)
    assert difference(black, white) == 1 and difference(white, white) == 0


def test_figures_of_a_snapshot_are_of_both_ways_and_of_images_that_are_enlarged():
    evaluator = TranslationEvaluator("thin-bold", resolution=8)
    evaluator.domains = tuple(
        Domain.of(_doubled(offset), 8, lambda x, offset=offset: judge(offset)(x[:, ::4, ::4]))
        for offset in (0, 10)
    )
    ways = {"ab": lambda x: x[:, ::2, ::2] + 10, "ba": lambda x: x - 10}
    found = evaluator.figures(ways)
    assert found == {
        **{"count": 16, "a_to_b": 1.0, "b_to_a": 1.0, "returned": 1.0},
        **{"classes_a_to_b": 4, "classes_b_to_a": 4},
    }
    one = evaluator.figures({"ab": lambda x: x})
    assert one == {"count": 8, "a_to_b": 0.0, "classes_a_to_b": 0}
    assert headline(one) == "A to B 0% right (0 classes)"
    with pytest.raises(InputError, match="'unown' does not say"):
        TranslationEvaluator("unown", resolution=8)


def _doubled(offset):
    """The set of `domain`, of 8 px."""
    small = domain(offset)
    images = small.images.repeat(4, axis=1).repeat(4, axis=2)
    return ImageSet("x", images, small.labels.astype(np.int32), CLASSES)
