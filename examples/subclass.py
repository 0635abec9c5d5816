"""A new idea by subclassing `GANModel`: truncated latents, and a reward for varied images.

`step` runs the overrides unchanged on TensorFlow, JAX and PyTorch. Here plain Keras trains it;
with a run folder, growth, resuming and comparisons it trains by, in this folder,

    ganzoo train --model subclass:DiverseGAN
    ganzoo compare --models gan,subclass:DiverseGAN --out results
"""

import keras
from keras import ops
from keras.optimizers import Adam

import ganzoo


class DiverseGAN(ganzoo.GANModel):
    """Latents from a truncated normal, and a generator that is paid for variety."""

    log_names = ("variety",)

    def latents(self, n, seed):
        shape = (n, self.generator.input_shape[-1])
        return keras.random.truncated_normal(shape, seed=seed)

    def generator_loss(self, fake, real):
        loss, logs = super().generator_loss(fake, real)
        # How much the images of a batch differ from each other, pixel by pixel.
        variety = ops.mean(ops.std(fake, axis=0))
        return loss - 0.1 * variety, logs | {"variety": variety}


def main(per_class=500, epochs=2):
    """Train at 28 x 28 and print how varied the images are."""
    images = ganzoo.data.load("unown", resolution=28, per_class=per_class).images
    generator, discriminator, fade = ganzoo.architectures.get("progressive-dcgan")(
        ganzoo.Stage(28, kimg=28)
    )
    model = DiverseGAN(generator, discriminator, "non-saturating", ["r1:gamma=0.1"], fade=fade)
    model.compile(Adam(1e-3, beta_1=0.0, beta_2=0.99), Adam(1e-3, beta_1=0.0, beta_2=0.99))
    history = model.fit(images, batch_size=16, epochs=epochs)
    print("variety by epoch:", [round(v, 3) for v in history.history["variety"]])


if __name__ == "__main__":
    main()
