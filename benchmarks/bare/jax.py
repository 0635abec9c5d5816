"""WGAN-GP by hand in JAX: a compiled pure function of one step, called from Python."""

import jax
import jax.numpy as jnp
from keras.optimizers import Adam


def make(generator, discriminator, average, images, latent_size):
    """A function of `indices` [steps, n] that trains; see `overhead.py`."""
    images = jnp.asarray(images)
    side = discriminator.input_shape[1]
    factor = images.shape[1] // side
    optimizers = [Adam(1e-3, beta_1=0.0, beta_2=0.99) for _ in range(2)]
    for optimizer, network in zip(optimizers, (generator, discriminator), strict=True):
        optimizer.build(network.trainable_variables)

    def generate(weights, latents):
        return generator.stateless_call(weights, [], latents, training=True)[0]

    def scores(weights, x):
        return discriminator.stateless_call(weights, [], x, training=True)[0]

    def d_loss(weights, real, fake, key):
        mix = jax.random.uniform(key, (len(real), 1, 1, 1))
        gradient = jax.grad(lambda x: scores(weights, x).sum())(fake + mix * (real - fake))
        norm = jnp.sqrt(jnp.square(gradient).sum(axis=(1, 2, 3)) + 1e-12)
        penalty = 10.0 * jnp.square(norm - 1.0).mean()
        return scores(weights, fake).mean() - scores(weights, real).mean() + penalty

    def g_loss(weights, critic, latents):
        return -scores(critic, generate(weights, latents)).mean()

    @jax.jit
    def step(state, images, rows, key):
        g, d, g_state, d_state, mean = state
        keys = jax.random.split(key, 3)
        n = len(rows)
        real = images[rows].astype("float32") / 127.5 - 1.0
        if factor > 1:
            real = real.reshape(n, side, factor, side, factor, -1).mean(axis=(2, 4))
        fake = generate(g, jax.random.normal(keys[0], (n, latent_size)))
        gradients = jax.grad(d_loss)(d, real, fake, keys[1])
        d, d_state = optimizers[1].stateless_apply(d_state, gradients, d)
        gradients = jax.grad(g_loss)(g, d, jax.random.normal(keys[2], (n, latent_size)))
        g, g_state = optimizers[0].stateless_apply(g_state, gradients, g)
        mean = [0.999 * m + 0.001 * w for m, w in zip(mean, g, strict=True)]
        return g, d, g_state, d_state, mean

    state = (
        [v.value for v in generator.trainable_variables],
        [v.value for v in discriminator.trainable_variables],
        [v.value for v in optimizers[0].variables],
        [v.value for v in optimizers[1].variables],
        [v.value for v in average.weights],
    )
    key = jax.random.key(0)

    def run(indices):
        nonlocal state, key
        for rows in jnp.asarray(indices):
            key, now = jax.random.split(key)
            state = step(state, images, rows, now)
        jax.block_until_ready(state)

    return run
