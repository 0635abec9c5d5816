"""A choice among categories in the latent."""

import keras
from keras import ops


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
        straight_through: Whether the choice has a gradient by the latents, which is that of
            their softmax (the straight-through estimator: Bengio et al., arXiv:1308.3432).
            An encoder that is to choose needs one. What is made stays the same.
    """

    def __init__(self, count, straight_through=False, **kwargs):
        # In bfloat16 the two largest of 96 are equal in 1.6 % of latents.
        super().__init__(autocast=False, **kwargs)
        self.count = count
        self.straight_through = straight_through

    def call(self, latents, training=False):
        choice = latents[:, : self.count]
        # Not `argmax`: what Keras makes of it in TensorFlow no ONNX or LiteRT runtime knows.
        largest = ops.equal(choice, ops.max(choice, axis=-1, keepdims=True))
        latents = ops.cast(latents, self.compute_dtype)
        # The mean square of the coordinates that it takes the place of.
        chosen = ops.cast(largest, latents.dtype) * self.count**0.5
        if training and self.straight_through:
            soft = ops.softmax(choice) * self.count**0.5
            chosen = chosen + ops.cast(soft - ops.stop_gradient(soft), latents.dtype)  # Plus 0.
        return ops.concatenate([chosen, latents[:, self.count :]], axis=-1)

    def compute_output_shape(self, shape):
        return shape

    def get_config(self):
        own = {"count": self.count, "straight_through": self.straight_through}
        return super().get_config() | own
