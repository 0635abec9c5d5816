import keras

from ganzoo.conditions.conditioning import GeneratorConditioning
from ganzoo.conditions.layers import Modulation

DEVIATION = 0.1  # Of the initial scales and shifts.


@keras.saving.register_keras_serializable("ganzoo")
class Normalization(GeneratorConditioning):
    """A scale and a shift of each class for each feature, after each normalization.

    Dumoulin et al., arXiv:1610.07629, section 2.2, in GANs Miyato and Koyama,
    arXiv:1802.05637, section 4. The paper normalizes over the batch or the image; here the
    scale and the shift follow whatever normalization the generator has. They begin near 1 and
    0, so that the classes begin nearly alike.
    """

    def normalized(self, asked, x, name):
        make, size = keras.initializers.RandomNormal, 2 * x.shape[-1]
        vector = asked.embedding(size, f"{name}_class", make, stddev=DEVIATION)
        return Modulation(name=f"{name}_modulation")([x, vector])
