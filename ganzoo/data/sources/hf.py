import io
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any

from ganzoo.data.encoded_images import EncodedImage, from_encoded_images
from ganzoo.data.folder import read_file
from ganzoo.data.image_set import ImageSet
from ganzoo.data.messages import listed, printable
from ganzoo.data.request import Request
from ganzoo.data.source import Source
from ganzoo.errors import InputError, first_line

PLAIN = ("label", "labels", "class")  # Columns of numbers or texts that are taken for labels.
HELD_OUT = ("test", "validation", "valid", "val", "dev")
NO_LABEL = -1  # What such sets give where labels are kept back.


class HuggingFace(Source):
    """Any image data set of the Hugging Face Hub, or a folder in its format: hf:NAME.

    Such as `hf:ylecun/mnist`. The package `datasets` reads it: pip install "ganzoo[datasets]".
    The Hub's copy is downloaded once, into the cache of that package.

    Args:
        name: Of the data set, or the path of a folder of parquet, image or other files as
            `datasets.load_dataset` takes one.
        image: The column of images; `None` where there is one alone.
        label: The column of classes; `None`: the one column of classes, or none.
        config: Which of several configurations.
        split: The split to train on.
        held_out: The split to measure against; `None`: test or validation, if there is one.

    Example:

    ```
    ganzoo train --data hf:ylecun/mnist --schedule 28:100
    ganzoo train --data hf:uoft-cs/cifar100,label=coarse_label --schedule 32:200
    ```
    """

    licence = "see the data set's page on the Hugging Face Hub"

    def __init__(
        self,
        name: str | None = None,
        image: str | None = None,
        label: str | None = None,
        config: str | None = None,
        split: str = "train",
        held_out: str | None = None,
    ):
        self.name = None if name is None else str(name)
        self.image, self.label, self.config = image, label, config
        self.split, self.held_out = split, held_out

    def load(self, resolution: int, per_class: int | None = None) -> ImageSet:
        """See `Source.load`; all images of the split by default."""
        if not self.name:
            raise InputError("Which data set of the Hub? Say hf:NAME, such as hf:ylecun/mnist.")
        splits = self._splits()
        training = self._split(splits, self.split)
        image = self._image_column(training)
        label = self._label_column(training, image)
        names = _class_names(training, label)
        files = [*_rows(training, self.split, image, label, names)]
        other = self.held_out or next(
            (s for s in HELD_OUT if s in splits and s != self.split), None
        )
        held_out = []
        if other is not None:
            held_out = [*_rows(self._split(splits, other), other, image, label, names)]
        return from_encoded_images(
            files,
            Path(self.name).name,
            self.name,
            Request(resolution, per_class),
            held_out,
            order=names.index if names else str,
        )

    def _splits(self) -> Any:
        """The data set's splits by name, images not decoded."""
        try:
            import datasets
        except ImportError as error:
            raise InputError(
                f"hf:{self.name} needs the package datasets. "
                'Run: pip install "ganzoo[datasets]"'
            ) from error
        try:
            return datasets.load_dataset(self.name, self.config)
        except Exception as error:  # Whatever that package, its readers or the network raise.
            raise InputError(
                f"The data set {self.name!r} cannot be loaded: {printable(first_line(error))}"
            ) from error

    def _split(self, splits: Any, name: str) -> Any:
        if name not in splits:
            raise InputError(
                f"{self.name} has no split {name!r}. It has {listed([*splits])}: say "
                f"hf:{self.name},split=NAME."
            )
        return splits[name]

    def _image_column(self, split: Any) -> str:
        import datasets

        found = [k for k, kind in split.features.items() if isinstance(kind, datasets.Image)]
        if self.image is not None and self.image in found:
            return self.image
        if len(found) == 1 and self.image is None:
            return found[0]
        columns = f"Its columns: {listed([*split.features])}."
        if not found:
            raise InputError(f"{self.name} has no column of images. {columns}")
        wrong = "several columns of images"
        if self.image is not None:
            wrong = f"no column of images {self.image!r}"
        raise InputError(
            f"{self.name} has {wrong}. Say one of {listed(found)}: "
            f"hf:{self.name},image={found[0]}."
        )

    def _label_column(self, split: Any, image: str) -> str | None:
        import datasets

        others = [key for key in split.features if key != image]
        if self.label is not None:
            if self.label not in others:
                raise InputError(
                    f"{self.name} has no column {self.label!r} of labels. Its columns: "
                    f"{listed([*split.features])}."
                )
            return self.label
        of_classes = [k for k in others if isinstance(split.features[k], datasets.ClassLabel)]
        found = of_classes or [key for key in PLAIN if key in others]
        if len(found) > 1:
            raise InputError(
                f"{self.name} has several columns of classes: {listed(found)}. Say "
                f"hf:{self.name},label={found[0]}."
            )
        return found[0] if found else None


def _class_names(split: Any, label: str | None) -> list[str]:
    """Names of the classes in their order; none without a column of them."""
    if label is None:
        return []
    names = getattr(split.features[label], "names", None)
    if names is not None:
        return list(names)
    values = set(split.unique(label))
    if strange := [v for v in values if not isinstance(v, int | str)]:
        raise InputError(
            f"The column {label!r} holds {printable(repr(strange[0]), 40)}; labels are whole "
            "numbers or texts. Name another: label=NAME."
        )
    if len({isinstance(value, str) for value in values}) > 1:
        return sorted(map(str, values))
    return list(map(str, sorted(values)))


def _rows(
    split: Any, name: str, image: str, label: str | None, names: list[str]
) -> Iterator[EncodedImage]:
    """The images of a split, without rows whose label is kept back."""
    import datasets

    split = split.cast_column(image, datasets.Image(decode=False))
    numbered = label is not None and hasattr(split.features[label], "names")
    values: list[Any] = [None] * len(split) if label is None else list(split[label])
    for row, value in enumerate(values):
        if numbered and value in (None, NO_LABEL):
            continue
        group = "" if label is None else names[value] if numbered else str(value)
        shown = f"{name}: row {row:09d}"
        yield EncodedImage(group, shown, partial(_opened, split, row, image), _stamp)


def _opened(split: Any, row: int, image: str, name: str) -> IO[bytes]:
    found = split[row][image]
    if found is None:
        raise InputError(f"{name} has no image.")
    if found["bytes"] is None:
        return read_file(found["path"])
    return io.BytesIO(found["bytes"])


def _stamp(name: str) -> tuple[int, ...]:
    return ()  # Sets with a name are read anew each time.
