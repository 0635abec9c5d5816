import math

import keras
from keras import layers

from ganzoo.architectures.linear import DEVIATION
from ganzoo.conditions.conditioning import DiscriminatorConditioning
from ganzoo.conditions.layers import InnerProduct


@keras.saving.register_keras_serializable("ganzoo")
class Projection(DiscriminatorConditioning):
    """A score of its own for each class: the features' product with a vector of the class.

    Miyato and Koyama, arXiv:1802.05637, equation 4, added to the score of all classes:

        D(x, y) = v_y . f(x) + w . f(x) + b

    Differences from the paper: the vectors' rate is equalized (Karras et al.,
    arXiv:1710.10196, section 4.1), and they are not divided by their largest singular value.
    """

    def end(self, asked, features, output):
        size = features.shape[-1]
        make = keras.initializers.RandomNormal
        vector = asked.embedding(size, "d_class", make, stddev=DEVIATION)
        scale = math.sqrt(2 / size) / DEVIATION
        options = {"dtype": "float32"}
        x = layers.Rescaling(scale, name="d_class_scale", **options)(features)
        product = InnerProduct(name="d_class_score", **options)([x, vector])
        return layers.Add(name="d_with_class", **options)([output, product])
