"""Five steps of WGAN-GP in a grown, fading 56 px stage, on the backend of KERAS_BACKEND.

Run by `test_backends.py`: `python parity.py OUT.npz`. What a backend would draw itself
is made by NumPy here: initial weights, latents and the penalty's mixes.
"""

import sys

import keras
import numpy as np
from keras import ops

from ganzoo import architectures, backend
from ganzoo.models.gan import GANModel
from ganzoo.schedule import Stage

STEPS, BATCH, LATENT = 5, 6, 8
# Adam takes full steps for a gradient of rounding errors, which is what batch
# normalization leaves the biases before it; so it is tried with pixel normalization, and
# with an epsilon above rounding.
CASES = {
    "sgd": ("batch", lambda: keras.optimizers.SGD(0.01)),
    "adam": ("pixel", lambda: keras.optimizers.Adam(1e-3, 0.5, 0.99, epsilon=1e-5)),
}
rng = np.random.default_rng(1)
# A feature within rounding of LeakyReLU's kink has one slope here and another there, and
# the weights part by 1e-4. A smooth activation leaves everything else to be compared.
keras.layers.LeakyReLU = lambda slope, name: keras.layers.Activation("silu", name=name)


def fixed(*shape, draw=rng.standard_normal):
    return ops.convert_to_tensor(draw((STEPS, *shape)).astype("float32"))


MIXES = fixed(BATCH, 1, 1, 1, draw=rng.random)
LATENTS = {purpose: fixed(BATCH, LATENT) for purpose in ("d_latents_0", "g_latents")}
IMAGES = rng.integers(0, 256, (12, 56, 56, 1)).astype("uint8")
ROWS = rng.integers(0, len(IMAGES), (STEPS, BATCH)).astype("int32")


def at(values, step):
    return ops.take(values, ops.convert_to_tensor(step), axis=0)


# `seed` is a `StepSeed`: it says what the numbers are for, and the step.
keras.random.uniform = lambda shape, dtype, seed: at(MIXES, seed.step)
keras.random.normal = lambda shape, seed: at(LATENTS[seed.purpose], seed.step)


def weights(model):
    networks = {"g": model.generator, "d": model.discriminator, "ema": model.ema_generator}
    return {
        f"{part}/{v.path}": np.array(ops.convert_to_numpy(v.value))
        for part, network in networks.items()
        for v in network.variables
    }


def play(normalization, optimizer):
    """The weights before and after, by name."""
    architecture = architectures.get(
        "progressive-dcgan:base=28,width=4",
        {"latent_size": LATENT, "normalization": normalization},
    )
    architecture(Stage(28, 1))
    # The fade goes from 0 over 0.4 to 1 and on.
    generator, discriminator, fade = architecture(Stage(56, 1, fade=0.015))
    # A draw in which every kernel moves far. With others (2, 6) Adam takes some full steps
    # for gradients of rounding errors, and the backends part by up to 6 tolerances.
    draw = np.random.default_rng(7)
    for network in (generator, discriminator):
        for variable in network.trainable_variables:
            shape = variable.shape
            scale = (2 / np.prod(shape[:-1])) ** 0.5 if len(shape) > 1 else 0.05
            start = float(variable.path.endswith("gamma"))
            variable.assign((start + draw.normal(0, scale, shape)).astype("float32"))
    model = GANModel(generator, discriminator, "wgan-gp", fade=fade)
    model.compile(optimizer(), optimizer())
    before = weights(model)
    backend.repeat(model, IMAGES, STEPS)(ROWS)
    assert float(fade.seen) == STEPS * BATCH
    return before, weights(model)


def main():
    results = {}
    for name, case in CASES.items():
        for when, arrays in zip(("before", "after"), play(*case), strict=True):
            results |= {f"{name}/{when}/{key}": array for key, array in arrays.items()}
    np.savez(sys.argv[1], **results)


if __name__ == "__main__":
    main()
