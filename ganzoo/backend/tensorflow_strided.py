"""Strided convolutions, with a form of their transpose that is fast for few channels on a CPU.

TensorFlow has one kernel for the transpose and for a convolution's gradient in its images.
Where few channels come out, as those of images, it takes 3 to 4 times as long as the form here.
On 2 cores a step took 16.1 ms with it and 14.5 without at 28 px, and 94 and 84 at 56
(`wgan-gp`, float32, batches of 16 and 64); 27.4 and 24.2 at 28 px (`non-saturating`, bfloat16,
32).
"""

import tensorflow as tf

from ganzoo.backend import strided

# From so many channels on TensorFlow's transpose is as fast.
FEW_CHANNELS = 16


def halve(images, kernel):
    """The 4 x 4 convolution with stride 2: [N, H, W, C] to [N, H/2, W/2, F], rounded up.

    Args:
        images: [N, H, W, C].
        kernel: [4, 4, C, F].
    """
    fast = _halve if _few(images, kernel) and strided.even(images) else strided.halve
    return fast(images, tf.convert_to_tensor(kernel))


def double(images, kernel):
    """The transpose of `halve`: [N, H, W, C] to [N, 2H, 2W, F].

    Args:
        images: [N, H, W, C].
        kernel: [4, 4, F, C].
    """
    fast = _double if _few(images, kernel) else strided.double
    return fast(images, tf.convert_to_tensor(kernel))


def _few(images, kernel):
    if None in images.shape[1:] or tf.config.list_physical_devices("GPU"):
        return False
    return kernel.shape[2] < FEW_CHANNELS


# Each is linear in both of its arguments, and its gradients are the other two.


def _with_slopes(function):
    """`function` returns its value and its gradients, whose operations get the layer's name.

    TensorFlow adds up gradients in the order of such names, which must not depend on what else
    is in the network.
    """

    @tf.custom_gradient
    def named(first, second):
        names = tf.get_current_name_scope(), f"slopes_of{function.__name__}"
        scope = "/".join(filter(None, names)) + "/"
        value, gradients = function(first, second)

        def under_its_name(upstream):
            with tf.name_scope(scope):
                return gradients(upstream)

        return value, under_its_name

    return named


@_with_slopes
def _halve(images, kernel):
    halved = tf.nn.conv2d(images, kernel, 2, "SAME")
    return halved, lambda upstream: (
        _double(upstream, kernel),
        _kernel_gradient(images, upstream),
    )


@_with_slopes
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
    return blocks[:, 1:-1, 1:-1], lambda upstream: (
        _halve(upstream, kernel),
        _kernel_gradient(upstream, images),
    )


@_with_slopes
def _kernel_gradient(images, halved):
    """The gradient of sum(halve(images, kernel) * halved) in the kernel: [4, 4, C, F]."""
    kernel = tf.raw_ops.Conv2DBackpropFilter(
        input=images,
        filter_sizes=(4, 4, images.shape[3], halved.shape[3]),
        out_backprop=halved,
        strides=(1, 2, 2, 1),
        padding="SAME",
    )
    return kernel, lambda upstream: (_double(halved, upstream), _halve(images, upstream))
