"""What is worth knowing of the images of a set, gathered while they are read."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

HALF = 128  # A set that uses less than this part of 0 to 255 is said to.
HARDLY_VISIBLE = "hardly visible"
LARGEST_HINT = 256  # Pixels a side; a schedule to more than that is no hint but a project.


def silent(line: str) -> None:
    """Take a note and do nothing with it."""


@dataclass
class Notes:
    """What was unusual among images, and what they have in common.

    Attributes:
        phrases: How many images each is true of; it completes "the image was ...".
        low: The darkest value of all images, 0 to 255, before they are made smaller.
        high: The brightest one.
        units: Images by the type of their values, such as `"16-bit"`.
        deep: Least and greatest value of the files of more than 8 bits.
        size: Width and height of the first image.
        mixed: Whether others are of another size.
        sides: Pixels of the shortest and of the longest side.
        files_of_pages: Files of several pages or frames of which the first was taken.
        pages: Their pages.
        levels: The range that `Reading.levels` gave.
    """

    phrases: Counter[str] = field(default_factory=Counter)
    low: int = 255
    high: int = 0
    units: Counter[str] = field(default_factory=Counter)
    deep: tuple[float, float] | None = None
    size: tuple[int, int] | None = None
    mixed: bool = False
    sides: tuple[int, int] | None = None
    files_of_pages: int = 0
    pages: int = 0
    levels: tuple[float, float] | None = None

    def count(self, phrase: str, times: int = 1) -> None:
        """One more image, or `times` more, of which `phrase` is true."""
        self.phrases[phrase] += times

    def see(self, pixels: np.ndarray) -> None:
        """Take notice of the size and the range of an image, uint8 [H, W, C]."""
        height, width = pixels.shape[:2]
        self.size = self.size or (width, height)
        self.mixed |= self.size != (width, height)
        low, high = self.sides or self.size
        self.sides = min(low, high, width, height), max(low, high, width, height)
        self.low = min(self.low, int(pixels.min()))
        self.high = max(self.high, int(pixels.max()))

    def see_deep(self, low: float, high: float) -> None:
        """Take notice of the values of a file of more than 8 bits."""
        before = self.deep or (low, high)
        self.deep = min(before[0], low), max(before[1], high)

    def lines(self, total: int, resolution: int) -> Iterator[str]:
        """Notes on a set of `total` images at `resolution` pixels, a plain line each."""
        for phrase, count in sorted(self.phrases.items()):
            yield f"{count:,} of {total:,} images {'was' if count == 1 else 'were'} {phrase}"
        yield from self._on_pages()
        yield from self._on_sizes(resolution)
        yield from self._on_range(total)

    def _on_pages(self) -> Iterator[str]:
        if self.files_of_pages:
            files = "1 file" if self.files_of_pages == 1 else f"{self.files_of_pages:,} files"
            first = "the first is" if self.files_of_pages == 1 else "the first of each is"
            yield (
                f"{files} of {self.pages:,} pages or frames, of which {first} read; "
                "--pages all reads each as an image"
            )

    def _on_sizes(self, resolution: int) -> Iterator[str]:
        if self.size is None or self.sides is None:
            return
        low, high = self.sides
        if low == high == resolution:
            return
        done = "made" if low <= resolution <= high else "enlarged to"
        done = "shrunk to" if low > resolution else done
        found = f"{self.size[0]}x{self.size[1]}"
        if self.mixed:
            found = f"{low} to {high} pixels a side"
        hint = schedule_for(low) if low < resolution or not self.mixed else None
        fits = f"; a schedule that fits: {hint}" if hint and low != resolution else ""
        yield f"size of the images: {found}, {done} {resolution}x{resolution}{fits}"

    def _on_range(self, total: int) -> Iterator[str]:
        if self.levels is not None:
            low, high = self.levels
            yield f"values of {low:g} became black, {high:g} white"
            return
        hidden = any(HARDLY_VISIBLE in phrase for phrase in self.phrases)  # It says why.
        if not self.units or hidden or self.high - self.low >= HALF:
            return
        if self.deep is not None and sum(self.units.values()) == self.units["16-bit"]:
            low, high = self.deep
            bits = max(1, int(high).bit_length())
            used = f": 16-bit files that use {bits} bits?" if bits < 16 else "."
            yield (
                f"brightest pixel of all images is {self.high} of 255{used} They hold "
                f"{low:g} to {high:g} of 65535; --levels auto makes that black to white"
            )
        elif self.low == self.high:
            yield f"every pixel of all images is {self.high} of 255"
        else:
            yield (
                f"brightest pixel of all images is {self.high} of 255, darkest {self.low}; "
                "--levels auto makes that white and black"
            )

    def to_json(self) -> dict[str, Any]:
        """Plain values, from which `from_json` makes the same notes."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {k: dict(v) if isinstance(v, Counter) else v for k, v in values.items()}

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> "Notes":
        """The notes that `to_json` wrote; raises `ValueError`, `TypeError` or `KeyError`."""
        notes = cls(**found)
        for name in ("phrases", "units"):
            counts = {str(key): int(n) for key, n in found[name].items()}
            setattr(notes, name, Counter(counts))
        for name in ("size", "sides", "deep", "levels"):
            if (pair := getattr(notes, name)) is not None:
                first, second = pair
                setattr(notes, name, (first + 0, second + 0))
        for name in ("low", "high", "mixed", "files_of_pages", "pages"):
            setattr(notes, name, int(getattr(notes, name)))
        return notes


def schedule_for(side: int) -> str | None:
    """A schedule that ends at `side` pixels or one below; `None` for tiny and large ones."""
    if not 4 <= side <= LARGEST_HINT:
        return None
    stages = [side if side % 2 == 0 or side < 8 else side - 1]
    while stages[0] % 2 == 0 and stages[0] >= 8 and (stages[0] > 32 or len(stages) == 1):
        stages.insert(0, stages[0] // 2)
    kimg = ["136", *["184:50"] * (len(stages) - 1)]
    return ",".join(f"{stage}:{length}" for stage, length in zip(stages, kimg, strict=True))
