import itertools

import keras
from keras import layers

from ganzoo.architectures.linear import convolution
from ganzoo.architectures.progressive_dcgan import ProgressiveDCGAN
from ganzoo.architectures.scales import HalvedImage, SmallerImage
from ganzoo.architectures.upsampling import UPSAMPLINGS
from ganzoo.errors import InputError


@keras.saving.register_keras_serializable("ganzoo")
class MSG(ProgressiveDCGAN):
    """G gives an image at each size, and D sees all of them: the rival of growth.

    Karnewar and Wang, arXiv:1903.06048. G makes an image of the features of each size; D adds
    the features of each to its own at that size. Real images come to D with their 2 x 2 means
    at each size, fakes with G's own smaller images, so that each block of G learns from D
    without a detour through the larger ones.

    In a schedule each stage has all sizes up to its own from its start, and a fade lets in the
    largest image alone: at alpha 0 G doubles the image of the size before, and D leaves the
    largest one out. `--no-growth` is the paper's training.

    Differences from the paper: an image is the one of the size before, doubled, and a change,
    before tanh (the paper: of features alone), so that each image a person sees has a part of
    every size; D adds features of images where the paper concatenates images or features; the
    blocks, options and latent of `progressive-dcgan`, whose options these are.

    Args:
        latent_size: Length of the latent.
        width: Features at the base resolution.
        normalization: Of the generator: `"batch"`, `"pixel"`, `"layer"` or `"none"`.
        discriminator_normalization: Of D: the same, or `"spectral"`.
        mapping_layers: Dense layers of a mapping network before G.
        categories: Coordinates of the latent that are one choice among so many.
        upsampling: `"transposed"`, `"resize"` or `"sub-pixel"` convolutions.
        minibatch_stddev: Whether D sees how much a batch varies.
        score_width: Features of a dense layer before D's score; 0 for none.
        similarities: Ways in which D compares each sample with the rest of the batch.
        classes: Classes of the images; only `categories` follow.
        channels: Channels of the images.
        base: Resolution of the first stage; any number of at least 4.
        seed: Seed of the initial weights.
        precision: What layers compute in, `"float32"` or `"bfloat16"`; `None`: as Keras's
            global dtype policy says.
    """

    def generator(self, resolution, fade):
        inputs, latents = self.begin(keras.Input((self.latent_size,), name="latents"))
        x, last = {self.smallest: self.start(latents)}, self.feature_size(resolution)
        for size in itertools.takewhile(lambda size: size < last, self._sizes()):
            x[2 * size] = self.up(x[size], 2 * size)
        options = {"data_format": "channels_last", "dtype": "float32"}
        sizes = itertools.takewhile(lambda size: size <= resolution, self._sizes())
        before = None
        for size in sizes:
            change = self._change(x[self.feature_size(size)], size)
            if before is not None:
                before = SmallerImage(dtype="float32", name=f"g_{size // 2}_image")(before)
                doubled = layers.UpSampling2D(2, **options, name=f"g_{size}_doubled")(before)
                change = layers.Add(dtype="float32", name=f"g_{size}_sum")([doubled, change])
            older, before = before, change
        image = self._squashed(before, f"g_{resolution}_tanh")
        if fade is not None:
            old = self._squashed(older, f"g_{resolution // 2}_tanh")
            image = fade(layers.UpSampling2D(2, **options, name="g_old")(old), image)
        return keras.Model(inputs, image, name="generator")

    def _change(self, x, size):
        """Features of `feature_size(size)` to what they add to an image, [N, H, W, C]."""
        make = UPSAMPLINGS[self.upsampling]
        if self.feature_size(size) == size:
            make = convolution
        return make(self, x, self.channels, f"g_{size}_to_image", dtype="float32")

    def _squashed(self, x, name):
        return layers.Activation("tanh", dtype="float32", name=name)(x)

    def _features(self, image, fade, net):
        if image.shape[-1] != self.channels:
            raise InputError(
                "Images come at several sizes here, and this condition adds channels to one of "
                "them. Take another way into D, such as labels:discriminator=projection."
            )
        size = image.shape[1]
        x, features = self.from_image(image, size, net), self.feature_size(size)
        while size > self.smallest:
            size //= 2
            image = HalvedImage(dtype="float32", name=f"{net}_{size}_image")(image)
            own = self.from_image(image, size, net)
            if features > self.feature_size(size):
                x, features = self.down(x, features, net), features // 2
            x = layers.Add(name=f"{net}_{size}_sum")([x, own])
            if fade is not None:  # Of the largest image alone.
                x, fade = fade(own, x), None
        return x
