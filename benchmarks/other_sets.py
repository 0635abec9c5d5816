"""Three more sets of images: letters, and shapes and digits in colour.

    python benchmarks/other_sets.py data
    ganzoo train --data data/shapes --preset quick

`letters` are the 26 capitals, @ and &, white on black, in four fonts that come with
Matplotlib, 250 images each; `shapes` are six shapes of any colour on a pale ground, 500 each;
`digits` are ten digits in those fonts and such colours, 500 each. A class is a subfolder;
digits are 32 px, the others 56. No default was chosen on the digits. On the shapes the number
of categories was, and on an earlier drawing of the letters R1 and R2 at 0.3 among penalties.
"""

import argparse
import colorsys
import string
from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

LARGE = 224  # Drawn large, then averaged.
CENTRE = LARGE / 2
FONTS = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSerif", "DejaVuSansMono")
LETTERS = {c: c for c in string.ascii_uppercase} | {"at": "@", "and": "&"}
CORNERS = {"triangle": 3, "square": 4, "pentagon": 5, "disc": 40}


def letter(rng: np.random.Generator, character: str) -> Image.Image:
    """One image of `letters`."""
    return printed(rng, character, 130)


def printed(rng: np.random.Generator, character: str, height: int) -> Image.Image:
    """A character in one of the fonts, white on black, a little turned and moved."""
    folder = Path(matplotlib.get_data_path(), "fonts", "ttf")
    size = round(height * rng.uniform(0.85, 1.1))
    font = ImageFont.truetype(folder / f"{rng.choice(FONTS)}.ttf", size)
    image = Image.new("L", (LARGE, LARGE))
    ImageDraw.Draw(image).text((CENTRE, CENTRE), character, fill=255, font=font, anchor="mm")
    moved = tuple(rng.integers(-14, 15, 2).tolist())
    return image.rotate(
        rng.uniform(-15, 15), resample=Image.Resampling.BICUBIC, translate=moved
    )


def shape(rng: np.random.Generator, name: str) -> Image.Image:
    """One image of `shapes`."""
    ground, fill = pale(rng), bright(rng)
    radius, turn = rng.uniform(55, 90), rng.uniform(0, 2 * np.pi)
    image = Image.new("RGB", (LARGE, LARGE), ground)
    draw = ImageDraw.Draw(image)
    if name == "ring":
        box = [CENTRE - radius] * 2 + [CENTRE + radius] * 2
        draw.ellipse(box, outline=fill, width=24)
    elif name == "star":
        draw.polygon(points(np.tile([0.45 * radius, radius], 5), turn), fill=fill)
    else:
        draw.polygon(points(np.full(CORNERS[name], radius), turn), fill=fill)
    return image


def digit(rng: np.random.Generator, character: str) -> Image.Image:
    """One image of `digits`."""
    ground, fill = (Image.new("RGB", (LARGE, LARGE), make(rng)) for make in (pale, bright))
    return Image.composite(fill, ground, printed(rng, character, 170))


def points(radii: np.ndarray, turn: float) -> list[tuple[float, float]]:
    """Corners at equal angles, from the first one's on."""
    angles = turn + 2 * np.pi * np.arange(len(radii)) / len(radii)
    x, y = CENTRE + radii * np.cos(angles), CENTRE + radii * np.sin(angles)
    return list(zip(x.tolist(), y.tolist(), strict=True))


def pale(rng: np.random.Generator) -> tuple[int, ...]:
    return colour(rng.random(), 0.3, rng.uniform(0.7, 0.95))


def bright(rng: np.random.Generator) -> tuple[int, ...]:
    return colour(rng.random(), 0.9, rng.uniform(0.4, 0.9))


def colour(*hsv: float) -> tuple[int, ...]:
    return tuple(round(255 * part) for part in colorsys.hsv_to_rgb(*hsv))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="Where the three folders are made.")
    folder = parser.parse_args().folder
    rng = np.random.default_rng(0)
    tasks = [("letters", name, letter, text, 250, 56) for name, text in LETTERS.items()]
    names = (*CORNERS, "star", "ring")
    tasks += [("shapes", name, shape, name, 500, 56) for name in names]
    tasks += [("digits", name, digit, name, 500, 32) for name in string.digits]
    for group, name, draw, what, count, px in tasks:
        target = folder / group / name
        target.mkdir(parents=True, exist_ok=True)
        for i in range(count):
            image = draw(rng, what).resize((px, px), Image.Resampling.BOX)
            image.save(target / f"{i:03d}.png")
        print(target, flush=True)


if __name__ == "__main__":
    main()
