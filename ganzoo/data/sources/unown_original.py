import hashlib
import io
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from ganzoo.data import cache
from ganzoo.data.download import Remote, fetch
from ganzoo.data.forms import FORMS
from ganzoo.data.image_set import ImageSet
from ganzoo.data.recipe import RECIPES, SIDE
from ganzoo.data.source import Source
from ganzoo.errors import InputError
from ganzoo.variant import check_choice

URL = "https://raw.githubusercontent.com/lopeLH/unown-mnist/main/original_images"
LIMIT = 1 << 20  # Bytes; the files have a few thousand.

# sha256 of the decoded pixels, 8-bit grayscale, row by row. Not of the files, which
# image programs rewrite without changing a pixel.
PIXELS = {
    "00-A.png": "85605b25918dce198e1ef70a1ede3787f66385d55641947e7546bcd1c27e83fc",
    "01-H.png": "1ac1a74d64878606d49276013dbda7fabf39750e5be07ddd25c07074ba3d7790",
    "02-O.png": "5e34f500a9673dddcc3a9718a9bee4c174cd912d6393f52f0ab783f64b37541b",
    "03-V.png": "afb6c1a4c477fe9f5d58b0e1e0481645c7b47d12a3968e654c584874bb86a1d7",
    "04-B.png": "37c0b766a4d083ceb3dc943a074d645d09b89a4dd6a622ea2339b0b8e46ffc4e",
    "05-I.png": "a0753d0da58b9d158d22a5e7f1f0fafc00cd2d1ff28b17cc4fbd115e33d922d6",
    "06-P.png": "d58ab4d461132d54ad7ae63ea7ad25ae537baabf4dc4fe2051b8ff2fc1b18e9b",
    "07-W.png": "b3959e0117cc017f166829729623b37541020d2372909758d4c315ba383f4869",
    "08-C.png": "e86d625405a8b2bc783243d925a2b83751a8cdfaf230cb3076f502bd85edd95c",
    "09-J.png": "a4c9f6d6df1e76fe5741c4ed888bf7bf4b069b9f5d8f29da13ee2d6f50bbaeb9",
    "10-Q.png": "32e55153d99f6a50a2204d64bb6b97f9ae88e735a942678b2338bef1ef5a7361",
    "11-X.png": "ee66e43d2366e22f3bb6b33c5e2b67c71c9de71f0881942633f7a6ef06f0e8c5",
    "12-D.png": "62ccc4dbb7713d28f0e6ccc0250d06e7fa068ed0068f28675938ac8d09f005a0",
    "13-K.png": "b8feca8eb23317b3d89b1bc054c117d8b92e54bf6b75b90a8265428eb3b6f955",
    "14-R.png": "37f025fbadb9bee4fc814c46fa916017e4c6ab572452de7e22aa125bb93e0a87",
    "15-Y.png": "e4ec31b7bac8b79292fefb14c3595e46ec0cca2b618d3e034938274aca98e312",
    "16-E.png": "48c31de534feba0e65d21420b9a32de19e0ba88a9ebc2d95193b5ac1517b05ee",
    "17-L.png": "124e24a1bbe0fb77fe4f824a7b3b5ed4f4945885aef1ee73142d3c90b8047a28",
    "18-S.png": "b16ce41009e77c09f257061b5587f769bb663a2891e34b33e2cf3c810ea880da",
    "19-Z.png": "05810989a4c88a5c25dccef2059c2d9c7a91066f1a093c7534e047d49fc49ab0",
    "20-F.png": "e404a28a9069e76f953574e5dd05312bc51fb1b5e9a6499927654fb1fedbd5f4",
    "21-M.png": "8ebb27a2a07723b88189a805980a61f8d3ff0e0544940a8421476a5707c1fe15",
    "22-T.png": "16eb90d36197a94224ce306a45943e9b8d75d297d9b0f91366d465ec4c1d2522",
    "23-exclamation.png": "332631e9a3d3421e5051f5c9243bd3dc6b7efb23fb4356c36e0db6f84e153ef1",
    "24-G.png": "1c76fb4b1a82094daf01aec224db6a89cb51c0a8131b4f8611722ab01d6497af",
    "25-N.png": "15c11a6a295ae6f34da0ad14181a534f144fa0d28ba6c63ebf7dadcdf9b2febe",
    "26-U.png": "a388af9b3755c59b7442860c9e78ae95f0d0fe46c6000df7fd8f7dd49894bc00",
    "27-question.png": "c190f4a97b4ba986a4f9ee021bc06ace494e9532947f4a395a2ff9354e61bf99",
}


