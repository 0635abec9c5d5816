"""Directions in which a generator's images change most, found from its weights alone.

Shen and Zhou, arXiv:2007.06600, section 3 (SeFa): with A the first weights that a code z meets,
the unit vectors n for which |A n| is largest are the eigenvectors of A^T A.
"""

from dataclasses import dataclass

import keras
import numpy as np
from keras import ops

from ganzoo.latent_graph import entries
from ganzoo.networks import alone
from ganzoo.samples import asked_for, to_uint8
from ganzoo.variant import check_whole


@dataclass(frozen=True)
class Directions:
    """Directions of a generator's code, those that change most first.

    The code is what a mapping network makes of a latent; without one, the latent.

    Attributes:
        vectors: Of length 1, float64 [K, W].
        eigenvalues: |A n|^2 of each, float64 [K].
        generator: The generator.
    """

    vectors: np.ndarray
    eigenvalues: np.ndarray
    generator: keras.Model

    def walks(
        self,
        latents: np.ndarray,
        distances: np.ndarray,
        labels: np.ndarray | None = None,
        others: np.ndarray | None = None,
    ) -> np.ndarray:
        """Images along each direction from each latent.

        Args:
            latents: float32 [N, L].
            distances: Steps [S] along a direction, in standard deviations that codes have
                along it; 0 is the latent's own image.
            labels: Of a conditional generator, what is asked for, int32 [N] or [N, T]; `None`:
                each class in turn.
            others: Latents whose codes have these deviations; `None`: the same ones.

        Returns:
            uint8 [K, N, S, H, W, C].
        """
        inputs, outputs = self.generator.inputs, self.generator.outputs
        code = entries(self.generator)[0].given
        coding = keras.Model(alone(inputs), code)
        # Without a mapping network the code is the latent, which is put in its place.
        beside = [tensor for tensor in inputs if tensor is not code]
        drawing = keras.Model(alone([code, *beside]), alone(outputs))
        given = self._inputs(latents, labels)
        codes = _numpy(coding(alone(given), training=False)).astype(np.float64)
        spread_of = codes
        if others is not None:
            rows = np.resize(np.arange(len(latents)), len(others))
            some = [others.astype(np.float32), *[each[rows] for each in given[1:]]]
            spread_of = _numpy(coding(alone(some), training=False)).astype(np.float64)
        images = []
        for vector in self.vectors:
            spread = (spread_of @ vector).std()
            for distance in distances:
                moved = (codes + distance * spread * vector).astype(np.float32)
                made = drawing(
                    alone([moved, *given[len(given) - len(beside) :]]), training=False
                )
                images.append(to_uint8(_numpy(made)))
        shape = (len(self.vectors), len(distances), *images[0].shape)
        return np.moveaxis(np.stack(images).reshape(shape), 2, 1)

    def _inputs(self, latents: np.ndarray, labels: np.ndarray | None) -> list[np.ndarray]:
        given = [latents.astype(np.float32)]
        asked = asked_for(self.generator, len(latents), labels)
        return given if asked is None else [*given, asked]


def _numpy(tensor: object) -> np.ndarray:
    return np.asarray(ops.convert_to_numpy(tensor))


def find_directions(generator: keras.Model, count: int) -> Directions:
    """The `count` directions that change a generator's images most.

    Args:
        generator: Model from latents, and labels where it is conditional, to images.
        count: How many; all of a code's length where that is less.

    Raises:
        ganzoo.errors.InputError: If no dense layer has the latent alone for its input.
    """
    check_whole(count=count)
    found = entries(generator)
    kernels = [_numpy(each.layer.kernel) for each in found]
    weights = np.concatenate(kernels, axis=1).astype(np.float64)  # A^T, [W, all features].
    eigenvalues, vectors = np.linalg.eigh(weights @ weights.T)
    order = np.argsort(-eigenvalues, kind="stable")[:count]
    vectors = vectors[:, order].T
    largest = np.take_along_axis(vectors, abs(vectors).argmax(1)[:, None], axis=1)
    return Directions(vectors * np.sign(largest), eigenvalues[order], generator)
