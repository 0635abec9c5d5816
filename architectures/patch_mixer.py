import keras
from keras import layers

from ganzoo.architectures.architecture import MIN_SIDE, Architecture
from ganzoo.architectures.levels import LevelFeatures
from ganzoo.architectures.linear import convolution, dense
from ganzoo.architectures.normalization import normalize
from ganzoo.architectures.patches import FromPatches, ToPatches
from ganzoo.architectures.progressive_dcgan import ProgressiveDCGAN
from ganzoo.architectures.upsampling import transposed
from ganzoo.conditions.layers import Modulation
from ganzoo.variant import check_whole

MAX_DEPTH = 64
MAX_PATCH = 4  # Pixels at the base resolution.
FREQUENCIES = 16
SMALL = 0.01  # Scale of initial weights whose output should begin near 0.


@keras.saving.register_keras_serializable("ganzoo")
class PatchMixer(Architecture):
    """A denoiser on patches, whose blocks see the whole image at once.

    Patches of 4 x 4 pixels become the features of a trunk, 7 x 7 at 28 px. A block has a 3 x 3
    convolution, and beside it two dense layers over the whole trunk: MLP-Mixer's (Tolstikhin
    et al., arXiv:2105.01601), over places and features at once. The noise level scales and
    shifts the features of both, as in Dhariwal and Nichol, arXiv:2105.05233, section 3. At the
    end features return to pixels, and the noisy image is laid beside them once more.

    A further resolution has patches of twice the side on the same trunk. At the end it doubles
    the features of the resolution before, and lays its own noisy image beside them.

    The discriminator is that of `progressive-dcgan`, with a quarter of `width`. One of such
    blocks learned nothing beside R1: where a ground is empty the slope of a normalization is
    steep, and its score became a constant.

    Args:
        width: Features of the trunk. The dense path has a quarter as many at each place and
            eight times as many within; the end has a quarter as many, halved with each
            doubling of the image.
        depth: Blocks.
        channels: Channels of the images.
        base: Resolution of the first stage; any number of at least 4.
        seed: Seed of the initial weights.
        precision: What layers compute in, `"float32"` or `"bfloat16"`; `None`: as Keras's
            global dtype policy says.
    """

    roles = ("denoiser", "discriminator")

    def __init__(self, width=64, depth=4, channels=1, base=28, seed=0, precision=None):
        super().__init__(channels=channels, base=base, seed=seed, precision=precision)
        check_whole(width=width)
        check_whole(1, MAX_DEPTH, depth=depth)
        self.width = width
        self.depth = depth

    @property
    def patch(self):
        """Side of a patch at the base resolution: 4, or less where that does not go evenly."""
        sides = (MAX_PATCH, MAX_PATCH // 2)
        even = (s for s in sides if self.base % s == 0 and self.base // s >= MIN_SIDE)
        return next(even, 1)

    @property
    def trunk(self):
        """Side of the trunk, in places."""
        return self.base // self.patch

    @property
    def mixed(self):
        """Features of a place on the dense path."""
        return max(1, self.width // 4)

    def end_width(self, resolution):
        """Features of the end at an image's own size."""
        return max(4, self.width * self.base // (4 * resolution))

    def denoiser(self, resolution, fade):
        image = keras.Input((resolution, resolution, self.channels), name="image")
        level = keras.Input((), name="level")
        inputs, vector = self.begin(LevelFeatures(FREQUENCIES, name="n_level")(level))
        labels = inputs[1:] if isinstance(inputs, list) else []
        for i in range(2):
            vector = dense(self, vector, self.width, f"n_level_{i}")
            vector = layers.Activation("silu", name=f"n_level_{i}_act")(vector)
        images = self._halved(image)
        x = self._from_image(image)
        if fade is not None:
            x = fade(self._from_image(images[resolution // 2]), x)
        for i in range(self.depth):
            x = self._block(x, vector, f"n_block_{i}")
        x = self._modulated(x, vector, "n_last")
        made = self._end(x, images, vector, fade)
        return keras.Model([image, level, *labels], made, name="denoiser")

    def discriminator(self, resolution, fade):
        other = self.another(ProgressiveDCGAN, width=max(1, self.width // 4))
        return other.discriminator(resolution, fade)

    def _halved(self, image):
        """The image and its box means down to the base resolution, by size."""
        images, size = {image.shape[1]: image}, image.shape[1]
        while size > self.base:
            size //= 2
            options = {"data_format": "channels_last", "dtype": "float32"}
            image = layers.AveragePooling2D(2, name=f"n_{size}_image", **options)(image)
            images[size] = image
        return images

    def _from_image(self, image):
        """An image to features of the trunk."""
        size = image.shape[1]
        x = ToPatches(size // self.trunk, name=f"n_{size}_patches")(image)
        return dense(self, x, self.width, f"n_{size}_from_image")

    def _block(self, x, vector, name):
        y = self._modulated(x, vector, name)
        near = convolution(self, y, self.width, f"{name}_near")
        far = dense(self, y, self.mixed, f"{name}_far")
        far = layers.Flatten(data_format="channels_last", name=f"{name}_flat")(far)
        far = dense(self, far, 8 * self.width, f"{name}_within")
        far = self._scaled(far, vector, f"{name}_within")
        far = layers.Activation("silu", name=f"{name}_within_act")(far)
        far = dense(self, far, self.trunk**2 * self.mixed, f"{name}_back")
        shape = (self.trunk, self.trunk, self.mixed)
        far = layers.Reshape(shape, name=f"{name}_places")(far)
        far = dense(self, far, self.width, f"{name}_out")
        return layers.Add(name=f"{name}_sum")([x, near, far])

    def _modulated(self, x, vector, name):
        """Features normalized, scaled and shifted by the level, and activated."""
        x = normalize(self, x, "layer", name)
        x = self._scaled(x, vector, name)
        return layers.Activation("silu", name=f"{name}_act")(x)

    def _scaled(self, x, vector, name):
        """Features scaled and shifted by what the level gives."""
        name = f"{name}_by_level"
        small = self._small(name)
        vector = dense(self, vector, 2 * x.shape[-1], name, kernel_initializer=small)
        return Modulation(name=f"{name}_scale")([x, vector])

    def _small(self, name):
        make = keras.initializers.VarianceScaling
        return self.initializer(name, make, scale=SMALL, distribution="truncated_normal")

    def _end(self, x, images, vector, fade):
        """Features of the trunk to what is said of each pixel, float32."""
        sizes = sorted(images)
        for size in sizes:
            name, features = f"n_{size}_end", self.end_width(size)
            if size == self.base:
                x = dense(self, x, self.patch**2 * features, f"n_{size}_pixels")
                x = FromPatches(self.patch, name=f"n_{size}_unfolded")(x)
            else:
                old = x
                x = transposed(self, x, features, f"n_{size}_pixels")
            x = layers.Concatenate(name=f"{name}_beside")([x, images[size]])
            x = convolution(self, x, features, name)
            x = self._scaled(x, vector, name)
            x = layers.Activation("silu", name=f"{name}_act")(x)
        made = self._to_image(x, images[sizes[-1]], vector)
        if fade is None:
            return made
        options = {"data_format": "channels_last", "dtype": "float32"}
        half = self._to_image(old, images[sizes[-2]], vector)
        return fade(layers.UpSampling2D(2, name="n_old", **options)(half), made)

    def _to_image(self, x, image, vector):
        name = f"n_{image.shape[1]}_to_image"
        options = {"kernel_initializer": self._small(name), "dtype": "float32"}
        x = convolution(self, x, self.channels, name, **options)
        # On even surfaces noise and image are the noisy image, scaled and shifted.
        name = f"{name}_skip"
        options = {"kernel_initializer": self._small(name), "dtype": "float32"}
        by_level = dense(self, vector, 2 * self.channels, name, **options)
        scaled = Modulation(name=f"{name}_scale", dtype="float32")([image, by_level])
        skip = layers.Subtract(name=f"{name}_begins_at_0", dtype="float32")([scaled, image])
        return layers.Add(name=f"{name}_sum", dtype="float32")([x, skip])

    def least_weights(self, resolution, role):
        if role != "denoiser":
            return 0
        places = self.trunk**2 * self.mixed
        return self.depth * (9 * self.width**2 + 2 * places * 8 * self.width)

    def get_config(self):
        return super().get_config() | {"width": self.width, "depth": self.depth}
