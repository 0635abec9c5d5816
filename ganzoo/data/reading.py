"""How images of one's own are read, where a person must choose."""

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from ganzoo.errors import InputError
from ganzoo.files.names import brief

FITS = ("crop", "pad", "stretch")
PAGES = ("first", "all")
VARIABLE = "GANZOO_MAX_PIXELS"
MOST_PIXELS = 2**40


@dataclass(frozen=True, slots=True)
class Reading:
    """Choices that decide which pixels and labels a folder or a file gives.

    Args:
        fit: How an image becomes square. `"crop"` keeps its central square, `"pad"` all of
            it between bars of the background, `"stretch"` all of it, distorted.
        background: What is laid under transparent pixels and beside padded images: a colour
            by its name or as `#rrggbb`.
        labels: Whether classes are read. `False` gives one class of all images.
        levels: Values that become black and white, as `"LOW,HIGH"` in the units of the file;
            `"auto"` for the least and the greatest value of the set; `None` for the range
            of the file's type.
        pages: Of files with several pages or frames the `"first"`, or `"all"` as one image
            each.
        max_pixels: Pixels that an image may have, as more may be a decompression bomb;
            `None` for `$GANZOO_MAX_PIXELS`, else for Pillow's limit, 89,478,485.

    Raises:
        ganzoo.errors.InputError: If a choice is none of these.

    >>> load("photos/", reading=Reading(fit="pad", background="white"))
    """

    fit: Literal["crop", "pad", "stretch"] = "crop"
    background: str = "black"
    labels: bool = True
    levels: str | None = None
    pages: Literal["first", "all"] = "first"
    max_pixels: int | None = None

    def __post_init__(self) -> None:
        _check_choice("fit", self.fit, FITS)
        _check_choice("pages", self.pages, PAGES)
        if not isinstance(self.labels, bool):
            raise InputError(f"labels must be true or false, not {brief(self.labels)}.")
        if self.max_pixels is not None:
            _check_pixels("max_pixels", self.max_pixels)
        if self.background != "black":
            _ = self.ground
        _ = self.limits

    @classmethod
    def of(cls, given: "Reading | Mapping[str, Any] | None") -> "Reading":
        """A reading from what `choices` gave; the default for `None`.

        Raises:
            ganzoo.errors.InputError: If it is something else.
        """
        if given is None or isinstance(given, cls):
            return given or cls()
        known = [field.name for field in fields(cls)]
        if not isinstance(given, Mapping) or any(key not in known for key in given):
            raise InputError(
                f"reading must hold some of {', '.join(known)}. Received: {brief(given)}."
            )
        return cls(**given)

    @property
    def choices(self) -> dict[str, Any]:
        """What differs from the default, as plain values; `Reading.of` takes it back."""
        defaults = asdict(Reading())
        return {key: value for key, value in asdict(self).items() if value != defaults[key]}

    @property
    def options(self) -> list[str]:
        """The choices as words of a command line, such as `["--fit", "pad", "--no-labels"]`."""
        words = []
        for key, value in self.choices.items():
            option = key.replace("_", "-")
            words += [f"--no-{option}"] if value is False else [f"--{option}", str(value)]
        return words

    @property
    def ground(self) -> tuple[int, int, int]:
        """The background as red, green and blue, 0 to 255."""
        from PIL import ImageColor

        try:
            colour = ImageColor.getrgb(self.background)
        except (ValueError, AttributeError, TypeError) as error:
            raise InputError(_no_colour(self.background)) from error
        if len(colour) != 3:
            raise InputError(_no_colour(self.background))
        return colour

    @property
    def limits(self) -> tuple[float, float] | None:
        """The two numbers of `levels`; `None` where the file's or the set's own hold."""
        if self.levels is None or self.levels == "auto":
            return None
        try:
            low, high = map(float, self.levels.split(","))
        except (ValueError, AttributeError) as error:
            raise InputError(_no_levels(self.levels)) from error
        if not float("-inf") < low < high < float("inf"):
            raise InputError(_no_levels(self.levels))
        return low, high

    @property
    def pixel_limit(self) -> int | None:
        """Pixels that an image may have; `None` where nobody said, and Pillow's limit holds."""
        if self.max_pixels is not None:
            return self.max_pixels
        text = os.environ.get(VARIABLE, "").strip()
        digits = text.isascii() and text.isdigit() and len(text) < 20
        return _check_pixels(VARIABLE, int(text) if digits else text) if text else None


def _check_choice(name: str, given: Any, known: tuple[str, ...]) -> None:
    if given not in known:
        raise InputError(f"{name} must be {' or '.join(known)}, not {brief(given)}.")


def _check_pixels(name: str, given: Any) -> int:
    whole = isinstance(given, int) and not isinstance(given, bool)
    if not whole or not 1 <= given <= MOST_PIXELS:
        raise InputError(
            f"{name} must be a number of pixels, 1 to {MOST_PIXELS:,}, not {brief(given)}."
        )
    return int(given)


def _no_colour(given: Any) -> str:
    return f"background must be a colour, such as white or #ff8800, not {brief(given)}."


def _no_levels(given: Any) -> str:
    return (
        "levels must be auto, or two numbers LOW,HIGH with LOW below HIGH, such as 0,4095, "
        f"not {brief(given)}."
    )
