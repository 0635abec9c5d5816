import math

import keras
from keras import layers, ops

from ganzoo.architectures.linear import convolution
from ganzoo.architectures.resnet import ResNet


@keras.saving.register_keras_serializable("ganzoo")
class UNet(ResNet):
    """A discriminator that judges the image as a whole and each of its places.

    Schönfeld et al., arXiv:2002.12655, section 3.1: D is a U-Net, whose encoder ends in one
    score for the image, and whose decoder, with skips from the encoder, ends in a score for
    each place. Half of D's logits repeat the image's score, the other half are those of the
    places, so that the mean over all of them is the mean of the paper's two losses.

    Differences from the paper: the decoder ends at half of the base resolution (14 x 14 for 28
    px), so that scores stay the same ones while images grow; no CutMix consistency; the blocks,
    widths, generator and growth of `resnet`.

    Args:
        latent_size: Length of the latent.
        width: Features at the base resolution; they double with each halving of the size, and
            halve with each doubling down to 8.
        normalization: Of the generator: `"batch"`, `"pixel"`, `"layer"` or `"none"`.
        discriminator_normalization: `"spectral"` or `"none"`.
        channels: Channels of the images.
        base: Resolution of the first stage; any number of at least 4.
        seed: Seed of the initial weights.
        precision: What layers compute in, `"float32"` or `"bfloat16"`; `None`: as Keras's
            global dtype policy says.
    """

    def discriminator(self, resolution, fade):
        self._skips = {}  # Features on the way down, by size.
        return super().discriminator(resolution, fade)

    def down(self, x, size, net):
        if net == "d":
            self._skips[size] = x
        return super().down(x, size, net)

    def score(self, x):
        whole, *others = keras.tree.flatten(super().score(x))
        size = self.smallest
        while size < self.base // 2:
            size *= 2
            name, features = f"d_{size}_back", self.width_at(size)
            x = layers.UpSampling2D(2, data_format="channels_last", name=f"{name}_doubled")(x)
            x = layers.Concatenate(name=f"{name}_skip")([x, self._skips[size]])
            x = layers.ReLU(name=f"{name}_act")(x)
            x = convolution(self, x, features, name, spectral=self.spectral)
        x = layers.ReLU(name="d_places_act")(x)
        x = convolution(self, x, self.logits, "d_places", 1, self.spectral, dtype="float32")
        scores = Scores(dtype="float32", name="d_scores")([whole, x])
        return [scores, *others] if others else scores


@keras.saving.register_keras_serializable("ganzoo")
class Scores(keras.layers.Layer):
    """The image's logits as often as it has places, and theirs.

    [N, L] and [N, H, W, L] to [N, 2 H W L].
    """

    joint_batch = True

    def call(self, inputs):
        whole, places = inputs
        whole = ops.broadcast_to(whole[:, None, None], ops.shape(places))
        flat = (ops.shape(places)[0], math.prod(places.shape[1:]))
        return ops.concatenate([ops.reshape(x, flat) for x in (whole, places)], axis=-1)

    def compute_output_shape(self, shapes):
        whole, places = shapes
        return (whole[0], 2 * math.prod(places[1:]))
