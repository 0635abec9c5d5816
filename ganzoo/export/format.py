"""The interface of a format that a generator is exported to."""

import importlib.util
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganzoo.errors import InputError
from ganzoo.variant import Variant

if TYPE_CHECKING:
    import keras
    import numpy as np

REMEDY = "Run: pip install 'ganzoo[export]'"
SIGNATURE = "serving_default"  # TensorFlow's name for what is called if nobody says what.
METADATA = "ganzoo.json"  # Name of the file with the metadata, in formats that hold files.


class Format(Variant, ABC):
    """A kind of file or folder: subclass it in one file of `ganzoo/export/formats/`.

    In every format the input is called `latents`, float32 [N, L] with any N, and the output
    `images`, float32 [N, H, W, C] in [-1, 1]. A generator with a condition has a second input
    `labels`, int32 [N], or `words`, int32 [N, T].

    The module of a format must not import Keras, nor what it writes or plays with: formats are
    looked through before a backend is chosen.

    Attributes:
        suffix: Ending of the file's name; `""` for a folder.
        title: What the format is called.
        runtime: What plays it.
        exact: Whether the runtime goes by the ending, and takes it in small letters alone.
        backend: The backend that Keras must run on to write it; `None` for any.
        writers: Modules that writing imports.
        players: Modules that playing imports.
        metadata_place: Where in the file the metadata is, for a person.
    """

    suffix: str
    title: str
    runtime: str
    exact: bool = False
    backend: str | None = None
    writers: tuple[str, ...] = ()
    players: tuple[str, ...] = ()
    metadata_place: str

    @abstractmethod
    def write(self, generator: "keras.Model", path: Path, metadata: Mapping[str, Any]) -> None:
        """Write the file, or make the folder.

        Args:
            generator: Model from latents to images, in float32.
            path: The file or folder, which does not exist.
            metadata: What to write beside the network: texts, numbers and lists.
        """

    @abstractmethod
    def play(self, path: Path, inputs: "Mapping[str, np.ndarray]") -> "np.ndarray":
        """The images that the format's own runtime makes of `inputs` with this file.

        Args:
            path: What `write` wrote.
            inputs: `latents`, float32 [N, L]; with a condition `labels`, int32 [N], or
                `words`, int32 [N, T], too.

        Returns:
            float32 [N, H, W, C].
        """

    def check_writers(self) -> None:
        """Raises `InputError` if a module that writing imports is not installed."""
        if missing := _missing(self.writers):
            raise InputError(
                f"{self.title} needs {' and '.join(missing)}, not installed here. {REMEDY}"
            )

    @property
    def playable(self) -> bool:
        """Whether the runtime is installed."""
        return not _missing(self.players)


def _missing(modules: tuple[str, ...]) -> list[str]:
    """Modules among `modules` that are not installed; none is imported."""
    return [m for m in modules if importlib.util.find_spec(m.partition(".")[0]) is None]
