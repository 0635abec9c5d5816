"""Twenty-eight one-eyed letters, drawn for this project in the manner of Unown.

Each form is a handful of strokes (see `ganzoo.data.strokes`) on a canvas of 100 x 100
units, later strokes over earlier ones. The drawings are our own; the order of the
forms is the class order of Unown-MNIST.
"""

import numpy as np

from ganzoo.data.strokes import Arc, Line, Stroke, eye, path, sleepy_eye
from ganzoo.errors import InputError

STROKES: dict[str, tuple[Stroke, ...]] = {
    "A": (
        *path((24, 90), (50, 13), (76, 90)),
        Line(34, 73, 66, 73),
        *eye(50, 43),
    ),
    "H": (
        Arc(50, 50, 38, 118, 242),
        Arc(50, 50, 38, -62, 62),
        Line(12, 50, 88, 50),
        *eye(50, 50, 16),
    ),
    "O": (Arc(50, 50, 38, 0, 360), Line(50, 50, 50, 88), *eye(50, 50, 15.5)),
    "V": (
        *path((22, 14), (50, 68), (78, 14)),
        Line(14, 14, 30, 14),
        Line(70, 14, 86, 14),
        *eye(50, 70),
    ),
    "B": (
        Line(29, 13, 29, 88),
        Line(29, 48.5, 48, 48.5),
        Arc(48, 69, 19, 0, 360),
        *eye(46, 30),
    ),
    "I": (Line(50, 13, 50, 87), Line(37, 13, 63, 13), Line(37, 87, 63, 87), *eye(50, 50)),
    "P": (Line(36, 33, 36, 88), Line(26, 88, 46, 88), Line(24, 13, 42, 26), *eye(55, 33, 19)),
    "W": (
        Line(12, 18, 12, 50),
        Arc(34, 50, 22, 90, 180),
        Line(50, 13, 50, 60),
        Arc(66, 50, 22, 0, 90),
        Line(88, 18, 88, 50),
        *eye(50, 69, 17),
    ),
    "C": (Arc(48, 52, 35, 45, 315), *eye(69, 32, 15)),
    "J": (
        Line(40, 13, 78, 13),
        Line(59, 13, 59, 70),
        Arc(42, 70, 17, 0, 180),
        *eye(59, 43, 16),
    ),
    "Q": (
        Line(60, 60, 88, 88),
        Line(75, 75, 86, 64),
        *eye(42, 42, 27, 8.5),
    ),
    "X": (*path((14, 14), (86, 86)), *path((86, 14), (14, 86)), *eye(50, 50)),
    "D": (
        Line(20, 13, 20, 87),
        Line(20, 13, 48, 13),
        Line(20, 87, 48, 87),
        Arc(48, 50, 37, -90, 90),
        Line(20, 50, 48, 50),
        *eye(48, 50, 15.5),
    ),
    "K": (
        Line(28, 13, 28, 87),
        *path((82, 14), (44, 50), (82, 86)),
        *eye(45, 50),
    ),
    "R": (Line(31, 13, 31, 88), Line(50, 40, 76, 88), *eye(49, 34, 18)),
    "Y": (
        *path((18, 14), (50, 46), (82, 14)),
        Line(50, 46, 50, 87),
        Line(36, 87, 64, 87),
        *eye(50, 46),
    ),
    "E": (
        Arc(70, 50, 37, 90, 270),
        Line(70, 13, 80, 13),
        Line(70, 87, 80, 87),
        Line(33, 50, 80, 50),
        *eye(36, 50),
    ),
    "L": (
        *path((40, 34), (40, 87), (82, 87), (82, 74)),
        Line(18, 13, 34, 28),
        *eye(40, 35),
    ),
    "S": (
        Line(76, 13, 46, 13),
        Arc(46, 31.5, 18.5, 90, 270),
        Arc(54, 68.5, 18.5, -90, 90),
        Line(54, 87, 24, 87),
        *eye(50, 50, 15.5),
    ),
    "Z": (*path((20, 14), (80, 14), (20, 86), (80, 86)), *eye(50, 50)),
    "F": (
        Line(34, 32, 34, 88),
        *path((34, 15), (84, 15), (84, 28)),
        Line(34, 66, 64, 66),
        *eye(34, 32),
    ),
    "M": (*path((14, 87), (14, 16), (50, 58), (86, 16), (86, 87)), *eye(50, 56)),
    "T": (
        *path((14, 26), (14, 14), (86, 14), (86, 26)),
        Line(50, 14, 50, 88),
        *eye(50, 52),
    ),
    "exclamation": (Line(50, 15, 50, 60, width=13, taper=7), *sleepy_eye(50, 70)),
    "G": (
        Arc(50, 50, 37, 0, 298),
        Line(55, 50, 87, 50),
        *eye(54, 50, 15.5),
    ),
    "N": (*path((18, 87), (18, 14), (82, 86), (82, 13)), *eye(50, 50)),
    "U": (
        Line(16, 14, 16, 53),
        Arc(50, 53, 34, 0, 180),
        Line(84, 14, 84, 53),
        Line(50, 40, 50, 87),
        *eye(50, 38, 16),
    ),
    "question": (
        Arc(50, 28, 15.5, 180, 405),
        Line(61, 39, 50, 50),
        Line(50, 50, 50, 60),
        *sleepy_eye(50, 71.5, 19.5),
    ),
}

FORMS: tuple[str, ...] = tuple(STROKES)


def draw(name: str, size: int = 130, bolder: float = 0.0) -> np.ndarray:
    """One form, white on black, anti-aliased.

    Args:
        name: One of `FORMS`.
        size: Height and width in pixels.
        bolder: What strokes are wider than usual, in hundredths of the canvas; thinner below 0.

    Returns:
        uint8 array [size, size], values 0 to 255.

    Raises:
        ganzoo.errors.InputError: If there is no form of that name.
    """
    if name not in STROKES:
        raise InputError(f"There is no form {name!r}. Known: {', '.join(FORMS)}.")
    scale = size / 100.0
    centres = (np.arange(size) + 0.5) / scale
    x, y = centres[None, :], centres[:, None]
    canvas = np.zeros((size, size))
    for stroke in STROKES[name]:
        wider = bolder / 2 if stroke.paint else -bolder / 2
        covered = np.clip(0.5 - scale * (stroke.distance(x, y) - wider), 0.0, 1.0)
        canvas = (
            np.maximum(canvas, covered) if stroke.paint else np.minimum(canvas, 1 - covered)
        )
    # The inner rounding hides last-bit differences of sines between machines.
    return np.rint(np.round(255.0 * canvas, 4)).astype(np.uint8)
