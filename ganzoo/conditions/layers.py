"""Layers through which a label enters a network."""

import math

import keras
from keras import ops


@keras.saving.register_keras_serializable("ganzoo")
class Embedding(keras.layers.Layer):
    """A vector for each class: labels int32 [N] to [N, size], or [N, T] to [N, T, size].

    It is a product with one row of ones and zeros a sample, as its gradient is then a matrix
    like those of other layers on every backend. (Keras's own gathers rows, and TensorFlow
    gives a gradient of another kind for that.) A label that is none of the classes gives 0.

    Args:
        classes: How many classes there are.
        size: Length of the vectors.
        initializer: Of the vectors.
    """

    joint_batch = True

    def __init__(self, classes, size, initializer="random_normal", **kwargs):
        # Labels are not rounded to bfloat16, which knows no 257.
        super().__init__(autocast=False, **kwargs)
        self.classes = classes
        self.size = size
        self.initializer = keras.initializers.get(initializer)

    def build(self, shape):
        self.count = math.prod(shape[1:])
        self.kernel = self.add_weight(
            shape=(self.classes, self.size), initializer=self.initializer, name="kernel"
        )
        self.built = True

    def call(self, labels):
        kernel = ops.cast(ops.convert_to_tensor(self.kernel), self.compute_dtype)
        return ops.matmul(one_hot(labels, self.classes, self.compute_dtype), kernel)

    def flops(self, taken, given):
        """Operations for one image of these shapes, a multiply-add as two."""
        return 2 * self.classes * self.size * self.count

    def compute_output_shape(self, shape):
        return (*shape, self.size)

    def get_config(self):
        return super().get_config() | {
            "classes": self.classes,
            "size": self.size,
            "initializer": keras.initializers.serialize(self.initializer),
        }


def one_hot(labels, classes, dtype="float32"):
    """1 where a class is the label, 0 elsewhere: int32 [N, ...] to [N, ..., classes]."""
    # Not `ops.one_hot`, which on PyTorch asks the host whether labels are in range.
    which = ops.arange(classes, dtype="int32")
    return ops.cast(ops.equal(ops.expand_dims(labels, -1), which), dtype)


@keras.saving.register_keras_serializable("ganzoo")
class Modulation(keras.layers.Layer):
    """Scales and shifts features by class: [N, ..., C] and [N, 2C] to [N, ..., C].

    The first half of the vector, plus 1, scales; the other half shifts.
    """

    joint_batch = True

    def call(self, inputs):
        x, vector = inputs
        features = x.shape[-1]
        shape = (-1, *(1,) * (len(x.shape) - 2), features)
        scale = ops.reshape(vector[:, :features], shape)
        shift = ops.reshape(vector[:, features:], shape)
        return x * (1 + scale) + shift

    def compute_output_shape(self, shapes):
        return shapes[0]


@keras.saving.register_keras_serializable("ganzoo")
class Maps(keras.layers.Layer):
    """Appends a vector to each pixel: [N, H, W, C] and [N, E] to [N, H, W, C + E]."""

    joint_batch = True

    def call(self, inputs):
        images, vector = inputs
        height, width = images.shape[1:3]
        maps = ops.repeat(ops.repeat(vector[:, None, None], height, axis=1), width, axis=2)
        return ops.concatenate([images, maps], axis=-1)

    def compute_output_shape(self, shapes):
        images, vector = shapes
        return (*images[:-1], images[-1] + vector[-1])


@keras.saving.register_keras_serializable("ganzoo")
class InnerProduct(keras.layers.Layer):
    """The inner product of two vectors: [N, F] and [N, F] to [N, 1]."""

    joint_batch = True

    def call(self, inputs):
        one, other = inputs
        return ops.sum(one * other, axis=-1, keepdims=True)

    def compute_output_shape(self, shapes):
        return (shapes[0][0], 1)


@keras.saving.register_keras_serializable("ganzoo")
class UnitLength(keras.layers.Layer):
    """Each vector at length 1: [N, size] to [N, size]."""

    joint_batch = True

    def call(self, x):
        return x / ops.sqrt(ops.sum(ops.square(x), axis=-1, keepdims=True) + 1e-12)

    def compute_output_shape(self, shape):
        return shape


@keras.saving.register_keras_serializable("ganzoo")
class Proxies(keras.layers.Layer):
    """Products with a vector of length 1 for each class: [N, size] to [N, classes].

    Args:
        classes: How many classes there are.
        initializer: Of the vectors, before they get their length.
    """

    joint_batch = True

    def __init__(self, classes, initializer="random_normal", **kwargs):
        super().__init__(**kwargs)
        self.classes = classes
        self.initializer = keras.initializers.get(initializer)

    def build(self, shape):
        self.kernel = self.add_weight(
            shape=(self.classes, shape[-1]), initializer=self.initializer, name="kernel"
        )
        self.built = True

    def call(self, x):
        kernel = ops.cast(ops.convert_to_tensor(self.kernel), self.compute_dtype)
        squares = ops.sum(ops.square(kernel), axis=-1, keepdims=True)
        return ops.matmul(x, ops.transpose(kernel / ops.sqrt(squares + 1e-12)))

    def flops(self, taken, given):
        """Operations for one image of these shapes, a multiply-add as two."""
        return 2 * self.classes * self.kernel.shape[-1]

    def compute_output_shape(self, shape):
        return (shape[0], self.classes)

    def get_config(self):
        return super().get_config() | {
            "classes": self.classes,
            "initializer": keras.initializers.serialize(self.initializer),
        }
