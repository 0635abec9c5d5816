"""Captions of images, and the grammar that says what their words mean."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np


class Grammar(ABC):
    """What the captions of a set can say, and how it is read off an image.

    Attributes:
        attributes: Names of what a caption says, such as `"size"`.
        rule: One line: what becomes of a prompt that leaves attributes open.
    """

    attributes: tuple[str, ...]
    rule: str

    @abstractmethod
    def caption(self, prompt: str) -> str:
        """A person's words as a caption of the set; what they leave open is filled by `rule`.

        Raises:
            ganzoo.errors.InputError: If a word is not known, or words contradict each other.
        """

    @abstractmethod
    def label(self, caption: str) -> int:
        """The class of the images that a caption describes."""

    @abstractmethod
    def held_out(self, count: int) -> list[str]:
        """`count` captions of combinations that no training has, each class in its turn.

        The first n of them do not depend on `count`.
        """

    @abstractmethod
    def as_said(self, images: np.ndarray, captions: Sequence[str]) -> Mapping[str, np.ndarray]:
        """Whether images show each attribute as their captions say it.

        Args:
            images: uint8 [N, H, W, 3].
            captions: Of each image.

        Returns:
            By the name of each attribute, bool [N].
        """


@dataclass(frozen=True)
class Captions:
    """A caption for each image of a set.

    Attributes:
        texts: The captions, each once.
        index: Which of them each image has, int32 [N].
        grammar: What their words mean, where that is known.

    Example:
        >>> captions = Captions.of(["a red A", "a blue B", "a red A"])
        >>> captions.texts, captions.index.tolist(), captions.words
        (('a blue B', 'a red A'), [1, 0, 1], ('A', 'B', 'a', 'blue', 'red'))
    """

    texts: tuple[str, ...]
    index: np.ndarray
    grammar: Grammar | None = None

    @classmethod
    def of(cls, texts: Sequence[str], grammar: Grammar | None = None) -> "Captions":
        """The captions of images, one text for each."""
        found, index = np.unique(np.array(texts, str), return_inverse=True)
        return cls(tuple(found.tolist()), index.astype(np.int32), grammar)

    def __len__(self) -> int:
        return len(self.index)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of all captions, each once, in order."""
        return tuple(sorted({word for text in self.texts for word in text.split()}))

    @cached_property
    def longest(self) -> int:
        """Words of the longest caption."""
        return max(len(text.split()) for text in self.texts)

    def rows(self, rows: np.ndarray | slice) -> list[str]:
        """The captions of some images, by their rows [M] or a slice of them."""
        return [self.texts[i] for i in self.index[rows]]
