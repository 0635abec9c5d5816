import tarfile
from functools import partial
from pathlib import Path

import numpy as np

from ganzoo.data import cache
from ganzoo.data.array_labels import first_of_each
from ganzoo.data.checks import check_per_class
from ganzoo.data.download import Remote
from ganzoo.data.downloaded import DownloadedSource, check_sum
from ganzoo.data.fit import fit
from ganzoo.data.image_set import ImageSet
from ganzoo.data.request import Request
from ganzoo.errors import InputError

FILE = "cifar-10-binary.tar.gz"
LIMIT = 1 << 28  # Bytes; it has 170 million.
MD5 = "c32a1d4ab5d03f1284b67883e8d87530"  # As its authors publish it.
SIDE, BATCH = 32, 10_000
ROW = 1 + 3 * SIDE * SIDE  # A label, then red, green and blue.
TRAINING = tuple(f"data_batch_{i}.bin" for i in range(1, 6))
TEST = ("test_batch.bin",)


class CIFAR10(DownloadedSource):
    """CIFAR-10: 50,000 + 10,000 small photographs of 10 kinds of things, 32 x 32, downloaded.

    Krizhevsky 2009, "Learning Multiple Layers of Features from Tiny Images". In colour; the
    10,000 test images are held out. The file is the authors' binary version: the one that
    `keras.datasets` takes has the same images as Python pickles. Its md5 is known here.

    Args:
        folder: Where `cifar-10-binary.tar.gz` is; a folder in the cache by default.
    """

    licence = "unknown; collected from the web by its authors"
    name = "cifar10"
    url = "https://www.cs.toronto.edu/~kriz"
    classes = (
        *("airplane", "automobile", "bird", "cat", "deer"),
        *("dog", "frog", "horse", "ship", "truck"),
    )

    def usual_folder(self) -> Path:
        """A folder in the cache."""
        return cache.folder() / "cifar10"

    def files(self) -> list[Remote]:
        """The one file."""
        check = partial(check_sum, algorithm="md5", expected=MD5)
        return [Remote(FILE, FILE, LIMIT, check)]

    def read(self, request: Request) -> ImageSet:
        """The batches in it."""
        check_per_class(request.per_class)
        images, labels = self._rows(TRAINING)
        if request.per_class is not None:
            chosen = first_of_each(labels, request.per_class)
            images, labels = images[chosen], labels[chosen]
        size = request.resolution
        others, other_labels = self._rows(TEST)
        held_out = ImageSet(self.name, fit(others, size), other_labels, self.classes)
        return ImageSet(self.name, fit(images, size), labels, self.classes, held_out)

    def _rows(self, members: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
        try:
            with tarfile.open(self.folder / FILE) as archive:
                content = b"".join(self._member(archive, name) for name in members)
        except (tarfile.TarError, EOFError, OSError, ValueError) as error:
            raise InputError(
                f"{self.folder / FILE} cannot be read: {error}. Run: ganzoo data fetch cifar10"
            ) from error
        rows = np.frombuffer(content, np.uint8).reshape(-1, ROW)
        labels = rows[:, 0].astype(np.int32)
        if labels.max() >= len(self.classes):
            raise InputError(f"{self.folder / FILE} holds the label {labels.max()}.")
        return rows[:, 1:].reshape(-1, 3, SIDE, SIDE).transpose(0, 2, 3, 1), labels

    def _member(self, archive: tarfile.TarFile, name: str) -> bytes:
        for member in archive:
            if member.name.rpartition("/")[2] == name and member.isfile():
                if member.size != BATCH * ROW:
                    raise ValueError(f"{name} in it has {member.size:,} bytes")
                file = archive.extractfile(member)
                assert file is not None
                return file.read()
        raise ValueError(f"{name} is not in it")
