"""A generator of the page, played on this machine: what is written, walked and mixed."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ganzoo.data.sheet import sheet
from ganzoo.data.typeset import typeset
from ganzoo.demo.class_weights import WEIGHTS
from ganzoo.samples import to_uint8

TILES, REACH = 7, 2.5  # Images across the map of a plane; half the plane's side.
STEPS = 11  # Images between two that are mixed.

Shares = Mapping[int, float]  # Of classes, by their numbers: weights that sum to 1.


class Player:
    """Plays a file of `write_model` by ONNX Runtime.

    Args:
        folder: Where the file is.
        about: What `write_model` gave.
    """

    def __init__(self, folder: Path, about: Mapping[str, Any]):
        import onnxruntime

        self.about = about
        self.title: str = about["title"]
        self.classes: list[str] = about["classes"]
        path = str(folder / about["file"])
        self._session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])

    def write(self, text: str, hand: int, spread: float) -> tuple[Image.Image | None, str]:
        """A line of text, and what is said of it.

        Args:
            text: What is typed; a character without a class is left out.
            hand: Seed of the latents.
            spread: From 0, one latent for all letters, to 1, one for each.

        Returns:
            The picture, `None` where there is no letter; and the characters without a class.
        """
        known = self.about["characters"]
        line = [known.get(c) for c in text if c in known or c.isspace()]
        missing = dict.fromkeys(c for c in text if c not in known and not c.isspace())
        said = f"No form for {' '.join(missing)}" if missing else ""
        places = [(i, label) for i, label in enumerate(line) if label is not None]
        if not places:
            return None, said
        turns = (np.cos(spread * np.pi / 2), np.sin(spread * np.pi / 2))
        latents = [
            blend([self._normal(hand), self._normal(hand, i + 1)], turns) for i, _ in places
        ]
        images = self.make(latents, [{label: 1.0} for _, label in places])
        return typeset(images, [line]), said

    def look(self, hand: int, x: float, y: float, form: int) -> Image.Image:
        """The image at a place of a plane through the latents; `x` and `y` from 0 to 1."""
        return self._sheet([self._at(hand, x, y)], form, 1)

    def map(self, hand: int, form: int) -> Image.Image:
        """The plane: `TILES` times `TILES` of its images."""
        places = [(i + 0.5) / TILES for i in range(TILES)]
        return self._sheet([self._at(hand, x, y) for y in places for x in places], form, TILES)

    def mix(
        self, hand: int, share: float, one: int, two: int
    ) -> tuple[Image.Image, Image.Image]:
        """The first image, the mixture and the second, and the row of all between.

        Args:
            hand: Seed of the two latents.
            share: Of the second, from 0 to 1.
            one: Class of the first, where classes can be asked for.
            two: Class of the second.
        """
        ends = [self._normal(hand, place) for place in (1, 2)]
        shares = [0.0, share, 1.0, *np.linspace(0, 1, STEPS)]
        turns = [(np.cos(s * np.pi / 2), np.sin(s * np.pi / 2)) for s in shares]
        asked = [{one: 1 - s, two: s} if one != two else {one: 1.0} for s in shares]
        images = self.make([blend(ends, turn) for turn in turns], asked)
        return sheet(images[:3], 3, gap=0), sheet(images[3:], STEPS, gap=0)

    def make(self, latents: Sequence[np.ndarray], asked: Sequence[Shares]) -> np.ndarray:
        """Images, uint8 [N, H, W, C], of latents [L] and of shares of classes."""
        feeds = {"latents": np.stack(latents).astype(np.float32)}
        if name := self.about["asked"]:
            weights = np.zeros((len(asked), len(self.classes)), np.float32)
            for row, shares in zip(weights, asked, strict=True):
                row[list(shares)] = list(shares.values())
            mixes = name == WEIGHTS
            feeds[name] = weights if mixes else weights.argmax(axis=1).astype(np.int32)
        return to_uint8(self._session.run(["images"], feeds)[0])

    def _sheet(self, latents: Sequence[np.ndarray], form: int, columns: int) -> Image.Image:
        return sheet(self.make(latents, [{form: 1.0}] * len(latents)), columns, gap=0)

    def _at(self, hand: int, x: float, y: float) -> np.ndarray:
        vectors = [self._normal(hand, place) for place in range(3)]
        weights = (1.0, REACH * (2 * x - 1), REACH * (2 * y - 1))
        return blend(vectors, weights, self.about["categories"])

    def _normal(self, hand: int, place: int = 0) -> np.ndarray:
        return np.random.default_rng([hand, place]).standard_normal(self.about["latents"])


def blend(vectors: Sequence[np.ndarray], weights: Sequence[float], kept: int = 0) -> np.ndarray:
    """A weighted sum of vectors, as long as one normal vector is likely to be.

    Args:
        vectors: Standard normal, [L] each.
        weights: One for each.
        kept: Numbers at the begin that choose a category: they stay those of the first vector.
    """
    length = np.linalg.norm(weights) or 1.0
    mixed = np.tensordot(np.asarray(weights) / length, np.stack(vectors), axes=1)
    mixed[:kept] = vectors[0][:kept]
    return mixed
