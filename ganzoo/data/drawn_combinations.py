"""Combinations of attributes that a coloured, drawn form has, and those held out."""

from dataclasses import dataclass, fields

import numpy as np

from ganzoo.data.forms import FORMS

# Values of each attribute, and what they are: figures of the drawing.
SIZES = {"small": 0.66, "medium": 0.82, "big": 1.0}  # Of the size in `unown`.
STROKES = {"thin": -3.0, "regular": 0.0, "bold": 3.0}  # Hundredths of the canvas more.
LEANS = {"left": 16.0, "upright": 0.0, "right": -16.0}  # Degrees of shear.
COLOURS = {
    "black": (16, 16, 16),
    "white": (240, 240, 240),
    "red": (214, 40, 40),
    "orange": (245, 140, 20),
    "yellow": (240, 220, 40),
    "green": (30, 150, 60),
    "blue": (40, 80, 210),
    "purple": (140, 50, 170),
}
MIDDLE = {"size": "medium", "stroke": "regular", "lean": "upright"}  # In no caption.


@dataclass(frozen=True)
class Combination:
    """What one caption says, as numbers: each an index into the values of its attribute."""

    form: int
    size: int
    stroke: int
    colour: int
    lean: int
    ground: int

    @property
    def held_out(self) -> bool:
        """Whether no training has it: of each form one colour in eight, of any other kind.

        Form and colour of the stroke, as numbers, sum to a multiple of 8: there is no green
        question mark in training, of whatever size, lean, stroke or ground.
        """
        return (self.form + self.colour) % len(COLOURS) == 0

    @property
    def caption(self) -> str:
        """In words; attributes with their middle values are left out."""
        size, stroke, colour, lean, ground = (
            VALUES[name][getattr(self, name)] for name in ATTRIBUTES
        )
        said = [word for word in (size, stroke) if word not in MIDDLE.values()]
        form = FORMS[self.form]
        words = [*said, colour, form if len(form) == 1 else f"{form} mark"]
        words += [] if lean == MIDDLE["lean"] else ["leaning", lean]
        return " ".join(["an" if words[0][0] in "ao" else "a", *words, "on", ground])


ATTRIBUTES = tuple(field.name for field in fields(Combination) if field.name != "form")
VALUES: dict[str, tuple[str, ...]] = {
    "size": tuple(SIZES),
    "stroke": tuple(STROKES),
    "colour": tuple(COLOURS),
    "lean": tuple(LEANS),
    "ground": tuple(COLOURS),
}


def drawn(
    form: int, count: int, seed: int, split: int, held_out: bool = False
) -> list[Combination]:
    """`count` combinations of a form; the first n of them do not depend on `count`.

    Args:
        form: Index into `FORMS`.
        count: How many.
        seed: Of the random numbers, 0 or more.
        split: Others for another one.
        held_out: Whether they are those that no training has, or those that it has.
    """
    key = np.array([seed, split << 48 | form], np.uint64)
    unit = np.random.Generator(np.random.Philox(key=key)).random((count, len(ATTRIBUTES)))
    colours = [
        colour
        for colour in range(len(COLOURS))
        if Combination(form, 0, 0, colour, 0, 0).held_out == held_out
    ]
    found = []
    for size, stroke, colour, lean, ground in unit:
        chosen = colours[int(colour * len(colours))]
        others = [each for each in range(len(COLOURS)) if each != chosen]
        found.append(
            Combination(
                form,
                int(size * len(SIZES)),
                int(stroke * len(STROKES)),
                chosen,
                int(lean * len(LEANS)),
                others[int(ground * len(others))],
            )
        )
    return found
