"""Images as patches: each a place of a coarser grid, with its pixels as features."""

import keras
from keras import ops


@keras.saving.register_keras_serializable("ganzoo")
class ToPatches(keras.layers.Layer):
    """[N, H, W, C] to [N, H / P, W / P, P * P * C].

    Args:
        patch: Side of a patch, P.
    """

    joint_batch = True

    def __init__(self, patch, **kwargs):
        super().__init__(**kwargs)
        self.patch = patch

    def call(self, x):
        _, h, w, c = self.compute_output_shape(x.shape)
        side = self.patch
        x = ops.reshape(x, (-1, h, side, w, side, x.shape[-1]))
        return ops.reshape(ops.transpose(x, (0, 1, 3, 2, 4, 5)), (-1, h, w, c))

    def compute_output_shape(self, shape):
        n, h, w, c = shape
        return (n, h // self.patch, w // self.patch, self.patch**2 * c)

    def get_config(self):
        return super().get_config() | {"patch": self.patch}


@keras.saving.register_keras_serializable("ganzoo")
class FromPatches(keras.layers.Layer):
    """The inverse of `ToPatches`: [N, H, W, P * P * C] to [N, H * P, W * P, C].

    Args:
        patch: Side of a patch, P.
    """

    joint_batch = True

    def __init__(self, patch, **kwargs):
        super().__init__(**kwargs)
        self.patch = patch

    def call(self, x):
        _, h, w, c = self.compute_output_shape(x.shape)
        side, (height, width) = self.patch, x.shape[1:3]
        x = ops.reshape(x, (-1, height, width, side, side, c))
        return ops.reshape(ops.transpose(x, (0, 1, 3, 2, 4, 5)), (-1, h, w, c))

    def compute_output_shape(self, shape):
        n, h, w, c = shape
        return (n, h * self.patch, w * self.patch, c // self.patch**2)

    def get_config(self):
        return super().get_config() | {"patch": self.patch}
