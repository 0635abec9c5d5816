"""Sets of two domains, and the letters of a font."""

import numpy as np
import pytest

from ganzoo.data import ImageSet, recipe, sets
from ganzoo.data.domains import check_domains, domain_names, of_domain
from ganzoo.data.font import LETTERS, draw_letter
from ganzoo.data.forms import FORMS, draw
from ganzoo.errors import InputError


@pytest.fixture(autouse=True)
def few(tmp_path, monkeypatch):
    monkeypatch.setattr(recipe, "HELD_OUT", 1)
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "cache"))


def test_letters_fill_the_square_of_a_drawn_form():
    for letter in LETTERS:
        pixels = draw_letter(letter)
        rows, columns = (np.flatnonzero(pixels.max(axis=axis) > 127) for axis in (1, 0))
        assert pixels.shape == (130, 130) and rows[-1] - rows[0] + 1 == pytest.approx(96, abs=2)
        assert columns[-1] - columns[0] + 1 <= 97
        assert abs(columns[0] + columns[-1] - 129) <= 4  # In the middle.
    shares = [(draw_letter(letter) > 127).mean() for letter in LETTERS]
    assert 0.02 < min(shares) < max(shares) < 0.3


def test_bolder_strokes_cover_what_thinner_ones_do_and_more():
    for form in FORMS[:4]:
        thin, plain, bold = (draw(form, bolder=width).astype(int) for width in (-3, 0, 3))
        assert (thin <= plain).all() and (plain <= bold).all()
        assert thin.sum() < 0.8 * plain.sum() < 0.8 * 0.8 * bold.sum()


@pytest.mark.parametrize(("name", "count"), [("letters-unown", 26), ("thin-bold", 28)])
def test_a_training_sees_two_domains_and_nothing_of_what_they_show(name, count):
    source = sets.get(name)
    data = source.load(16, per_class=2)
    a, b = source.domains(16, per_class=2)
    assert data.class_count == 2 and len(data) == 4 * count
    assert domain_names(data) == (a.name, b.name)
    shown = [[each.classes[label] for label in each.labels] for each in (a, b)]
    assert shown[0] == shown[1] and len(set(shown[0])) == count
    for index, domain in enumerate((a, b)):
        np.testing.assert_array_equal(data.images[of_domain(data, index)], domain.images)
        held_out = data.held_out.images[of_domain(data.held_out, index)]
        np.testing.assert_array_equal(held_out, domain.held_out.images)


def test_each_thin_image_is_a_bold_one_deformed_the_same_way():
    domains = sets.get("thin-bold").domains(28, per_class=1)
    thin, bold = (each.images.astype(int) for each in domains)
    assert thin.sum() < 0.7 * bold.sum()
    beside = np.maximum(thin[:, None] - bold[None], 0).sum(axis=(2, 3, 4))
    np.testing.assert_array_equal(beside == 0, np.eye(len(thin), dtype=bool))


def test_other_than_two_classes_and_unequal_pairs_are_refused():
    images = np.zeros((6, 8, 8, 1), np.uint8)
    three = ImageSet("three", images, np.arange(6, dtype=np.int32) % 3, ("a", "b", "c"))
    with pytest.raises(InputError, match="'mine' has 3"):
        check_domains(three, "mine", paired=False)
    unequal = ImageSet(
        "two", images, np.array([0, 0, 1, 1, 1, 1], np.int32), ("horse", "zebra")
    )
    check_domains(unequal, "mine", paired=False)
    with pytest.raises(InputError, match="2 of 'horse' and 4 of 'zebra'"):
        check_domains(unequal, "mine", paired=True)
