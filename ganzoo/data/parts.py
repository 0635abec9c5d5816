"""The two parts of a set: images that are trained on, and held-out ones."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ganzoo.data.image_set import ImageSet
from ganzoo.data.levels import Limits
from ganzoo.data.notes import Notes
from ganzoo.data.request import Request

# Reads a part, given the range of its values if that is known, and the channels that it has
# at least where it is read from disk.
Read = Callable[[Limits, int], tuple[ImageSet, Notes]]


def joined(training: Read, held_out: Read | None, request: Request) -> ImageSet:
    """The set, its held-out images in the same range and with the same channels."""
    found, notes = training(None, 1)
    lines = [*notes.lines(len(found), request.resolution)]
    for line in lines:
        request.report(line)
    if held_out is None:
        return found
    apart, own = held_out(notes.levels, 1)
    for line in own.lines(len(apart), request.resolution):
        if line not in lines:
            request.report(f"held out: {line}")
    most = max(found.channels, apart.channels)
    found = _with_channels(found, most, training, notes.levels)
    return replace(found, held_out=_with_channels(apart, most, held_out, notes.levels))


def _with_channels(found: ImageSet, channels: int, read: Read, limits: Limits) -> ImageSet:
    if found.channels == channels:
        return found
    if isinstance(found.images, np.ndarray):
        return replace(found, images=found.images.repeat(channels, axis=3))
    return read(limits, channels)[0]
