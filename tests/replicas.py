"""Six steps of a grown, fading stage on the devices that share each batch.

Run by `test_devices.py`, in one process or in one for each device:
`python replicas.py FOLDER DEVICES ARCHITECTURE`. Each process writes its rows of the
latents and of the images of the first step; the first one also writes the weights.
"""

import sys
from pathlib import Path

import keras
import numpy as np
from keras import ops

from ganzoo import architectures, backend
from ganzoo.models.gan import GANModel
from ganzoo.schedule import Stage

STEPS, BATCH = 6, 8
# A feature within rounding of LeakyReLU's kink has one slope here and another there.
keras.layers.LeakyReLU = lambda slope, name: keras.layers.Activation("silu", name=name)


def make_model(architecture):
    architecture = architectures.get(f"progressive-dcgan:base=8,width=4,{architecture}")
    architecture(Stage(8, 1))
    generator, discriminator, fade = architecture(Stage(16, 1, fade=0.032))
    penalties = ["r1:gamma=1.0", "r2:gamma=1.0", "lecam:weight=0.1,decay=0.9"]
    model = GANModel(generator, discriminator, "wgan-gp", penalties, fade=fade)
    model.scores_jointly = True
    model.compile(keras.optimizers.SGD(0.01), keras.optimizers.SGD(0.003))
    return model


def shares(model):
    """Each device's rows of the latents and of the images of the first step."""
    latents = model._latents(BATCH, "g_latents")
    return [
        {"latents": part, "fakes": ops.convert_to_numpy(model.generator(part))}
        for part in pieces(latents)
    ]


def pieces(batch):
    """What of `batch` is on each device of this process."""
    if hasattr(batch, "addressable_shards"):
        return [np.asarray(shard.data) for shard in batch.addressable_shards]
    return [ops.convert_to_numpy(batch)]


def main():
    folder, count, architecture = sys.argv[1:]
    backend.use_devices(int(count))
    model = make_model(architecture)
    rank = 0 if backend.is_main_process() else 1
    for i, share in enumerate(shares(model)):
        np.savez(Path(folder) / f"share{rank + i}.npz", **share)
    rng = np.random.default_rng(1)
    images = rng.integers(0, 256, (32, 16, 16, 1)).astype("uint8")
    size = BATCH * model.critic_steps
    rows = rng.integers(0, len(images), (STEPS, size)).astype("int32")
    before = weights(model)
    play = backend.repeat(model, images, STEPS // 2)
    play(rows[: STEPS // 2])
    play(rows[STEPS // 2 :])
    if backend.is_main_process():
        np.savez(Path(folder) / "before.npz", **before)
        np.savez(Path(folder) / "after.npz", **weights(model))


def weights(model):
    variables = model.named_variables().items()
    return {name: np.array(ops.convert_to_numpy(v.value)) for name, v in variables}


if __name__ == "__main__":
    main()
