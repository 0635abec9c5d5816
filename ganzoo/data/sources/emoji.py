import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageColor, ImageDraw, ImageFont

from ganzoo.data.fit import fit
from ganzoo.data.image_set import ImageSet
from ganzoo.data.source import Source
from ganzoo.errors import InputError
from ganzoo.variant import check_choice

FILE = "NotoColorEmoji.ttf"
SIZE, CANVAS = 109, 136  # The size of its bitmaps as a font, and a square that holds each.
NO_CHARACTER = 0x10FFFE
ALL = "all"
# Characters of each class, by range; what the font lacks is left out.
RANGES: dict[str, tuple[tuple[int, int], ...]] = {
    "face": ((0x1F600, 0x1F637), (0x1F641, 0x1F644), (0x1F910, 0x1F917), (0x1F920, 0x1F92F)),
    "animal": ((0x1F400, 0x1F43C), (0x1F980, 0x1F9AE)),
    "food": ((0x1F345, 0x1F37C), (0x1F950, 0x1F96F)),
    "plant": ((0x1F331, 0x1F344), (0x1F490, 0x1F490), (0x1FAB4, 0x1FAB8)),
    "vehicle": ((0x1F680, 0x1F6A4), (0x1F6F4, 0x1F6FC)),
    "building": ((0x1F3E0, 0x1F3F0),),
    "activity": ((0x1F3A0, 0x1F3C6), (0x1F93F, 0x1F94F)),
    "clothing": ((0x1F451, 0x1F462), (0x1F97B, 0x1F97F), (0x1F9E2, 0x1F9E6)),
    "heart": ((0x1F493, 0x1F49F), (0x1F90D, 0x1F90E)),
    "clock": ((0x1F550, 0x1F567),),
}


class Emoji(Source):
    """Emoji in colour, drawn from the font Noto Color Emoji, an image each; no network.

    The characters of ten ranges of Unicode, a class each, as far as the font has them. Nothing
    is held out.

    Args:
        only: One class, such as `"face"`, or `"all"`.
        font: Path of `NotoColorEmoji.ttf`; where systems keep fonts by default.
        background: Colour behind the emoji.
    """

    licence = "OFL-1.1"

    def __init__(self, only: str = ALL, font: str | None = None, background: str = "white"):
        check_choice((ALL, *RANGES), only=only)
        try:
            self.background = ImageColor.getrgb(background)[:3]
        except (ValueError, AttributeError) as error:
            raise InputError(
                f"`background` is a colour, such as white or #ff8800. Received: {background!r}"
            ) from error
        self.only = only
        self.font = Path(font).expanduser() if font else next(_installed(), None)

    def is_here(self) -> bool:
        """Whether the font was found."""
        return self.font is not None and self.font.is_file()

    def load(self, resolution: int, per_class: int | None = None) -> ImageSet:
        """See `Source.load`; every emoji of the classes by default."""
        if self.font is None or not self.font.is_file():
            raise InputError(
                f"emoji are drawn from {self.font or FILE}, which is not here. Install it "
                "(Debian, Ubuntu: apt install fonts-noto-color-emoji), or give its path as "
                f"emoji:font=/path/to/{FILE}"
            )
        classes = tuple(RANGES) if self.only == ALL else (self.only,)
        drawn = [list(self._of(name))[:per_class] for name in classes]
        if not any(drawn):
            raise InputError(f"{self.font} has none of these emoji. Give {FILE}.")
        labels = np.repeat(np.arange(len(classes), dtype=np.int32), [len(d) for d in drawn])
        pixels = fit((image for images in drawn for image in images), resolution)
        name = "emoji" if self.only == ALL else f"emoji-{self.only}"
        return ImageSet(name, pixels, labels, classes)

    def _of(self, name: str) -> Iterator[np.ndarray]:
        """The emoji of a class, uint8 [CANVAS, CANVAS, 3], those that the font has."""
        try:
            font = ImageFont.truetype(str(self.font), SIZE)
        except OSError as error:
            raise InputError(
                f"{self.font} is no font with bitmaps of {SIZE} pixels ({error}). Give {FILE}."
            ) from error
        lacking = self._draw(font, NO_CHARACTER)
        for first, last in RANGES[name]:
            for character in range(first, last + 1):
                image = self._draw(font, character)
                if not np.array_equal(image, lacking):
                    yield image

    def _draw(self, font: ImageFont.FreeTypeFont, character: int) -> np.ndarray:
        image = Image.new("RGB", (CANVAS, CANVAS), self.background)
        middle = (CANVAS // 2, CANVAS // 2)
        draw = ImageDraw.Draw(image)
        draw.text(middle, chr(character), "black", font, anchor="mm", embedded_color=True)
        return np.asarray(image)


def _installed() -> Iterator[Path]:
    """Where the font is, among the places where systems and people keep fonts."""
    data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    folders = (data + "/fonts", "~/.fonts", "/usr/share/fonts", "/usr/local/share/fonts")
    for folder in (*folders, "/opt/homebrew/share/fonts"):
        path = Path(folder).expanduser()
        if path.is_dir():
            yield from sorted(path.rglob(FILE))
