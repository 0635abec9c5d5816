"""WGAN-GP by hand in TensorFlow: a graph of one step, called from Python."""

import tensorflow as tf
from keras.optimizers import Adam


def make(generator, discriminator, average, images, latent_size):
    """A function of `indices` [steps, n] that trains; see `overhead.py`."""
    images = tf.constant(images)
    side = discriminator.input_shape[1]
    factor = images.shape[1] // side
    optimizers = [Adam(1e-3, beta_1=0.0, beta_2=0.99) for _ in range(2)]
    for optimizer, network in zip(optimizers, (generator, discriminator), strict=True):
        optimizer.build(network.trainable_variables)

    @tf.function
    def step(rows):
        n = tf.shape(rows)[0]
        real = tf.cast(tf.gather(images, rows), tf.float32) / 127.5 - 1.0
        if factor > 1:
            real = tf.nn.avg_pool2d(real, factor, factor, "VALID")
        fake = generator(tf.random.normal((n, latent_size)), training=True)
        with tf.GradientTape() as tape:
            on_fake = tf.reduce_mean(discriminator(fake, training=True))
            on_real = tf.reduce_mean(discriminator(real, training=True))
            between = fake + tf.random.uniform((n, 1, 1, 1)) * (real - fake)
            with tf.GradientTape() as inner:
                inner.watch(between)
                score = discriminator(between, training=True)
            gradient = inner.gradient(score, between)
            norm = tf.sqrt(tf.reduce_sum(tf.square(gradient), axis=[1, 2, 3]) + 1e-12)
            loss = on_fake - on_real + 10.0 * tf.reduce_mean(tf.square(norm - 1.0))
        variables = discriminator.trainable_variables
        optimizers[1].apply(tape.gradient(loss, variables), variables)
        latents = tf.random.normal((n, latent_size))
        with tf.GradientTape() as tape:
            score = discriminator(generator(latents, training=True), training=True)
            loss = -tf.reduce_mean(score)
        variables = generator.trainable_variables
        optimizers[0].apply(tape.gradient(loss, variables), variables)
        for mean, value in zip(average.weights, generator.weights, strict=True):
            mean.assign(0.999 * mean + 0.001 * value)

    def run(indices):
        for rows in tf.constant(indices):
            step(rows)
        generator.weights[0].numpy()

    return run
