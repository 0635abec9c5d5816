from functools import partial
from pathlib import Path

from ganzoo.data.arrays import from_arrays
from ganzoo.data.download import Remote
from ganzoo.data.downloaded import DownloadedSource, check_sum, keras_datasets
from ganzoo.data.image_set import ImageSet
from ganzoo.data.request import Request

FILE = "mnist.npz"
LIMIT = 1 << 24  # Bytes; it has 11 million.
SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"


class MNIST(DownloadedSource):
    """MNIST: 60,000 + 10,000 handwritten digits, 28 x 28, downloaded as `keras.datasets` does.

    LeCun, Cortes and Burges; doi:10.1109/5.726791. White on black, one channel; the 10,000 test
    images are held out. The file is the one of `keras.datasets.mnist`, in the same place, and
    its sha256 is known here.

    Args:
        folder: Where `mnist.npz` is; `~/.keras/datasets` by default.
    """

    licence = "CC-BY-SA-3.0"
    name = "mnist"
    url = "https://storage.googleapis.com/tensorflow/tf-keras-datasets"
    classes = tuple("0123456789")

    def usual_folder(self) -> Path:
        """Where `keras.datasets` keeps it."""
        return keras_datasets()

    def files(self) -> list[Remote]:
        """The one file."""
        check = partial(check_sum, algorithm="sha256", expected=SHA256)
        return [Remote(FILE, FILE, LIMIT, check)]

    def read(self, request: Request) -> ImageSet:
        """The arrays in it."""
        return from_arrays(self.folder / FILE, request)
