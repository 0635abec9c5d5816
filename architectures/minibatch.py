"""Layers that compare the samples of a batch."""

import keras
from keras import ops

from ganzoo.joint_batch import by_batch


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
