import keras
from keras import layers

from ganzoo.architectures.linear import dense
from ganzoo.architectures.mapping import LEAK
from ganzoo.architectures.progressive_dcgan import ProgressiveDCGAN
from ganzoo.architectures.reconstruction import Code, ReconstructionScore
from ganzoo.architectures.upsampling import KERNELS, UPSAMPLINGS
from ganzoo.variant import check_whole


@keras.saving.register_keras_serializable("ganzoo")
class Autoencoder(ProgressiveDCGAN):
    """A discriminator that reconstructs its image: the score is minus the error.

    Zhao et al., arXiv:1609.03126, section 2.1, and Berthelot et al., arXiv:1703.10717,
    equation 1: D encodes an image to a code and decodes it, and

        D(x) = -E[|decode(encode(x)) - x|^power],  the mean over pixels and channels

    The losses `ebgan` and `began` need such a discriminator; any loss can have it. While it
    grows, the errors at the old and at the new resolution fade into each other.

    Differences from the papers: strided convolutions and the generator of `progressive-dcgan`;
    the decoder is told how alike the codes of a batch are (`similarities`), without which all
    latents came down to one image with either loss within 40 kimg of `unown-original`; the
    papers have a denoising autoencoder or none (arXiv:1609.03126, section 4.1), and a
    generator with the decoder's layers (arXiv:1703.10717, section 3.5).

    Args:
        latent_size: Length of the latent.
        width: Features at the base resolution; they double with each halving of the
            size, and halve with each doubling down to 8.
        normalization: Of the generator: `"batch"`, `"pixel"`, `"layer"` or `"none"`.
        discriminator_normalization: Of D's encoder: the same, or `"spectral"`. Penalties
            refuse `"batch"`.
        mapping_layers: Dense layers of a mapping network before G.
        categories: Coordinates of the latent that are one choice among so many; see
            `progressive-dcgan`.
        upsampling: `"transposed"`, `"resize"` or `"sub-pixel"` convolutions, of G and of D's
            decoder.
        code_size: Length of D's code.
        power: Of a pixel's error: 1 or 2.
        similarities: Ways in which D compares each code with those of the rest of the batch,
            for its decoder; 0 for none.
        classes: Classes of the images; only `categories` follow.
        channels: Channels of the images.
        base: Resolution of the first stage; any number of at least 4.
        seed: Seed of the initial weights.
        precision: What layers compute in, `"float32"` or `"bfloat16"`; `None`: as Keras's
            global dtype policy says.
    """

    autoencoder = True

    def __init__(
        self,
        latent_size=192,
        width=16,
        normalization="pixel",
        discriminator_normalization="none",
        mapping_layers=2,
        categories=None,
        upsampling="transposed",
        code_size=64,
        power=1,
        similarities=16,
        classes=0,
        channels=1,
        base=28,
        seed=0,
        precision=None,
    ):
        super().__init__(
            latent_size=latent_size,
            width=width,
            normalization=normalization,
            discriminator_normalization=discriminator_normalization,
            mapping_layers=mapping_layers,
            categories=categories,
            upsampling=upsampling,
            minibatch_stddev=False,
            score_width=0,
            similarities=similarities,
            classes=classes,
            channels=channels,
            base=base,
            seed=seed,
            precision=precision,
        )
        check_whole(code_size=code_size)
        check_whole(1, 2, power=power)
        self.code_size = code_size
        self.power = power

    def discriminator(self, resolution, fade):
        image = self._image(resolution)
        inputs, seen = self.begin(image)
        code = dense(
            self, self._flat(self._features(seen, fade, "d"), "d"), self.code_size, "d_code"
        )
        code = Code(name="d_code_mark")(code)
        told = self._compared(code) if self.similarities else code
        decoded, size = self._opened(told), self.smallest
        x = {size: decoded}
        while size < self.feature_size(resolution):
            x[2 * size] = self._doubled(x[size], 2 * size)
            size *= 2
        score = self._score(x, image, resolution)
        if fade is not None:
            halve = layers.AveragePooling2D(2, data_format="channels_last", name="d_target")
            score = fade(self._score(x, halve(image), resolution // 2), score)
        return keras.Model(inputs, self.end(code, score), name="discriminator")

    def _opened(self, code):
        """The code as features of the smallest size."""
        size = self.smallest
        name, features = "d_decoded", self.width_at(size)
        x = dense(self, code, size * size * features, name)
        x = layers.Reshape((size, size, features), name=f"{name}_reshape")(x)
        return layers.LeakyReLU(LEAK, name=f"{name}_act")(x)

    def _doubled(self, x, size):
        name = f"d_decoded_{size}"
        x = UPSAMPLINGS[self.upsampling](self, x, self.width_at(size), name)
        return layers.LeakyReLU(LEAK, name=f"{name}_act")(x)

    def _score(self, x, image, resolution):
        name = f"d_{resolution}_to_image"
        made = self.pixels(
            x[self.feature_size(resolution)], resolution, name, UPSAMPLINGS[self.upsampling]
        )
        options = {"dtype": "float32", "name": f"d_{resolution}_score"}
        return ReconstructionScore(self.power, **options)([made, image])

    def least_weights(self, resolution, role):
        if role != "discriminator":
            return super().least_weights(resolution, role)
        flat = self.smallest**2 * self.width_at(self.smallest)
        sides = []
        side = self.smallest
        while 2 * side < resolution:
            side *= 2
            sides.append(side)
        blocks = sum(self.width_at(side) * self.width_at(side // 2) for side in sides)
        return 2 * flat * self.code_size + (16 + KERNELS[self.upsampling]) * blocks

    def get_config(self):
        own = {"code_size": self.code_size, "power": self.power}
        return self.taken(super().get_config()) | own
