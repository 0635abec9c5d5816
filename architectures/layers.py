"""Layers that families share and Keras does not have."""

import keras
from keras import ops

from ganzoo.joint_batch import by_batch


@keras.saving.register_keras_serializable("ganzoo")
class PixelNormalization(keras.layers.Layer):
    """Scales the features of each pixel, or of each latent, to a mean square of 1.

    Karras et al., arXiv:1710.10196, section 4.2. Shapes stay as they are.
    """

    joint_batch = True

    def call(self, x):
        x32 = ops.cast(x, "float32")
        mean_square = ops.mean(ops.square(x32), axis=-1, keepdims=True)
        return ops.cast(x32 * ops.rsqrt(mean_square + 1e-8), x.dtype)

    def compute_output_shape(self, shape):
        return shape


@keras.saving.register_keras_serializable("ganzoo")
class MinibatchStddev(keras.layers.Layer):
    """Appends one feature map: how much the samples of the batch differ.

    Karras et al., arXiv:1710.10196, section 3: the standard deviation over the batch
    of each feature at each place, averaged to one value. [N, H, W, C] to
    [N, H, W, C + 1].
    """

    joint_batch = True

    def call(self, x):
        batches = by_batch(ops.cast(x, "float32"))
        spread = ops.sqrt(ops.var(batches, axis=0, keepdims=True) + 1e-8)
        one = ops.cast(ops.mean(spread, axis=(2, 3, 4), keepdims=True), x.dtype)
        one = ops.broadcast_to(one, (*ops.shape(batches)[:-1], 1))
        return ops.concatenate([x, ops.reshape(one, (*ops.shape(x)[:-1], 1))], axis=-1)

    def compute_output_shape(self, shape):
        return (*shape[:-1], shape[-1] + 1)


@keras.saving.register_keras_serializable("ganzoo")
class Similarity(keras.layers.Layer):
    """How close each sample of the batch is to the others: [N, count * size] to [N, count].

    Minibatch discrimination of Salimans et al., arXiv:1606.03498, section 3.2, after its
    product with the tensor T, which is a dense layer before this one: the sum over the
    other samples of exp(-d), where d is the L1 distance of `size` features. A sample with a
    twin shows, as it does not in the batch's standard deviation.

    Args:
        count: Similarities, each of `size` features.
    """

    joint_batch = True

    def __init__(self, count, **kwargs):
        super().__init__(**kwargs)
        self.count = count

    def call(self, x):
        features = (self.count, x.shape[-1] // self.count)
        x32 = by_batch(ops.reshape(ops.cast(x, "float32"), (-1, *features)))
        distance = ops.sum(ops.abs(x32[:, None] - x32[None]), axis=-1)
        with_itself = ops.sum(ops.exp(-distance), axis=1)
        return ops.cast(ops.reshape(with_itself - 1.0, (-1, self.count)), x.dtype)

    def compute_output_shape(self, shape):
        return (shape[0], self.count)

    def get_config(self):
        return super().get_config() | {"count": self.count}


@keras.saving.register_keras_serializable("ganzoo")
class DepthToSpace(keras.layers.Layer):
    """Rearranges four channels into 2 x 2 pixels: [N, H, W, 4C] to [N, 2H, 2W, C].

    Shi et al., arXiv:1609.05158, section 3.2.
    """

    joint_batch = True

    def call(self, x):
        return ops.depth_to_space(x, 2, data_format="channels_last")

    def compute_output_shape(self, shape):
        n, h, w, c = shape
        return (n, 2 * h, 2 * w, c // 4)


@keras.saving.register_keras_serializable("ganzoo")
class Categories(keras.layers.Layer):
    """Turns the first coordinates of a latent into a one-hot choice: [N, L] to [N, L].

    The largest of the first `count` becomes sqrt(count), the others 0. Each of them is the
    largest equally often, as they are drawn alike, so the choice is uniform, and what draws
    or interpolates latents need not know of it. Two that are equal are chosen both, which in
    float32 hardly ever happens. A generator of separate forms can then give each its own
    inputs, where a continuous latent must pass through what lies between them (a categorical
    code, as in Chen et al., arXiv:1606.03657, section 4, without the term for mutual
    information).

    Args:
        count: Categories, at most L.
    """

    def __init__(self, count, **kwargs):
        # In bfloat16 the two largest of 96 are equal in 1.6 % of latents.
        super().__init__(autocast=False, **kwargs)
        self.count = count

    def call(self, latents):
        choice = latents[:, : self.count]
        # Not `argmax`: what Keras makes of it in TensorFlow no ONNX or LiteRT runtime knows.
        largest = ops.equal(choice, ops.max(choice, axis=-1, keepdims=True))
        latents = ops.cast(latents, self.compute_dtype)
        # The mean square of the coordinates that it takes the place of.
        chosen = ops.cast(largest, latents.dtype) * self.count**0.5
        return ops.concatenate([chosen, latents[:, self.count :]], axis=-1)

    def compute_output_shape(self, shape):
        return shape

    def get_config(self):
        return super().get_config() | {"count": self.count}
