"""What captions say of drawn forms: "a small red question mark leaning left on blue".

An attribute that has its middle value is not said: without a word for them a form is of medium
size, drawn with a regular stroke, and upright.
"""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple

import numpy as np

from ganzoo.data.captions import Grammar
from ganzoo.data.drawn_combinations import (
    ATTRIBUTES,
    COLOURS,
    LEANS,
    MIDDLE,
    SIZES,
    STROKES,
    VALUES,
    Combination,
    drawn,
)
from ganzoo.data.drawn_reading import read
from ganzoo.data.forms import FORMS
from ganzoo.errors import InputError
from ganzoo.files.names import brief

SYNONYMS = {
    **{"large": "big", "little": "small", "middle-sized": "medium", "medium-sized": "medium"},
    **{"thick": "bold", "normal": "regular", "straight": "upright"},
    **{"?": "question", "!": "exclamation"},
}
EMPTY = {"a", "an", "the", "and", "in", "letter", "leaning", "mark", "ground", "background"}
RULE = (
    "A prompt names a form. Without a word for it the size is medium, the stroke regular, the "
    "form upright; the ground is black, or white under a black form; the form is white, or "
    "black on white."
)
KNOWN = {*SIZES, *STROKES, *LEANS, *COLOURS, *SYNONYMS, *EMPTY, "on"} | {
    form.lower() for form in FORMS
}


def parsed(prompt: str) -> Combination:
    """What a person's words ask for; `RULE` fills in what they leave open.

    Raises:
        InputError: If a word is not known, no form is named, an attribute is named twice, or
            form and ground have one colour.
    """
    words = [word for each in prompt.split() if (word := each.strip(".,;:\"'()"))]
    _check_known(words, prompt)
    said: dict[str, str] = {}
    for name, value in _said(words):
        if said.setdefault(name, value) != value:
            raise InputError(
                f"{brief(prompt)} says {said[name]} and {value}, of which an image has one. "
                f"Name one {name}."
            )
    if "form" not in said:
        raise InputError(
            f"{brief(prompt)} names no form. Name one: A to Z, question mark or exclamation "
            "mark."
        )
    colour, ground = said.get("colour"), said.get("ground")
    said["ground"] = ground or ("white" if colour == "black" else "black")
    said["colour"] = colour or ("black" if ground == "white" else "white")
    if said["colour"] == said["ground"]:
        raise InputError(
            f"{brief(prompt)}: nothing is seen of {said['colour']} on {said['ground']}. Name "
            "two colours."
        )
    values = {name: VALUES[name].index((MIDDLE | said)[name]) for name in ATTRIBUTES}
    return Combination(form=FORMS.index(said["form"]), **values)


def _check_known(words: Sequence[str], prompt: str) -> None:
    known = sorted(KNOWN)
    unknown = [word for word in words if word.lower() not in KNOWN]
    if not unknown:
        return
    hints = []
    for word in dict.fromkeys(unknown):
        close = difflib.get_close_matches(word.lower(), known, n=1)
        hints.append(brief(word) + (f" (did you mean {close[0]!r}?)" if close else ""))
    raise InputError(
        f"{brief(prompt)} has words that are not known: {', '.join(hints)}. Known: "
        f"{', '.join((*SIZES, *STROKES, *LEANS, *COLOURS))}, A to Z, question mark, "
        "exclamation mark, leaning, on."
    )


def _said(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What each word says: the name of an attribute, or "form", and its value."""
    after_on = False
    for word in words:
        plain = SYNONYMS.get(word.lower(), word.lower())
        if plain == "on":
            after_on = True
        elif plain in COLOURS:
            yield ("ground" if after_on else "colour"), plain
        for name in MIDDLE:
            if plain in VALUES[name]:
                yield name, plain
    yield from (("form", form) for form in _forms(words))


def _forms(words: Sequence[str]) -> list[str]:
    """The forms that words name; "a" is an article where another form is named."""
    known = {form.lower(): form for form in FORMS}
    plain = [SYNONYMS.get(word, word.lower()) for word in words]
    others = [
        known[plain[i]]
        for i, word in enumerate(words)
        if plain[i] in known and (plain[i] != "a" or (i and word == "A"))
    ]
    if others:
        return others
    # A small "a" at the beginning is an article, too, unless it is all there is.
    letter = "A" in words or "a" in plain[1:] or plain == ["a"]
    return ["A"] if letter else []


class DrawnGrammar(Grammar):
    """Captions of the set `unown-captioned`."""

    attributes = ("form", *ATTRIBUTES)
    rule = RULE

    def caption(self, prompt: str) -> str:
        return parsed(prompt).caption

    def label(self, caption: str) -> int:
        return parsed(caption).form

    def held_out(self, count: int) -> list[str]:
        forms, each = len(FORMS), -(-count // len(FORMS))
        found = [drawn(form, each, 0, HELD_OUT_PROMPTS, held_out=True) for form in range(forms)]
        return [found[i % forms][i // forms].caption for i in range(count)]

    def as_said(self, images: np.ndarray, captions: Sequence[str]) -> Mapping[str, np.ndarray]:
        wanted = np.array([astuple(parsed(caption)) for caption in captions])
        seen = read(images, wanted[:, 0])
        return {name: seen[name] == wanted[:, i] for i, name in enumerate(self.attributes)}


HELD_OUT_PROMPTS = 9  # The split of `drawn` from which prompts come.
