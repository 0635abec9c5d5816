"""Real images are looked at in pieces, which changes no figure."""

import numpy as np

from ganzoo.data import ImageSet
from ganzoo.metrics import real_images
from ganzoo.metrics.real_images import RealImages


class Rows:
    """A network whose features are the means of rows; it remembers how many images it saw."""

    max_images = 30

    def __init__(self):
        self.calls: list[int] = []

    def of(self, images):
        self.calls.append(len(images))
        return images.mean(axis=(2, 3)), None


def looked_at(data: ImageSet) -> tuple[RealImages, Rows]:
    network = Rows()
    real = RealImages(data, 12, lambda: network)
    _ = real.training, real.held_out
    return real, network


def test_pieces_of_real_images_give_the_same_as_all_at_once(monkeypatch):
    pixels = np.random.default_rng(0).integers(0, 256, (80, 16, 16, 1), np.uint8)
    data = ImageSet("x", pixels, np.arange(80, dtype=np.int32) % 3, ("a", "b", "c"))
    real, network = looked_at(data)
    assert network.calls == [30, 30]
    monkeypatch.setattr(real_images, "AT_ONCE", 13)
    pieces, network = looked_at(data)
    assert network.calls == [13, 13, 4] * 2
    for part in ("training", "held_out"):
        one, other = getattr(real, part), getattr(pieces, part)
        np.testing.assert_array_equal(one.features, other.features)
        np.testing.assert_array_equal(one.energies, other.energies)
    for resolution in (16, 8):
        assert real.steepness(30, resolution) == pieces.steepness(30, resolution)
        np.testing.assert_array_equal(
            real.middles(resolution)[0], pieces.middles(resolution)[0]
        )
    assert len(real.middles(16)[0]) == 60  # Nothing was held out: all may have been seen.