class UnownOriginal(Source):
    """The 28 forms of Unown themselves, deformed 500 ways each; downloaded once.

    The 28 images of 130 x 130 pixels in `original_images/` of
    github.com/lopeLH/unown-mnist, which has no licence; the forms are a trademark of
    their owner. They are expanded by the recipe of that repository's own set (see
    `ganzoo.data.recipe`); 100 further images a form are held out.

    The sha256 of each image's decoded pixels is known here, so any mirror will do.

    Args:
        folder: Where the 28 PNG files are; a folder in the cache by default.
        recipe: `"deformed"`, or `"none"` for the 28 originals alone.
    """

    licence = "none given; the forms are a trademark of their owner"

    def __init__(self, folder: str | Path | None = None, recipe: str = "deformed"):
        check_choice(RECIPES, recipe=recipe)
        self.recipe = recipe
        self.folder = Path(folder) if folder else cache.folder() / "unown-original"

    def is_here(self) -> bool:
        """Whether all 28 files are in the folder."""
        return all((self.folder / name).is_file() for name in PIXELS)

    def fetch(
        self,
        url: str | None = None,
        report: Callable[[str], None] = print,
    ) -> Path:
        """Download the 28 originals.

        Args:
            url: Address of a folder with `00.png` to `27.png`, in place of the
                original one.
            report: Called with a line for each file.

        Returns:
            The folder with the files, named as in `PIXELS`.

        Raises:
            ganzoo.errors.InputError: If a file cannot be had; see `download.fetch`.
        """
        files = [
            Remote(_upstream(name), name, LIMIT, partial(_check, checksum=checksum))
            for name, checksum in PIXELS.items()
        ]
        instead = "give a folder with the 28 PNG files as --data DIR"
        return fetch(files, url or URL, self.folder, instead, report)

    def load(self, resolution: int, per_class: int | None = None) -> ImageSet:
        """See `Source.load`; 500 training images a form by default."""
        if not self.is_here():
            raise InputError(
                f"unown-original is not in {self.folder}. Run: ganzoo data fetch "
                "unown-original; or give a folder with the 28 PNG files as --data DIR."
            )
        return from_folder(self.folder, resolution, per_class, self.recipe)


def is_originals(path: str | Path) -> bool:
    """Whether a folder holds the 28 originals, `00-A.png` to `27-question.png`.

    The names decide; hidden files beside them do not count. A clone's own folder, with
    `00.png` to `27.png`, is recognised too, but only if the pixels are the known ones.
    """
    path = Path(path)
    if not path.is_dir():
        return False
    names = {entry.name for entry in path.iterdir() if not entry.name.startswith(".")}
    if names == set(PIXELS):
        return True
    if names != {_upstream(name) for name in PIXELS}:
        return False
    try:
        for name, checksum in PIXELS.items():
            _check(path / _upstream(name), checksum)
    except (OSError, ValueError):
        return False
    return True


def from_folder(
    path: str | Path, resolution: int, per_class: int | None = None, recipe: str = "deformed"
) -> ImageSet:
    """The images of a folder for which `is_originals` holds, expanded by the recipe.

    Args:
        path: The folder.
        resolution: Height and width in pixels.
        per_class: Training images a form, 500 if `None`.
        recipe: `"deformed"` or `"none"`.

    Returns:
        uint8 images [28 * per_class, resolution, resolution, 1]; called
        `unown-original` whatever the folder is called.

    Raises:
        ganzoo.errors.InputError: If a file is missing, is no image, or is not 130 x 130
            pixels.
    """
    path = Path(path)
    if (path / _upstream(next(iter(PIXELS)))).exists():
        files = [path / _upstream(name) for name in PIXELS]
    else:
        files = [path / name for name in PIXELS]
    try:
        originals = [_read(file) for file in files]
    except (OSError, ValueError) as error:
        raise InputError(
            f"The originals in {path} cannot be used: {error}. Give all 28, or fetch them "
            "anew: ganzoo data fetch unown-original"
        ) from error
    return RECIPES[recipe](originals, FORMS, resolution, per_class, name="unown-original")


def _upstream(name: str) -> str:
    return f"{name[:2]}.png"


def _read(path: Path) -> np.ndarray:
    """The pixels: uint8 [SIDE, SIDE]. Raises `ValueError` if it is no such image."""
    if not path.is_file():  # A pipe would be waited on for ever.
        raise ValueError(f"{path.name} is no file")
    content = path.read_bytes()
    try:
        with Image.open(io.BytesIO(content), formats=["PNG"]) as image:
            if image.size == (SIDE, SIDE):
                return np.asarray(image.convert("L"))
            size = image.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError(f"{path.name} is no whole PNG image") from error
    raise ValueError(f"{path.name} has {size[0]} x {size[1]} pixels, not {SIDE} x {SIDE}")


def _check(path: Path, checksum: str) -> None:
    if hashlib.sha256(_read(path).tobytes()).hexdigest() != checksum:
        raise ValueError("its pixels do not have the expected sha256")
