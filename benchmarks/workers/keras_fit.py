"""WGAN-GP in Keras's `fit`, in the manner of its guides: a pipeline and a `train_step`.

The networks are ganzoo's, of Keras's own layers; the model, the data and the loop are what one
writes by hand.
"""

import keras
import tensorflow as tf
from keras.optimizers import Adam
from remote import STEPS, options, say, wait

from ganzoo import architectures
from ganzoo.architectures.strided import FIXED, DoublingConv2D, HalvingConv2D
from ganzoo.data.load import load
from ganzoo.schedule import Stage


class WGAN(keras.Model):
    """A generator, a discriminator and the generator's average."""

    def __init__(self, generator, discriminator):
        super().__init__()
        self.generator = generator
        self.discriminator = discriminator
        self.average = keras.models.clone_model(generator)
        self.average.set_weights(generator.get_weights())
        self.latent_size = generator.input_shape[-1]

    def compile(self, g_optimizer, d_optimizer, **keywords):
        super().compile(**keywords)
        self.g_optimizer = g_optimizer
        self.d_optimizer = d_optimizer

    def gradient_penalty(self, real, fake):
        mix = tf.random.uniform((tf.shape(real)[0], 1, 1, 1))
        between = fake + mix * (real - fake)
        with tf.GradientTape() as tape:
            tape.watch(between)
            score = self.discriminator(between, training=True)
        gradient = tape.gradient(score, between)
        norm = tf.sqrt(tf.reduce_sum(tf.square(gradient), axis=[1, 2, 3]) + 1e-12)
        return tf.reduce_mean(tf.square(norm - 1.0))

    def train_step(self, real):
        n = tf.shape(real)[0]
        fake = self.generator(tf.random.normal((n, self.latent_size)), training=True)
        with tf.GradientTape() as tape:
            on_fake = self.discriminator(fake, training=True)
            on_real = self.discriminator(real, training=True)
            wasserstein = tf.reduce_mean(on_fake) - tf.reduce_mean(on_real)
            d_loss = wasserstein + 10.0 * self.gradient_penalty(real, fake)
        variables = self.discriminator.trainable_variables
        self.d_optimizer.apply_gradients(
            zip(tape.gradient(d_loss, variables), variables, strict=True)
        )
        latents = tf.random.normal((n, self.latent_size))
        with tf.GradientTape() as tape:
            score = self.discriminator(self.generator(latents, training=True), training=True)
            g_loss = -tf.reduce_mean(score)
        variables = self.generator.trainable_variables
        self.g_optimizer.apply_gradients(
            zip(tape.gradient(g_loss, variables), variables, strict=True)
        )
        for mean, value in zip(self.average.weights, self.generator.weights, strict=True):
            mean.assign(0.999 * mean + 0.001 * value)
        return {"d_loss": d_loss, "g_loss": g_loss}


KERAS = {HalvingConv2D: keras.layers.Conv2D, DoublingConv2D: keras.layers.Conv2DTranspose}


def own_layers(network):
    """The same network and weights, its convolutions as Keras has them."""

    def same(layer):
        if kind := KERAS.get(type(layer)):
            return kind.from_config(layer.get_config() | FIXED)
        return layer.from_config(layer.get_config())

    found = keras.models.clone_model(network, clone_function=same)
    found.set_weights(network.get_weights())
    return found


class Turns(keras.callbacks.Callback):
    """An epoch for each request."""

    def on_epoch_begin(self, epoch, logs=None):
        wait()

    def on_epoch_end(self, epoch, logs=None):
        say(logs)


def pipeline(px, batch):
    """Batches without end: shuffled, float32 in [-1, 1], fetched ahead."""
    images = load("unown", px).images
    data = tf.data.Dataset.from_tensor_slices(images).shuffle(len(images)).repeat()
    data = data.batch(batch, drop_remainder=True)
    data = data.map(lambda x: tf.cast(x, tf.float32) / 127.5 - 1.0, tf.data.AUTOTUNE)
    return data.prefetch(tf.data.AUTOTUNE)


def main() -> None:
    """One `fit`, of which each epoch waits for its request."""
    parser = options(__doc__)
    parser.add_argument("--xla", choices=("auto", "no"), default="auto", help="Keras's: auto")
    given = parser.parse_args()
    make = architectures.get("progressive-dcgan")
    generator, discriminator, _ = make(Stage(given.px, kimg=1))
    generator, discriminator = own_layers(generator), own_layers(discriminator)
    model = WGAN(generator, discriminator)
    model.compile(
        Adam(1e-3, beta_1=0.0, beta_2=0.99),
        Adam(1e-3, beta_1=0.0, beta_2=0.99),
        jit_compile="auto" if given.xla == "auto" else False,
    )
    say(
        {
            "generator": generator.count_params(),
            "discriminator": discriminator.count_params(),
        }
    )
    model.fit(
        pipeline(given.px, given.batch),
        steps_per_epoch=STEPS,
        epochs=10**6,
        callbacks=[Turns()],
        verbose=0,
    )


if __name__ == "__main__":
    main()
