"""Strokes with round ends, as exact distances: what the drawn forms are made of.

A stroke is a shape in the plane. `distance(x, y)` is how far a point lies outside
of it, negative within, so that a picture at any size is one comparison a pixel and
depends on no drawing library's version.

Coordinates are in units of a hundredth of the canvas, x to the right, y down; angles
are in degrees, clockwise from the x axis as seen on the canvas.
"""

import itertools
from dataclasses import dataclass
from typing import Protocol

import numpy as np

WIDTH = 8.8


class Stroke(Protocol):
    """A shape, painted white, or black where `paint` is 0."""

    @property
    def paint(self) -> int: ...

    def distance(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Distance of the points `(x, y)` from the shape, negative within."""
        ...


@dataclass(frozen=True)
class Line:
    """A straight stroke between two points; `taper` is the width at its far end."""

    x0: float
    y0: float
    x1: float
    y1: float
    width: float = WIDTH
    taper: float | None = None
    paint: int = 1

    def distance(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        dx, dy = self.x1 - self.x0, self.y1 - self.y0
        along = ((x - self.x0) * dx + (y - self.y0) * dy) / (dx * dx + dy * dy)
        along = np.clip(along, 0.0, 1.0)
        end = self.width if self.taper is None else self.taper
        width = self.width + along * (end - self.width)
        return _length(x - self.x0 - along * dx, y - self.y0 - along * dy) - width / 2


@dataclass(frozen=True)
class Arc:
    """A piece of a circle's line, clockwise from angle `start` to angle `end`."""

    x: float
    y: float
    radius: float
    start: float
    end: float
    width: float = WIDTH
    paint: int = 1

    def distance(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        x, y = x - self.x, y - self.y
        beyond = (np.degrees(np.arctan2(y, x)) - self.start) % 360.0
        line = np.abs(_length(x, y) - self.radius)
        ends = np.minimum(
            *(
                _length(x - self.radius * np.cos(a), y - self.radius * np.sin(a))
                for a in np.radians((self.start, self.end))
            )
        )
        return np.where(beyond <= self.end - self.start, line, ends) - self.width / 2


@dataclass(frozen=True)
class Dot:
    """A filled circle."""

    x: float
    y: float
    radius: float
    paint: int = 1

    def distance(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return _length(x - self.x, y - self.y) - self.radius


@dataclass(frozen=True)
class Bowl:
    """The lower half of a filled circle."""

    x: float
    y: float
    radius: float
    paint: int = 1

    def distance(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return np.maximum(_length(x - self.x, y - self.y) - self.radius, self.y - y)


def path(*points: tuple[float, float], width: float = WIDTH) -> tuple[Stroke, ...]:
    """Straight strokes from each point to the next."""
    return tuple(Line(*a, *b, width) for a, b in itertools.pairwise(points))


def eye(x: float, y: float, radius: float = 17.0, pupil: float = 5.8) -> tuple[Stroke, ...]:
    """An open eye: a ring whose line has `radius`, and a dot in it."""
    return (
        Dot(x, y, radius + WIDTH / 2),
        Dot(x, y, radius - WIDTH / 2, paint=0),
        Dot(x, y, pupil),
    )


def sleepy_eye(x: float, y: float, radius: float = 20.5) -> tuple[Stroke, ...]:
    """A half-closed eye: a solid ball, a half-moon in it, the pupil under the lid."""
    lid = y + 1.0
    return (
        Dot(x, y, radius),
        Bowl(x, lid, 0.62 * radius, paint=0),
        Dot(x, lid - 1.0, 0.3 * radius),
    )


def _length(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    # Not hypot: products, sums and roots are the same to the last bit everywhere.
    return np.sqrt(x * x + y * y)
