"""What a person asks a generator for: names of classes, and texts."""

from pathlib import Path
from types import SimpleNamespace

import keras
import numpy as np
import pytest

from ganzoo.conditions.layers import Embedding
from ganzoo.errors import InputError
from ganzoo.training import asked

RUN = SimpleNamespace(path=Path("RUN"), config={"classes": ["A", "B", "b", "exclamation", "7"]})


@pytest.fixture(scope="module")
def generator():
    latents = keras.Input((2,))
    labels = keras.Input((), dtype="int32")
    x = keras.layers.Concatenate()([latents, Embedding(5, 3)(labels)])
    return keras.Model([latents, labels], keras.layers.Dense(4)(x))


@pytest.fixture(scope="module")
def plain():
    return keras.Sequential([keras.Input((2,)), keras.layers.Dense(4)])


@pytest.mark.parametrize(
    ("names", "labels"),
    [
        (None, [0, 1, 2, 3, 4, 0, 1]),
        ("all", [0, 1, 2, 3, 4, 0, 1]),
        ("7, a", [4, 0, 4, 0, 4, 0, 4]),
        ("b", [2] * 7),
        ("EXCLAMATION", [3] * 7),
        (2, [2] * 7),
        (np.int64(4), [4] * 7),
        (["b", 0], [2, 0, 2, 0, 2, 0, 2]),
        (np.array([4, 1]), [4, 1, 4, 1, 4, 1, 4]),
        (np.array(["b", "7"]), [2, 4, 2, 4, 2, 4, 2]),
    ],
)
def test_classes_take_turns(generator, names, labels):
    found = asked.labels(RUN, generator, names, 7)
    assert found.dtype == np.int32 and found.tolist() == labels


@pytest.mark.parametrize(
    ("names", "labels"),
    [
        ("d,e", [0] * 4),
        ("all", [1] * 4),
        ('"all"', [1] * 4),
        ('"d,e", f', [0, 3, 0, 3]),
        (("d,e", "f,all"), [0, 3, 1, 0]),
        (("d", "f"), [2, 3, 2, 3]),
        ("d, f", [2, 3, 2, 3]),
        (" f", [3] * 4),
        ('"', [4] * 4),
        (None, [0, 1, 2, 3]),
    ],
)
def test_every_class_can_be_asked_for_whatever_its_name(generator, names, labels):
    classes = ["d,e", "all", "d", "f", '"']
    run = SimpleNamespace(path=Path("RUN"), config={"classes": classes})
    assert asked.labels(run, generator, names, 4).tolist() == labels


def test_names_that_cannot_be_told_apart_are_refused(generator):
    run = SimpleNamespace(
        path=Path("RUN"), config={"classes": ["d,e", "f", "g", "h", "i" * 500]}
    )
    with pytest.raises(InputError, match=r"'\"d,e' is no line of names with commas between"):
        asked.labels(run, generator, '"d,e', 4)
    with pytest.raises(
        InputError, match=r'no class \'d\'. Its classes: "d,e", f, g, h, i+\.\.\.i+; or all'
    ):
        asked.labels(run, generator, "d, e", 4)
    with pytest.raises(InputError, match=r"No class of RUN is named. Its classes"):
        asked.labels(run, generator, "", 4)


@pytest.mark.parametrize("classes", [[], ["A"], [*"ABCDEF"]])
def test_a_config_of_other_classes_than_the_generator_is_refused(generator, classes):
    run = SimpleNamespace(path=Path("RUN"), config={"classes": classes})
    message = f"RUN/config.json: 'classes' has {len(classes)} names, and the generator knows 5"
    with pytest.raises(InputError, match=message):
        asked.labels(run, generator, None, 4)


def test_a_run_without_a_condition_is_asked_for_nothing(plain):
    assert asked.labels(RUN, plain, None, 7) is None
    with pytest.raises(InputError, match=r"RUN has no condition.*--condition labels"):
        asked.labels(RUN, plain, "A", 7)
    with pytest.raises(InputError, match=r"RUN has no condition.*--condition labels"):
        asked.letters(RUN, plain, "A")


def test_a_class_that_is_not_there_is_named_with_those_that_are(generator):
    with pytest.raises(InputError, match=r"no class 'C'. Its classes: A, B, b, exclamation, 7"):
        asked.labels(RUN, generator, "A,C", 7)
    with pytest.raises(InputError, match=r"`label` is a whole number, 4 or less. Received: 5"):
        asked.labels(RUN, generator, [0, 5], 7)
    with pytest.raises(InputError, match=r"No class of RUN is named"):
        asked.labels(RUN, generator, [], 7)
    with pytest.raises(InputError, match=r"`label` is a whole number, 0 or more. .*b'A'"):
        asked.labels(RUN, generator, b"A", 7)


def test_a_text_is_a_class_a_character_with_spaces_between_words(generator):
    lines = asked.letters(RUN, generator, "aB b! \n 7")
    assert lines == [[0, 1, None, 2, 3], [None, 4]]
    assert asked.written(lines).tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A?B?-", r"no class for '\?', '-'"),
        ("  ", "nothing to write"),
        ("", "nothing to write"),
    ],
)
def test_what_cannot_be_written_is_one_line(generator, text, message):
    with pytest.raises(InputError, match=message):
        asked.letters(RUN, generator, text)
