"""The captioned, coloured forms: what is drawn is what the caption says."""

from dataclasses import replace

import numpy as np
import pytest

from ganzoo.data import load, recipe, sets
from ganzoo.data.arrays import save_npz
from ganzoo.data.captions import Captions
from ganzoo.data.drawn_combinations import COLOURS, VALUES, Combination, drawn
from ganzoo.data.drawn_grammar import DrawnGrammar, parsed
from ganzoo.data.forms import FORMS
from ganzoo.data.image_set import ImageSet
from ganzoo.errors import InputError

GRAMMAR = DrawnGrammar()
RED, BLUE = (list(COLOURS).index(name) for name in ("red", "blue"))


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recipe, "HELD_OUT", 1)
        patch.setenv("GANZOO_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield sets.get("unown-captioned")


@pytest.fixture(scope="module")
def data(source):
    return source.load(28, per_class=3)


def test_each_image_shows_what_its_caption_says(source, data):
    # The readers' own accuracy: of 1,120 real images they misread 4 strokes and 8 leans.
    for part in (data, source.held_out_combinations(28, per_class=2)):
        found = GRAMMAR.as_said(part.images, part.captions.rows(np.arange(len(part))))
        assert found.keys() == set(GRAMMAR.attributes)
        for name, right in found.items():
            assert right.mean() >= (0.95 if name in ("stroke", "lean") else 1.0), name


def test_an_image_shows_nothing_that_another_caption_says(data):
    captions = data.captions.rows(np.arange(len(data)))
    said = [parsed(caption) for caption in captions]
    for name in GRAMMAR.attributes:
        count = len(FORMS) if name == "form" else len(VALUES[name])
        others = [replace(each, **{name: (getattr(each, name) + 1) % count}) for each in said]
        kept = [i for i, each in enumerate(others) if each.colour != each.ground]
        wrong = [others[i].caption for i in kept]
        found = GRAMMAR.as_said(data.images[kept], wrong)
        assert found[name].mean() <= 0.05, name


def test_a_blank_image_and_noise_show_nothing():
    noise = np.random.default_rng(0).integers(0, 256, (4, 28, 28, 3), np.uint8)
    found = GRAMMAR.as_said(noise, ["a red A on blue"] * 4)
    shapes = ("form", "size", "stroke", "lean")
    assert not any(found[name].any() for name in shapes)
    blank = np.full((1, 28, 28, 3), COLOURS["blue"], np.uint8)
    found = GRAMMAR.as_said(blank, ["a red A on blue"])
    assert {name for name, right in found.items() if right.all()} == {"ground"}


def test_no_training_has_what_is_held_out(source, data):
    for part, never in ((data, False), (data.held_out, False)):
        said = [parsed(text) for text in part.captions.rows(np.arange(len(part)))]
        assert {each.held_out for each in said} == {never}
        assert [each.form for each in said] == part.labels.tolist()
        assert all(each.colour != each.ground for each in said)
    prompts = [parsed(text) for text in GRAMMAR.held_out(40)]
    assert all(each.held_out for each in prompts)
    assert [each.form for each in prompts] == [*range(28), *range(12)]
    assert GRAMMAR.held_out(40)[:30] == GRAMMAR.held_out(30)
    # Of each form one colour in eight, and nothing but form and colour decides.
    for form in range(28):
        found = {c for c in range(8) if Combination(form, 0, 0, c, 0, 1).held_out}
        assert found == {c for c in range(8) if Combination(form, 2, 1, c, 2, 5).held_out}
        assert len(found) == 1


def test_it_is_the_same_again_and_its_first_images_do_not_depend_on_the_number(source, data):
    again = source.load(28, per_class=3)
    assert again.sha256 == data.sha256
    fewer = source.load(28, per_class=1)
    np.testing.assert_array_equal(fewer.images, data.images[:28])
    assert fewer.captions.rows(np.arange(28)) == data.captions.rows(np.arange(28))
    assert drawn(3, 5, 0, 0) == drawn(3, 9, 0, 0)[:5] != drawn(3, 5, 1, 0)


def test_a_caption_is_read_as_what_it_was_made_of():
    for form in range(28):
        for never in (False, True):
            for each in drawn(form, 20, 7, 1, never):
                assert parsed(each.caption) == each
                assert GRAMMAR.caption(each.caption) == each.caption
                assert GRAMMAR.label(each.caption) == form
    assert Combination(27, 0, 1, RED, 0, BLUE).caption == (
        "a small red question mark leaning left on blue"
    )


@pytest.mark.parametrize(
    ("prompt", "caption"),
    [
        ("a", "a white A on black"),
        ("A", "a white A on black"),
        ("a black a", "a black A on white"),
        ("A red B, on a blue ground.", "a red B on blue"),
        ("b on white", "a black B on white"),
        ("an orange A", "an orange A on black"),
        ("large thick green ? leaning right", "a big bold green question mark leaning right"),
        ("A medium upright regular red Q", "a red Q on black"),
        ("exclamation mark on yellow", "a white exclamation mark on yellow"),
    ],
)
def test_what_a_prompt_leaves_open_is_filled_by_the_rule(prompt, caption):
    assert GRAMMAR.caption(prompt) in (caption, f"{caption} on black")


@pytest.mark.parametrize(
    ("prompt", "message"),
    [
        ("a purpel A on blak", "'purpel' (did you mean 'purple'?), 'blak' (did you mean"),
        ("a red cat", "not known: 'cat'"),
        ("a red mark on blue", "names no form. Name one: A to Z"),
        ("", "names no form"),
        ("a red A and B", "says A and B, of which an image has one"),
        ("a red blue A", "says red and blue"),
        ("a small big A", "says small and big"),
        ("a red A on red", "nothing is seen of red on red"),
    ],
)
def test_a_prompt_that_cannot_be_is_one_line(prompt, message):
    with pytest.raises(InputError) as raised:
        parsed(prompt)
    assert message in str(raised.value) and "\n" not in str(raised.value)


def test_captions_are_part_of_a_set_and_of_its_file(data, tmp_path, monkeypatch):
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "cache"))
    save_npz(data, tmp_path / "set.npz")
    for stream in (False, True):
        read = load(tmp_path / "set.npz", 28, stream=stream)
        rows = np.arange(len(data))
        assert read.captions.rows(rows) == data.captions.rows(rows)
        assert read.sha256 == data.sha256 and read.held_out.sha256 == data.held_out.sha256
    others = replace(data, captions=replace(data.captions, index=data.captions.index[::-1]))
    assert others.sha256 != data.sha256 != replace(data, captions=None).sha256
    assert data.without_labels().captions is None


@pytest.mark.parametrize("captions", [["one"], ["one", " "], [1, 2]])
def test_captions_other_than_a_text_an_image_are_refused(captions, tmp_path):
    path = tmp_path / "set.npz"
    np.savez(path, images=np.zeros((2, 8, 8), np.uint8), captions=np.array(captions))
    with pytest.raises(InputError, match=r"Save one text an image|has an empty text"):
        load(path, 8)


def test_words_and_lengths_of_captions():
    captions = Captions.of(["a red A", "a blue B on red", "a red A"])
    assert captions.words == ("A", "B", "a", "blue", "on", "red")
    assert (captions.longest, len(captions), captions.grammar) == (5, 3, None)
    images = np.zeros((3, 4, 4, 1), np.uint8)
    found = ImageSet("three", images, np.zeros(3, np.int32), captions=captions)
    assert found.captions.rows(np.array([2, 1])) == ["a red A", "a blue B on red"]
    assert FORMS[0] == "A"
