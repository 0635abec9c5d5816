import numpy as np

from ganzoo.data.checks import check_per_class
from ganzoo.data.image_set import ImageSet
from ganzoo.data.source import Source
from ganzoo.data.sources.digits import Digits

NAME = "stacked-digits"
CLASSES = tuple(f"{number:03}" for number in range(1000))
PER_CLASS, HELD_OUT = 26, 5


class StackedDigits(Source):
    """Three digits in three colours on one another: 1,000 modes to collapse from; no network.

    After the stacked MNIST of Metz et al., arXiv:1611.02163, section 3.3.1, and Srivastava et
    al., arXiv:1705.07761, with `digits` in the place of MNIST. A class is a number of three
    digits: hundreds in red, tens in green, units in blue. Five images a number are held out.
    """

    licence = "Bitstream-Vera"

    def load(self, resolution: int, per_class: int | None = None) -> ImageSet:
        """See `Source.load`; 26 training images a number by default, which are 26,000."""
        check_per_class(per_class)
        digits = Digits().load(resolution)
        assert digits.held_out is not None
        held_out = _stacked(digits.held_out, HELD_OUT, 1)
        return _stacked(digits, PER_CLASS if per_class is None else per_class, 0, held_out)


def is_stacked(data: ImageSet) -> bool:
    """Whether a set is this one, as far as its name, its classes and its channels say."""
    return data.name == NAME and data.classes == CLASSES and data.channels == 3


def _stacked(
    digits: ImageSet, count: int, split: int, held_out: ImageSet | None = None
) -> ImageSet:
    """`count` images of each number, each number in its turn."""
    labels = np.tile(np.arange(len(CLASSES), dtype=np.int32), count)
    random = np.random.Generator(np.random.Philox(key=split))
    # Images of a digit, by the digit: all digits have as many.
    rows = np.argsort(digits.labels, kind="stable").reshape(10, -1)
    images = np.empty((len(labels), *digits.images.shape[1:3], 3), np.uint8)
    for channel, digit in enumerate((labels // 100, labels // 10 % 10, labels % 10)):
        chosen = rows[digit, random.integers(0, rows.shape[1], len(labels))]
        images[..., channel] = digits.images[chosen][..., 0]
    return ImageSet(NAME, images, labels, CLASSES, held_out)
