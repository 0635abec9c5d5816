"""Features of stacked digits: those of each channel's digit, told by one network."""

import hashlib

import numpy as np

from ganzoo.errors import InputError
from ganzoo.metrics.feature_network import FeatureNetwork


class StackedFeatures:
    """The feature network of `stacked-digits`: a `FeatureNetwork` of 1,000 classes.

    Args:
        digits: The feature network of `digits`, which tells ten classes.
        classes: The numbers, hundreds in the first channel.
    """

    kind = "classifier of each channel"
    max_images = 5000  # Each has 1,000 probabilities.

    def __init__(self, digits: FeatureNetwork, classes: tuple[str, ...]):
        self.digits = digits
        self.classes = classes
        self.resolution = digits.resolution

    @property
    def sha256(self) -> str:
        """Checksum of all that the features depend on."""
        return hashlib.sha256(f"stacked {self.digits.sha256}".encode()).hexdigest()

    def of(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
        """Features and class probabilities of images.

        Args:
            images: uint8 [N, S, S, 3]; of gray ones each channel is the same.

        Returns:
            Features float64 [N, 3 F], and the products of the three digits' probabilities,
            float64 [N, 1000].

        Raises:
            InputError: If `images` are not such an array.
        """
        if images.ndim != 4 or images.shape[3] not in (1, 3):
            raise InputError(
                f"Stacked digits are uint8 [N, S, S, 3], not {list(images.shape)}."
            )
        images = np.broadcast_to(images, (*images.shape[:3], 3))
        found = [self.digits.of(images[..., c : c + 1]) for c in range(3)]
        first, second, third = (p for _, p in found)
        assert first is not None and second is not None and third is not None
        pairs = first[:, :, None] * second[:, None]
        numbers = pairs.reshape(len(images), -1, 1) * third[:, None]
        features = np.concatenate([f for f, _ in found], axis=1)
        return features, numbers.reshape(len(images), -1)
