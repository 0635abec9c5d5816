import keras
from keras import layers

from ganzoo.conditions.conditioning import GeneratorConditioning
from ganzoo.variant import check_whole


@keras.saving.register_keras_serializable("ganzoo")
class Latent(GeneratorConditioning):
    """A learned vector of the class beside the latent.

    Mirza and Osindero, arXiv:1411.1784, section 3.2, where the vector is one-hot.

    Args:
        size: Length of the vector. Its numbers begin as those of the latent do.
    """

    def __init__(self, size=64):
        check_whole(size=size)
        self.size = size

    def begin(self, asked, x):
        make = keras.initializers.RandomNormal
        vector = asked.embedding(self.size, "g_class", make, stddev=1.0)
        return layers.Concatenate(name="g_with_class")([x, vector])

    def get_config(self):
        return {"size": self.size}
