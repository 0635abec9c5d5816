"""What every feature network can do, and those that can be asked for by name."""

from pathlib import Path
from typing import Protocol

import numpy as np

from ganzoo.data.checks import check_regular


class FeatureNetwork(Protocol):
    """Anything that turns images into features.

    Attributes:
        kind: One word for tables, such as `"classifier"`.
        classes: Names of the classes that it knows; empty if none.
        sha256: Checksum of all that its features depend on.
        resolution: Height and width that images are brought to.
        max_images: Training images among which copies are looked for, at most.
    """

    @property
    def kind(self) -> str: ...
    @property
    def classes(self) -> tuple[str, ...]: ...
    @property
    def sha256(self) -> str: ...
    @property
    def resolution(self) -> int: ...
    @property
    def max_images(self) -> int: ...

    def of(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
        """Features float64 [N, F] and probabilities [N, classes] of uint8 images."""
        ...


def feature_network(name: str) -> FeatureNetwork:
    """The network of a name.

    Args:
        name: `"inception"`; the path of its weights, ending in .h5; or of a file that
            `ganzoo data features DATASET --out FILE` made.

    Raises:
        ganzoo.errors.InputError: If it cannot be read or downloaded.
    """
    from ganzoo.metrics.features import Features
    from ganzoo.metrics.inception import Inception

    if name == "inception":
        return Inception()
    check_regular(Path(name), repr(name))
    return Inception(name) if Path(name).suffix == ".h5" else Features.load(name)
