"""A folder of images: one class, or one class a subfolder."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from ganzoo.data import dataset_json
from ganzoo.data.decode import EXTENSIONS, UnreadableImage
from ganzoo.data.encoded_images import EncodedImage, from_encoded_images
from ganzoo.data.image_set import ImageSet
from ganzoo.data.layout import SPLITS, arranged, is_split
from ganzoo.data.left_out import LeftOut
from ganzoo.data.messages import listed, printable
from ganzoo.data.request import Request
from ganzoo.data.run_folders import is_made_here
from ganzoo.errors import InputError

LARGEST = 2**32  # Bytes of one image file: more than any format's image within the limit.
DEEPEST = 32  # Folders within folders, where all are read.


def from_folder(path: str | Path, request: Request) -> ImageSet:
    """Read the images in a folder, in the order of their names.

    Images in the folder itself are one class, `"image"`; images in its subfolders are
    one class a subfolder, in the order of their names. Where the subfolders are called train,
    test and val, the images of the first are read so, and the second is held out (or the
    third, where there is no second). A `dataset.json` gives classes instead of subfolders.
    Hidden files are left out without a word, and others that are no images with a note.

    Args:
        path: The folder.
        request: How the set is wanted.

    Raises:
        InputError: If an image cannot be read, there are fewer than 2, the folder
            holds images both beside and inside subfolders, or it is a run's.
    """
    path = Path(path)
    if is_made_here(path):
        raise InputError(
            f"{printable(str(path))} holds a run of ganzoo, with its sheets and plots, no "
            "images to train on. Give the folder of the images, or one that `ganzoo generate` "
            "wrote."
        )
    listing = path / dataset_json.NAME
    entries = None
    if request.reading.labels and os.path.lexists(listing):
        content = read_file(str(listing), dataset_json.LARGEST).read()
        entries = dataset_json.read_entries(content, str(listing), request.report)
    everything = entries is not None or not request.reading.labels
    walk = _Walk(path, everything)
    walk.root()
    walk.report(request)
    if not walk.images and walk.without:
        raise InputError(
            f"{printable(str(path))} holds no images, nor do its subfolders (read one level "
            f"deep). Give the folder whose subfolders are the classes, such as "
            f"{printable(str(path / walk.without[0]))}. Or read no classes: --no-labels."
        )
    name = path.resolve().name
    if entries is not None:
        paths = [Path(image.name).relative_to(path).as_posix() for image in walk.images]
        found = dataset_json.labelled(walk.images, paths, entries, str(listing), request.report)
        order = dataset_json.class_order
        return from_encoded_images(found, name, str(path), request, order=order)
    training, held_out = arranged(walk.images, request.reading.labels, request.report)
    return from_encoded_images(training, name, str(path), request, held_out)


def from_one_file(path: Path, request: Request) -> ImageSet:
    """The pages of one image file as a set, where `Reading.pages` is `"all"`."""
    images = [EncodedImage("", str(path), read_file, _stamp)]
    return from_encoded_images(images, path.stem, str(path.parent), request)


@dataclass
class _Walk:
    """Looks for images in a folder, in the order of names.

    Attributes:
        path: The folder.
        everything: Whether folders at any depth are read, rather than the subfolders.
        images: What was found, each in the group that its folder's path is.
        left_out: Files that are no images.
        without: Subfolders without images.
        deeper: Folders that were not read.
        runs: Folders that ganzoo wrote.
        circles: Links to a folder that they lie in.
    """

    path: Path
    everything: bool
    images: list[EncodedImage] = field(default_factory=list)
    left_out: LeftOut = field(default_factory=LeftOut)
    without: list[str] = field(default_factory=list)
    deeper: list[str] = field(default_factory=list)
    runs: list[str] = field(default_factory=list)
    circles: list[str] = field(default_factory=list)

    def root(self) -> None:
        """Read the folder and as many levels below as hold classes."""
        subfolders = self._files(self.path, "")
        subfolders.sort(key=lambda entry: entry.name.lower() in SPLITS)  # These at the end.
        for entry in subfolders:
            before = len(self.images)
            self._below(entry, entry.name, self._depth(entry, subfolders))
            if len(self.images) == before and entry.name not in self.runs:
                self.without.append(entry.name)

    def _depth(self, entry: os.DirEntry[str], beside: list[os.DirEntry[str]]) -> int:
        """How many levels of a subfolder are read."""
        if self.everything:
            return DEEPEST
        splits = [other.name for other in beside if other.name.lower() in SPLITS]
        others = any(image.group.partition("/")[0] not in splits for image in self.images)
        return 2 if entry.name in splits and is_split(splits) and not others else 1

    def _below(self, folder: os.DirEntry[str], group: str, depth: int) -> None:
        if is_made_here(Path(folder.path)):
            self.runs.append(group)
            return
        for entry in self._files(Path(folder.path), group):
            inside = f"{group}/{entry.name}"
            if depth > 1:
                self._below(entry, inside, depth - 1)
            else:
                self.deeper.append(inside)

    def _files(self, folder: Path, group: str) -> list[os.DirEntry[str]]:
        """Take the images of a folder, and give the folders within it."""
        folders = []
        for entry in _entries(folder):
            if entry.is_dir() and _leads_back(entry, folder):
                self.circles.append(f"{group}/{entry.name}".lstrip("/"))
            elif entry.is_dir():
                folders.append(entry)
            elif os.path.splitext(entry.name)[1].lower() in EXTENSIONS:
                self.images.append(EncodedImage(group, entry.path, read_file, _stamp))
            elif group or entry.name != dataset_json.NAME:
                self.left_out.add(entry.name)
        return folders

    def report(self, request: Request) -> None:
        """Say what was not read, with numbers."""
        for line in self.left_out.lines():
            request.report(line)
        for names, what in (
            (self.runs, "runs of ganzoo, left out"),
            (self.without, "subfolders without images in them, left out"),
            (self.deeper, "folders within subfolders, not read"),
            (self.circles, "links to a folder that they lie in, left out"),
        ):
            if names:
                number = f"{len(names):,} " if len(names) > 1 else ""
                request.report(f"{number}{what}: {listed(names)}")


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            found = [entry for entry in entries if not entry.name.startswith(".")]
    except OSError as error:
        raise InputError(
            f"The folder {printable(str(folder))} cannot be read: {error.strerror}. "
            "Check that it exists and is yours to read."
        ) from error
    return sorted(found, key=lambda entry: entry.name)


def _leads_back(entry: os.DirEntry[str], folder: Path) -> bool:
    """Whether an entry of `folder` is a link to this folder or to one above it."""
    above = folder.absolute()
    return entry.is_symlink() and any(
        os.path.samefile(entry.path, each) for each in (above, *above.parents)
    )


def _stamp(name: str) -> tuple[int, ...]:
    """What tells whether a file has changed, as Git takes it."""
    try:
        stat = Path(name).stat()
    except OSError:  # Reading it will say why.
        return ()
    return stat.st_ino & (2**63 - 1), stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


def read_file(name: str, largest: int = LARGEST) -> IO[bytes]:
    """The file `name`, open; raises `UnreadableImage` if it cannot be read."""
    file, shown = Path(name), printable(name)
    try:
        if not file.is_file():  # a pipe would be waited on for ever
            why = "its link points nowhere" if file.is_symlink() else "it is not a regular file"
            raise UnreadableImage(
                name, why, f"{shown} cannot be read: {why}. Replace or remove it."
            )
        if (size := file.stat().st_size) > largest:
            raise UnreadableImage(
                name,
                f"{size:,} bytes",
                f"{shown} is {size:,} bytes long, more than the {largest:,} that are read of "
                "one file. Make it smaller, or remove it.",
            )
        return file.open("rb")
    except OSError as error:
        raise UnreadableImage(
            name,
            str(error.strerror),
            f"{shown} cannot be read: {error.strerror}. Check its permissions, or remove it.",
        ) from error
