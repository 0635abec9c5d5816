"""Spectral normalization, the same on every backend."""

import math

import keras
from keras import ops


@keras.saving.register_keras_serializable("ganzoo")
class SpectralNormalization(keras.layers.Layer):
    """A linear layer whose kernel is divided by its largest singular value: W / sigma(W).

    Miyato et al., arXiv:1802.05957, equation 8. W has the kernel's last axis as columns and
    all others as rows, and sigma is |W u|, which is the v^T W u of their algorithm 1 with
    v = W u / |W u|. As the layer is linear, its output is divided in the kernel's place.

    u takes a step of the power iteration in `after_update`, which `GANModel` calls once after
    each update of the discriminator, so that all passes of an update see one function. (Keras's
    own layer changes the kernel itself, in each pass of a training, and has another gradient
    on JAX than elsewhere.)

    Args:
        layer: A dense layer or a convolution without a bias, activation `None`.
        use_bias: Whether a bias is added after the division.
        u_initializer: Of u, a unit vector as soon as it is built.
    """

    joint_batch = True

    def __init__(self, layer, use_bias=True, u_initializer="random_normal", **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.layer = layer
        self.use_bias = use_bias
        self.u_initializer = keras.initializers.get(u_initializer)

    def build(self, shape):
        if not self.layer.built:
            self.layer.build(shape)
        features = self.layer.kernel.shape[-1]
        self.u = self.add_weight(
            shape=(features, 1), initializer=self.u_initializer, trainable=False, name="u"
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(shape=(features,), initializer="zeros", name="bias")
        self.after_update()
        self.built = True

    def call(self, x):
        y = self.layer(x)
        y = y / ops.cast(_norm(ops.matmul(self._matrix(), self.u)), y.dtype)
        return y if self.bias is None else y + ops.cast(self.bias, y.dtype)

    def after_update(self):
        """One step of the power iteration: u to the unit vector along W^T W u."""
        matrix = ops.stop_gradient(self._matrix())
        v = ops.matmul(matrix, self.u)
        u = ops.matmul(ops.transpose(matrix), v / _norm(v))
        self.u.assign(u / _norm(u))

    def _matrix(self):
        kernel = ops.convert_to_tensor(self.layer.kernel)
        return ops.reshape(kernel, (-1, kernel.shape[-1]))

    def flops(self, taken, given):
        """Operations for one image of these shapes, a multiply-add as two."""
        places = math.prod(given[1:-1])
        return 2 * math.prod(self.layer.kernel.shape) * places

    def compute_output_shape(self, shape):
        return self.layer.compute_output_shape(shape)

    def get_config(self):
        return super().get_config() | {
            "layer": keras.saving.serialize_keras_object(self.layer),
            "use_bias": self.use_bias,
            "u_initializer": keras.initializers.serialize(self.u_initializer),
        }

    @classmethod
    def from_config(cls, config):
        return cls(keras.saving.deserialize_keras_object(config.pop("layer")), **config)


def _norm(vector):
    return ops.sqrt(ops.sum(ops.square(vector)) + 1e-12)
