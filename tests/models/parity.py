"""One step of every kind of model, on the backend of KERAS_BACKEND.

Run by `test_parity.py`: `python parity.py OUT.npz`. NumPy draws what a backend would draw.
"""

import sys

import keras
import numpy as np
from keras import ops
from test_contract import BASE, GROWN, NAMES, batch, make, numpy

from ganzoo.seeds import derive

# A feature within rounding of LeakyReLU's kink has one slope here and another there.
keras.layers.LeakyReLU = lambda slope, name: keras.layers.Activation("silu", name=name)


def drawn(distribution):
    """Numbers that follow from a seed's purpose."""

    def draw(shape, *args, seed, **kwargs):
        seed.calls += 1
        rng = np.random.default_rng(derive(0, seed.purpose, seed.calls))
        numbers = getattr(rng, distribution)(size=tuple(map(int, shape)))
        return ops.convert_to_tensor(numbers.astype("float32"))

    return draw


keras.random.normal, keras.random.uniform = drawn("normal"), drawn("uniform")


def main():
    results = {}
    for name in NAMES:
        _, model = make(
            name,
            BASE,
            GROWN,
            optimizer=lambda: keras.optimizers.SGD(1e-3),
            rng=np.random.default_rng(5),
        )
        model.fade.seen.assign(40.0)
        model.run_eagerly = keras.backend.backend() != "jax"  # Whose shapes are known anyway.
        before = {
            f"{name}/before/{k}": numpy(v.value) for k, v in model.named_weights().items()
        }
        model.train_on_batch(*batch(model, 4))
        after = {f"{name}/after/{k}": numpy(v.value) for k, v in model.named_weights().items()}
        results |= before | after
    np.savez(sys.argv[1], **results)


if __name__ == "__main__":
    main()
