from functools import partial
from pathlib import Path

from ganzoo.data.download import Remote
from ganzoo.data.downloaded import DownloadedSource, check_size_unpacked, keras_datasets
from ganzoo.data.idx import from_idx
from ganzoo.data.image_set import ImageSet
from ganzoo.data.request import Request

PIXELS = 28 * 28
COUNTS = {"train": 60_000, "t10k": 10_000}
LIMIT = 1 << 26  # Bytes of a file; the largest has 26 million.


class FashionMNIST(DownloadedSource):
    """Fashion-MNIST: 60,000 + 10,000 pieces of clothing, 28 x 28, as `keras.datasets` has it.

    Xiao, Rasul and Vollgraf, arXiv:1708.07747. One channel, on black; the 10,000 test images
    are held out. The four files are those of `keras.datasets.fashion_mnist`, in the same place.

    Args:
        folder: Where the files are; `~/.keras/datasets/fashion-mnist` by default. Debian's
            package `dataset-fashion-mnist` has them in `/usr/share/dataset-fashion-mnist`.
    """

    licence = "MIT"
    name = "fashion-mnist"
    url = "https://storage.googleapis.com/tensorflow/tf-keras-datasets"
    classes = (
        *("T-shirt", "trouser", "pullover", "dress", "coat"),
        *("sandal", "shirt", "sneaker", "bag", "ankle boot"),
    )

    def usual_folder(self) -> Path:
        """Where `keras.datasets` keeps them."""
        return keras_datasets() / "fashion-mnist"

    def files(self) -> list[Remote]:
        """Images and labels of both parts."""
        found = []
        for part, count in COUNTS.items():
            for kind, size in (
                ("images-idx3", 16 + count * PIXELS),
                ("labels-idx1", 8 + count),
            ):
                file = f"{part}-{kind}-ubyte.gz"
                found.append(Remote(file, file, LIMIT, partial(check_size_unpacked, size=size)))
        return found

    def read(self, request: Request) -> ImageSet:
        """The images of the first part, with the second held out."""
        return from_idx(self.folder / "train-images-idx3-ubyte.gz", request)
