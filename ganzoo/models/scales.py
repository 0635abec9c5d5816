"""Images at several sizes, of networks that give and take them."""

from typing import Any

import keras
from keras import ops

from ganzoo import networks
from ganzoo.architectures.scales import HalvedImage, SmallerImage
from ganzoo.models.generative_model import upsample


class Scales:
    """A generator that gives smaller images too, and a discriminator that takes them.

    Losses, penalties and passes know one tensor of images. So the images of all sizes are
    packed into one: each is doubled to the largest size, and all stand beside each other in
    its channels, [N, H, W, C * count], the largest first. A gradient at packed images is that
    at the images, with zeros between the pixels of smaller ones.

    Args:
        generator: Functional, with `SmallerImage` layers.
        discriminator: Functional, with as many `HalvedImage` layers.

    Attributes:
        giving: The generator, with the images of all sizes for outputs, the largest first.
        taking: The discriminator, with them for inputs.
        count: How many sizes.
        channels: Channels of an image.
    """

    def __init__(self, generator: keras.Model, discriminator: keras.Model):
        given = [ops.tanh(image) for image in _inside(generator, SmallerImage)]
        taken = _inside(discriminator, HalvedImage)
        image, *others = discriminator.inputs
        outputs = [generator.outputs[0], *given]
        self.giving = keras.Model(networks.alone(generator.inputs), outputs)
        self.taking = keras.Model(
            [image, *taken, *others], networks.alone(discriminator.outputs)
        )
        self.count, self.channels = 1 + len(taken), image.shape[-1]
        self.features = _Features(self)

    @classmethod
    def of(cls, generator: keras.Model, discriminator: keras.Model) -> "Scales | None":
        """The scales of two networks, or `None` where they have one size alone."""
        given, taken = _inside(generator, SmallerImage), _inside(discriminator, HalvedImage)
        if not taken or [t.shape[1:] for t in given] != [t.shape[1:] for t in taken]:
            return None
        return cls(generator, discriminator)

    def generate(self, inputs: Any) -> Any:
        """Packed images of the generator in training."""
        return self.pack(self.giving(inputs, training=True))

    def score(self, inputs: Any) -> Any:
        """What the discriminator gives in training of packed images, or of the largest alone.

        Args:
            inputs: Images, or a list of them and of labels.
        """
        return self.taking(self.inputs(inputs), training=True)

    def inputs(self, inputs: Any) -> list[Any]:
        """The inputs of `taking`."""
        images, *others = inputs if isinstance(inputs, list) else [inputs]
        if images.shape[-1] == self.channels:
            images = self.packed(images)
        return [*self.unpack(images), *others]

    def packed(self, images: Any) -> Any:
        """Images [N, H, W, C] with their means at each smaller size, packed."""
        every = [images]
        for _ in range(self.count - 1):
            every.append(ops.average_pool(every[-1], 2, strides=2, data_format="channels_last"))
        return self.pack(every)

    def pack(self, every: list[Any]) -> Any:
        """Images of all sizes, the largest first, to [N, H, W, C * count]."""
        return ops.concatenate(
            [upsample(images, 2**i) for i, images in enumerate(every)], axis=-1
        )

    def unpack(self, packed: Any) -> list[Any]:
        """The images of `pack`."""
        c = self.channels
        return [packed[:, :: 2**i, :: 2**i, c * i : c * (i + 1)] for i in range(self.count)]


class _Features(networks.Features):
    """Features of packed images."""

    def __init__(self, scales: Scales):
        self.scales = scales

    @property
    def network(self) -> keras.Model:
        return self.scales.taking

    def __call__(self, inputs: Any) -> Any:
        return super().__call__(self.scales.inputs(inputs))


def _inside(network: keras.Model, kind: type[keras.layers.Layer]) -> list[Any]:
    """What layers of a kind give in a network, the largest first."""
    found = [layer.output for layer in network.layers if isinstance(layer, kind)]
    return sorted(found, key=lambda image: -image.shape[1])
