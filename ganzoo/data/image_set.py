"""What every source of images gives: pixels, labels, names, a checksum."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ganzoo.data.captions import Captions
from ganzoo.data.image_file import ImageFile, pieces


@dataclass(frozen=True)
class ImageSet:
    """A set of images, decoded once and kept in memory, or on disk if it is too large.

    Attributes:
        name: What the set is called in run folders and tables.
        images: uint8 array [N, H, W, C], values 0 to 255, or an `ImageFile` of one.
        labels: int32 array [N], indices into `classes`.
        classes: One name per class.
        held_out: Images of the same kind that no training sees, or `None`.
        captions: What is said of each image, or `None`.

    Example:
        >>> images = np.zeros((4, 28, 28, 1), np.uint8)
        >>> found = ImageSet("dark", images, np.array([0, 1, 0, 1]), ("cat", "dog"))
        >>> len(found), found.resolution, found.channels, found.labelled
        (4, 28, 1, True)
    """

    name: str
    images: np.ndarray | ImageFile
    labels: np.ndarray
    classes: tuple[str, ...] = ("image",)
    held_out: "ImageSet | None" = field(default=None, repr=False)
    captions: Captions | None = field(default=None, repr=False)

    def __len__(self) -> int:
        return len(self.images)

    @property
    def resolution(self) -> int:
        """Height and width in pixels."""
        return self.images.shape[1]

    @property
    def channels(self) -> int:
        """1 for gray, 3 for colour."""
        return self.images.shape[3]

    @property
    def labelled(self) -> bool:
        """Whether its images are of two classes or more, whatever names it knows."""
        return bool((self.labels != self.labels[0]).any())

    @property
    def class_count(self) -> int:
        """Classes that it has images of; 0 if all are of one."""
        return len(np.unique(self.labels)) if self.labelled else 0

    def without_labels(self) -> "ImageSet":
        """A set of these images, all of one class, without captions."""
        held_out = None if self.held_out is None else self.held_out.without_labels()
        zeros = np.zeros(len(self), np.int32)
        return ImageSet(self.name, self.images, zeros, ("image",), held_out)

    @cached_property
    def sha256(self) -> str:
        """Checksum of shape, pixels, labels, class names and captions, in hexadecimal."""
        digest = hashlib.sha256(repr(self.images.shape).encode())
        for piece in pieces(self.images):
            digest.update(piece.data)
        digest.update(np.ascontiguousarray(self.labels, dtype="<i4").data)
        digest.update("\0".join(self.classes).encode())
        if self.captions is not None:
            digest.update("\0".join(["", *self.captions.texts]).encode())
            digest.update(np.ascontiguousarray(self.captions.index, dtype="<i4").data)
        return digest.hexdigest()


def run_name(text: str) -> str:
    """`text` in letters, digits and dashes, for the names of sets and of run folders.

    Accents are dropped; where nothing is left the name is `"images"`.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:60].rstrip("-") or "images"
