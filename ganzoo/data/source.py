"""Where the images of a named set come from."""

from abc import ABC, abstractmethod

from ganzoo.data.captions import Grammar
from ganzoo.data.image_set import ImageSet


class Source(ABC):
    """A named data set: subclass it in one file of `ganzoo/data/sources/`.

    The file's name is the set's name (`unown_mnist.py` is `unown-mnist`), the
    first line of the docstring is what `ganzoo data list` prints.

    A set that has to be downloaded also has `fetch(url=None, report=print)`, which
    `ganzoo data fetch` calls: it takes an address in place of the set's own, reports a line for
    each file, gives the folder with them, and raises `InputError` if one cannot be had.

    Attributes:
        licence: Terms of the images, which exported generators record: an SPDX identifier
            such as `"CC0-1.0"`, or a sentence.
        grammar: What the captions of its images mean, or `None`.

    Example:

    ```python
    class Noise(Source):
        # Uniform noise, of one class.

        licence = "CC0-1.0"

        def load(self, resolution, per_class=None):
            shape = (per_class or 100, resolution, resolution, 1)
            images = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
            return ImageSet("noise", images, np.zeros(len(images), np.int32))


    assert len(Noise().load(28)) == 100
    ```
    """

    licence = "unknown"
    grammar: Grammar | None = None

    def is_here(self) -> bool:
        """Whether it can be loaded without a network."""
        return not hasattr(self, "fetch")

    @abstractmethod
    def load(self, resolution: int, per_class: int | None = None) -> ImageSet:
        """The set at `resolution` x `resolution` pixels.

        Args:
            resolution: Height and width in pixels.
            per_class: Training images per class; `None` for the set's own number.

        Raises:
            ganzoo.errors.InputError: If the set is not here or cannot be used.
        """
