from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from ganzoo.data import cache
from ganzoo.data.array_labels import first_of_each
from ganzoo.data.download import Remote, fetch
from ganzoo.data.forms import FORMS
from ganzoo.data.image_set import ImageSet
from ganzoo.data.source import Source
from ganzoo.errors import InputError
from ganzoo.files.atomic import atomic
from ganzoo.files.checksum import sha256

URL = "https://raw.githubusercontent.com/lopeLH/unown-mnist/main"
SIDE = 28
COUNTS = {"train": 60_000, "test": 10_000}
CHECKSUMS = "sha256.txt"
HEADER = 4096  # More than any .npy header of these arrays.


class UnownMNIST(Source):
    """Unown-MNIST: 60,000 + 10,000 images of the 28 Unown forms, 28 x 28, downloaded.

    From github.com/lopeLH/unown-mnist, which has no licence; the forms are a trademark
    of their owner. White on black, one channel; the 10,000 test images are held out.

    No checksums of these files were published or known when this was written. A
    download is checked for file size, shape, dtype and labels; its sha256 is shown and
    kept beside the files (`sha256.txt`), and later loads must agree with that.

    Args:
        folder: Where the four .npy files are; a folder in the cache by default.
    """

    licence = "none given; the forms are a trademark of their owner"

    def __init__(self, folder: str | Path | None = None):
        self.folder = Path(folder) if folder else cache.folder() / "unown-mnist"

    def is_here(self) -> bool:
        """Whether all four files are in the folder."""
        return all((self.folder / remote.name).is_file() for remote in _files())

    def fetch(
        self,
        url: str | None = None,
        report: Callable[[str], None] = print,
    ) -> Path:
        """Download the four files.

        Args:
            url: Address of a folder that has them, in place of the original one.
            report: Called with a line for each file and each checksum.

        Returns:
            The folder with the files.

        Raises:
            ganzoo.errors.InputError: If a file cannot be had; see `download.fetch`.
        """
        for name in _changed(self.folder):
            (self.folder / name).unlink()
        instead = f"put the files into {self.folder} yourself"
        fetch(_files(), url or URL, self.folder, instead, report)
        checksums = {remote.name: sha256(self.folder / remote.name) for remote in _files()}
        lines = [f"{checksum}  {name}" for name, checksum in checksums.items()]
        with atomic(self.folder / CHECKSUMS) as temporary:
            temporary.write_text("\n".join(lines) + "\n", encoding="ascii")
        for line in lines:
            report(f"sha256 {line}")
        return self.folder

    def load(self, resolution: int, per_class: int | None = None) -> ImageSet:
        """See `Source.load`; only 28 pixels, all 60,000 training images by default."""
        if resolution != SIDE:
            raise InputError(
                f"unown-mnist has images of {SIDE} pixels only, not {resolution}. Use "
                f"unown-original, or a --schedule of {SIDE} pixels only, such as {SIDE}:100."
            )
        if not self.is_here():
            raise InputError(
                f"unown-mnist is not in {self.folder}. Run: ganzoo data fetch unown-mnist; "
                "or use unown, which needs no download."
            )
        for name in _changed(self.folder):
            raise _unusable(self.folder / name, f"it no longer agrees with {CHECKSUMS}")
        for remote in _files():
            try:
                remote.check(self.folder / remote.name)
            except (OSError, ValueError) as error:
                raise _unusable(self.folder / remote.name, str(error)) from error
        images, labels = self._read("train")
        if per_class is not None:
            keep = _first(labels, per_class)
            images, labels = images[keep], labels[keep]
        held_out = ImageSet("unown-mnist", *self._read("test"), FORMS)
        return ImageSet("unown-mnist", images, labels, FORMS, held_out)

    def _read(self, split: str) -> tuple[np.ndarray, np.ndarray]:
        images = np.load(self.folder / f"X_{split}.npy", allow_pickle=False)
        labels = np.load(self.folder / f"Y_{split}.npy", allow_pickle=False)
        return images.reshape(-1, SIDE, SIDE, 1), labels.reshape(-1).astype(np.int32)


def _files() -> list[Remote]:
    files = []
    for split, count in COUNTS.items():
        for letter, size, check in (("X", SIDE * SIDE, _check_images), ("Y", 8, _check_labels)):
            name = f"{letter}_{split}.npy"
            limit = count * size + HEADER
            files.append(Remote(name, name, limit, partial(check, count=count)))
    return files


def _check_images(path: Path, count: int) -> None:
    images = _open(path)
    shapes = ((count, SIDE, SIDE), (count, SIDE, SIDE, 1))
    if images.dtype != np.uint8 or images.shape not in shapes:
        raise ValueError(
            f"it holds {images.dtype} {list(images.shape)}, not uint8 {list(shapes[0])}"
        )


def _check_labels(path: Path, count: int) -> None:
    labels = _open(path)
    if labels.dtype.kind not in "iu" or labels.shape not in ((count,), (count, 1)):
        raise ValueError(
            f"it holds {labels.dtype} {list(labels.shape)}, not {count} whole numbers"
        )
    if labels.min() < 0 or labels.max() >= len(FORMS):
        raise ValueError(f"its labels are {labels.min()} to {labels.max()}, not 0 to 27")


def _open(path: Path) -> np.ndarray:
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, EOFError, ValueError) as error:
        raise ValueError("it is no whole .npy file of numbers") from error
    if not isinstance(array, np.memmap):
        raise ValueError("it is no .npy file")
    if path.stat().st_size != array.offset + array.nbytes:
        raise ValueError(f"it is {path.stat().st_size:,} bytes long, its header says otherwise")
    return array


def _changed(folder: Path) -> list[str]:
    """Files that are not what they were on the day they were fetched."""
    record = folder / CHECKSUMS
    if not record.is_file():  # Files that somebody put there by hand.
        return []
    lines = record.read_text(encoding="ascii", errors="replace").splitlines()
    known = {name: checksum for checksum, _, name in (line.partition("  ") for line in lines)}
    here = [r.name for r in _files() if r.name in known and (folder / r.name).is_file()]
    return [name for name in here if sha256(folder / name) != known[name]]


def _first(labels: np.ndarray, per_class: int) -> np.ndarray:
    """Places of the first `per_class` images of each class, in the set's own order."""
    fewest = np.bincount(labels, minlength=len(FORMS)).min()
    if fewest < per_class:
        raise InputError(
            f"unown-mnist has {fewest} training images of some forms, not {per_class}. "
            "Ask for that many or fewer."
        )
    return first_of_each(labels, per_class)


def _unusable(path: Path, reason: str) -> InputError:
    return InputError(f"{path} cannot be used: {reason}. Run: ganzoo data fetch unown-mnist")
