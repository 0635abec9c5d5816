"""Sets that others publish, downloaded once and read from the files as they are."""

import gzip
import hashlib
import os
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path

from ganzoo.data.download import Remote, fetch
from ganzoo.data.image_set import ImageSet
from ganzoo.data.request import Request
from ganzoo.data.source import Source
from ganzoo.errors import InputError


def keras_datasets() -> Path:
    """Where `keras.datasets` keeps its files, so that these are downloaded once for both."""
    home = os.environ.get("KERAS_HOME") or "~/.keras"
    return Path(home).expanduser() / "datasets"


class DownloadedSource(Source, ABC):
    """A set of files at one address.

    Args:
        folder: Where the files are; `usual_folder()` by default.

    Attributes:
        name: The set's name.
        url: Address of the folder that has the files.
        classes: Names of the classes, in the order of their labels.
    """

    name: str
    url: str
    classes: tuple[str, ...]

    def __init__(self, folder: str | Path | None = None):
        self.folder = Path(folder).expanduser() if folder else self.usual_folder()

    @abstractmethod
    def usual_folder(self) -> Path:
        """Where the files are kept."""

    @abstractmethod
    def files(self) -> Sequence[Remote]:
        """The files, each with its check."""

    @abstractmethod
    def read(self, request: Request) -> ImageSet:
        """The set, from files that have passed their checks."""

    def is_here(self) -> bool:
        """Whether all files are in the folder."""
        return all((self.folder / remote.name).is_file() for remote in self.files())

    def fetch(self, url: str | None = None, report: Callable[[str], None] = print) -> Path:
        """Download the files.

        Args:
            url: Address of a folder that has them, in place of the set's own.
            report: Called with a line for each file.

        Returns:
            The folder with the files.

        Raises:
            ganzoo.errors.InputError: If a file cannot be had; see `download.fetch`.
        """
        instead = f"put the files into {self.folder} yourself"
        return fetch(self.files(), url or self.url, self.folder, instead, report)

    def load(self, resolution: int, per_class: int | None = None) -> ImageSet:
        """See `Source.load`; all training images by default."""
        again = f"Run: ganzoo data fetch {self.name}"
        if not self.is_here():
            raise InputError(f"{self.name} is not in {self.folder}. {again}")
        for remote in self.files():
            try:
                remote.check(self.folder / remote.name)
            except (OSError, ValueError) as error:
                where = self.folder / remote.name
                raise InputError(f"{where} cannot be used: {error}. {again}") from error
        found = self.read(Request(resolution, per_class))
        if len(found.classes) != len(self.classes):
            raise InputError(
                f"The files in {self.folder} have {len(found.classes)} classes, not "
                f"{len(self.classes)}. {again}"
            )
        held_out = found.held_out
        if held_out is not None:
            held_out = ImageSet(self.name, held_out.images, held_out.labels, self.classes)
        return ImageSet(self.name, found.images, found.labels, self.classes, held_out)


def check_sum(path: Path, algorithm: str, expected: str) -> None:
    """Raises `ValueError` unless a file has this checksum."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, lambda: hashlib.new(algorithm, usedforsecurity=False))
    if found.hexdigest() != expected:
        raise ValueError(f"its {algorithm} is not the known one")


def check_size_unpacked(path: Path, size: int) -> None:
    """Raises `ValueError` unless a gzip file holds so many bytes."""
    try:
        with gzip.open(path) as file:
            found = len(file.read(size + 1))
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ValueError("it is no whole gzip file") from error
    if found != size:
        raise ValueError(f"it holds {'more' if found > size else 'fewer'} than {size:,} bytes")
