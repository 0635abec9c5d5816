"""Transposed convolution, in a form that is fast where few channels come out, as in images.

TensorFlow's kernel takes 3 to 4 times as long there on a CPU. On 2 cores a step took 18.0 ms
with it and 16.7 so at 28 px, 33.1 and 29.9 at 56 (`non-saturating` with its penalties,
bfloat16, batches of 32); of `wgan-gp` without R1, 15.2 and 15.6 (float32, 16), within noise,
and at 56 px 92.5 and 88.7 (64).

Such a form for the convolution's slope in images, which is the same operation, took another 5
to 10 %. But TensorFlow then adds up a kernel's slopes in another order with old paths than
without, and a run would not go on bit for bit when a fade has ended.
"""

import tensorflow as tf

from ganzoo.backend import strided

# From so many channels on TensorFlow's transpose is as fast.
FEW_CHANNELS = 16


def double(images, kernel):
    """The transpose of `strided.halve`: [N, H, W, C] to [N, 2H, 2W, F].

    Args:
        images: [N, H, W, C].
        kernel: [4, 4, F, C].
    """
    sized = None not in images.shape[1:] and not tf.config.list_physical_devices("GPU")
    few = sized and kernel.shape[2] < FEW_CHANNELS
    return (_double if few else strided.double)(images, tf.convert_to_tensor(kernel))


@tf.custom_gradient
def _double(images, kernel):
    _, h, w, channels = images.shape
    features = kernel.shape[2]
    # The 2 x 2 images around a corner give the 2 x 2 pixels around it.
    corners = tf.reshape(kernel, (2, 2, 2, 2, features, channels))[::-1, :, ::-1]
    corners = tf.transpose(corners, (0, 2, 5, 1, 3, 4))
    corners = tf.reshape(corners, (2, 2, channels, 4 * features))
    blocks = tf.nn.conv2d(images, corners, 1, ((0, 0), (1, 1), (1, 1), (0, 0)))
    blocks = tf.reshape(blocks, (-1, h + 1, w + 1, 2, 2, features))
    blocks = tf.transpose(blocks, (0, 1, 3, 2, 4, 5))
    blocks = tf.reshape(blocks, (-1, 2 * h + 2, 2 * w + 2, features))

    def slopes(slope):
        in_kernel = tf.raw_ops.Conv2DBackpropFilter(
            input=slope,
            filter_sizes=kernel.shape,
            out_backprop=images,
            strides=(1, 2, 2, 1),
            padding="SAME",
        )
        return strided.halve(slope, kernel), in_kernel

    return blocks[:, 1:-1, 1:-1], slopes
