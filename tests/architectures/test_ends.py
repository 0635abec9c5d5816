"""A network that is not what its role promises is one line, as soon as it is built."""

import keras
import pytest
from keras import layers

from ganzoo.architectures.architecture import Architecture
from ganzoo.errors import InputError
from ganzoo.schedule import Stage


class Tiny(Architecture):
    """Each network is a kept dense layer, but for what a case changes."""

    roles = ("generator", "discriminator", "encoder", "denoiser")
    side, units, dtype = 8, 6, "float32"
    make = True  # Whether layers are made by `keep`.

    def dense(self, units, name, **options):
        make = self.keep if self.make else lambda layer, *given, **rest: layer(*given, **rest)
        return make(layers.Dense, units, name=name, **options)

    def generator(self, resolution, fade):
        latents = keras.Input((3,))
        x = self.dense(self.side**2, "g", dtype=self.dtype)(latents)
        to_image = layers.Reshape((self.side, self.side, 1), dtype=self.dtype)
        return keras.Model(latents, to_image(x))

    def discriminator(self, resolution, fade):
        image = keras.Input((self.side, self.side, 1))
        return keras.Model(image, self.dense(1, "d")(layers.Flatten()(image)))

    def encoder(self, resolution, fade):
        image = keras.Input((8, 8, 1))
        return keras.Model(image, self.dense(self.units, "e")(image))

    def denoiser(self, resolution, fade):
        return self.dense(1, "n")


@pytest.mark.parametrize(
    ("role", "change", "message"),
    [
        ("generator", {"side": 4}, "gives [N, 8, 8, 1] here. Received: (None, 4, 4, 1)."),
        ("generator", {"dtype": "float16"}, "gives float16. Make the layer at that end with"),
        (
            "generator",
            {"make": False},
            "The layer 'g' of its generator has weights and was",
        ),
        ("discriminator", {"side": 4}, "takes [N, 8, 8, 1] here. Received: (None, 4, 4, 1)."),
        ("discriminator", {"make": False}, "The layer 'd' of its discriminator has weights"),
        ("encoder", {}, "gives [N, L] here. Received: (None, 8, 8, 6)."),
        ("denoiser", {}, "Its denoiser is a keras.Model. Received: Dense."),
    ],
)
def test_a_network_with_other_ends_is_refused(role, change, message):
    architecture = Tiny(base=8)
    vars(architecture).update(change)
    with pytest.raises(InputError) as caught:
        architecture(Stage(8, 1), (role,))
    assert message in str(caught.value) and "\n" not in str(caught.value)
    assert str(caught.value).startswith("The architecture '")


def test_networks_with_the_right_ends_are_given_in_the_order_that_is_asked_for():
    architecture = Tiny(base=8)
    discriminator, generator, fade = architecture(Stage(8, 1), ("discriminator", "generator"))
    assert generator.output_shape == discriminator.input_shape == (None, 8, 8, 1)
    assert fade is None


def test_a_role_without_its_method_is_refused_when_the_architecture_is_made():
    class Claiming(Tiny):
        roles = ("generator", "translator")

    with pytest.raises(InputError, match="'Claiming' has 'translator' among its `roles`"):
        Claiming(base=8)
