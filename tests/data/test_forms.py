import itertools

import numpy as np
import pytest
from scipy import ndimage

from ganzoo.data.forms import FORMS, draw
from ganzoo.errors import InputError

ORDER = "A H O V B I P W C J Q X D K R Y E L S Z F M T exclamation G N U question"


@pytest.fixture(scope="module")
def drawn():
    return {name: draw(name) for name in FORMS}


def small(image):
    """13 x 13 box means: about what is left of a form in a small picture."""
    return image.reshape(13, 10, 13, 10).mean((1, 3))


def similarity(a, b):
    """The best normalised correlation of two small images under shifts of 0 or 1."""
    a = a - a.mean()
    best = -1.0
    for dy, dx in itertools.product((-1, 0, 1), repeat=2):
        moved = np.roll(b, (dy, dx), (0, 1))
        moved = moved - moved.mean()
        best = max(best, float((a * moved).sum() / np.sqrt((a**2).sum() * (moved**2).sum())))
    return best


def test_order_is_that_of_unown_mnist():
    assert tuple(ORDER.split()) == FORMS
    assert len(set(FORMS)) == 28


def test_images_are_anti_aliased_white_on_black_with_a_margin(drawn):
    for name, image in drawn.items():
        assert image.shape == (130, 130)
        assert image.dtype == np.uint8
        assert image.min() == 0, name
        assert image.max() == 255, name
        white, black = (image == 255).mean(), (image == 0).mean()
        assert 0.08 < white < 0.4, name
        assert white + black > 0.9, name
        assert white + black < 1.0, name
        edges = (image[:6], image[-6:], image[:, :6], image[:, -6:])
        assert not any(edge.any() for edge in edges), name
        extent = max(np.ptp(np.nonzero(image)[0]), np.ptp(np.nonzero(image)[1]))
        assert extent > 95, name


def test_every_pair_of_forms_differs_even_when_small_and_shifted(drawn):
    close = {
        (a, b): similarity(small(drawn[a]), small(drawn[b]))
        for a, b in itertools.combinations(FORMS, 2)
    }
    assert max(close.values()) < 0.8, max(close, key=close.get)


def test_every_form_has_an_eye(drawn):
    # An eye is black all around a white pupil that touches nothing else, or only the lid.
    for name, image in drawn.items():
        pieces, count = ndimage.label(image > 127)
        sizes = np.sort(ndimage.sum_labels(pieces > 0, pieces, range(1, count + 1)))
        if name in ("exclamation", "question"):
            _, number = ndimage.label(image <= 127)
            assert (count, number) == (1, 2), name
        else:
            assert count >= 2, name
            assert 120 < sizes[0] < 450, name


def test_size_changes_the_sampling_only():
    large = draw("G", 520).reshape(130, 4, 130, 4).mean((1, 3))
    difference = np.abs(large - draw("G").astype(float))
    assert difference.max() < 40
    assert difference.mean() < 0.5


def test_unknown_form_is_refused():
    with pytest.raises(InputError, match=r"no form 'ß'\. Known: A, H"):
        draw("ß")
