"""A training small enough to run many times."""

import numpy as np
import pytest


@pytest.fixture(scope="session")
def blobs(tmp_path_factory):
    """48 images of 16 x 16 in 3 classes, as an .npz file."""
    rng = np.random.default_rng(0)
    images = np.zeros((48, 16, 16), np.uint8)
    labels = np.arange(48) % 3
    for image, label in zip(images, labels, strict=True):
        top, left = rng.integers(0, 6, 2)
        image[top : top + 4 + 3 * label, left : left + 10 - 3 * label] = 255
    path = tmp_path_factory.mktemp("data") / "blobs.npz"
    np.savez(path, images=images, labels=labels)
    return path


@pytest.fixture(scope="session")
def settings(blobs):
    """Keywords of a `Trainer`: 24 steps of 8 images, growing 8 to 16 px."""
    return {
        "data": str(blobs),
        "loss": "wgan-gp",
        "architecture": "progressive-dcgan:width=8,latent_size=8,normalization=batch",
        "schedule": "8:0.096,16:0.096:0.048",
        "batch": 8,
        "tick": 0.032,
        "snap": 0.048,
        "seed": 3,
    }
