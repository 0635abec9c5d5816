import keras

from ganzoo.conditions.conditioning import DiscriminatorConditioning
from ganzoo.conditions.layers import Maps
from ganzoo.variant import check_whole


@keras.saving.register_keras_serializable("ganzoo")
class Concat(DiscriminatorConditioning):
    """A learned vector of the class beside each pixel of the image.

    Mirza and Osindero, arXiv:1411.1784, equation 2, where the vector is one-hot and the
    network dense.

    Args:
        maps: Length of the vector: so many constant channels are added to the image.
    """

    def __init__(self, maps=8):
        check_whole(maps=maps)
        self.maps = maps

    def begin(self, asked, x):
        make = keras.initializers.RandomNormal
        vector = asked.embedding(self.maps, "d_class", make, stddev=1.0)
        return Maps(dtype="float32", name="d_with_class")([x, vector])

    def get_config(self):
        return {"maps": self.maps}
