"""A GAN in plain Keras: `compile`, `fit`, `predict`; no run folder, no command line."""

import keras
import numpy as np
from keras.optimizers import Adam

import ganzoo
from ganzoo.data.sheet import save_png, sheet
from ganzoo.samples import to_uint8


def main(per_class=500, epochs=3, out="plain_keras.png"):
    """Train WGAN-GP at 28 x 28 and save a sheet of samples."""
    images = ganzoo.data.load("unown", resolution=28, per_class=per_class).images
    architecture = ganzoo.architectures.get("progressive-dcgan:width=16")
    generator, discriminator, fade = architecture(ganzoo.Stage(28, kimg=42))

    model = ganzoo.GANModel(generator, discriminator, loss="wgan-gp", fade=fade)
    model.compile(Adam(1e-3, beta_1=0.0, beta_2=0.99), Adam(1e-3, beta_1=0.0, beta_2=0.99))
    history = model.fit(
        images, batch_size=16, epochs=epochs, callbacks=[keras.callbacks.TerminateOnNaN()]
    )

    latents = np.random.default_rng(0).standard_normal(
        (28, architecture.latent_size), "float32"
    )
    save_png(sheet(to_uint8(model.predict(latents, verbose=0)), columns=7), out)
    print(f"Last d_loss {history.history['d_loss'][-1]:.3f}; samples in {out}")


if __name__ == "__main__":
    main()
