"""Images of two latents: coarse styles of one, fine styles of another.

Karras et al., arXiv:1812.04948, section 3.1.
"""

import keras
from keras import layers

from ganzoo.errors import InputError
from ganzoo.latent_graph import styles
from ganzoo.networks import alone


def mixed(generator: keras.Model, size: int) -> keras.Model:
    """A generator of two latents.

    Args:
        generator: One whose features styles scale, such as that of `stylegan2`.
        size: Features of fewer pixels along an axis have the style of the first latent,
            others that of the second.

    Returns:
        A model from pairs of latents [N, 2 L], and labels where the generator has them, to
        images.

    Raises:
        ganzoo.errors.InputError: If the generator has no styles, or all of them would be of
            one latent.
    """
    found = styles(generator)
    if not found:
        raise InputError(
            "Styles are mixed where a generator has them, as that of the architecture "
            f"stylegan2 has, and {generator.name!r} has none."
        )
    sizes = sorted({entry.size for entry in found})
    if not sizes[0] < size <= sizes[-1]:
        raise InputError(
            f"Styles part at a size above {sizes[0]} and up to {sizes[-1]} here, of "
            f"{', '.join(map(str, sizes))} px. Received: {size}."
        )
    latents, *others = generator.inputs
    code = found[0].given
    coding = keras.Model(
        alone(generator.inputs), [code, *[entry.made for entry in found]], name="styles"
    )
    drawing = keras.Model([code, *[entry.made for entry in found]], generator.outputs[0])
    length = latents.shape[1]
    both = keras.Input((2 * length,), name="latents")
    labels = [keras.Input(x.shape[1:], dtype=x.dtype, name="labels") for x in others]
    one = Half(0, name="coarse")(both)
    other = Half(1, name="fine")(both)
    coarse, fine = coding(alone([one, *labels])), coding(alone([other, *labels]))
    chosen = [
        of_coarse if entry.size < size else of_fine
        for entry, of_coarse, of_fine in zip(found, coarse[1:], fine[1:], strict=True)
    ]
    return keras.Model(alone([both, *labels]), drawing([coarse[0], *chosen]), name="mixed")


class Half(layers.Layer):
    """The first or the second half of each row, [N, 2 L] to [N, L]."""

    def __init__(self, which: int, **options):
        super().__init__(**options)
        self.which = which

    def call(self, both):
        length = both.shape[1] // 2
        return both[:, self.which * length : (self.which + 1) * length]

    def compute_output_shape(self, shape):
        return (shape[0], shape[1] // 2)
