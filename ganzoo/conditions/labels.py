import keras
from keras import ops

from ganzoo.conditions.checks import check_labels_shape
from ganzoo.conditions.condition import Condition
from ganzoo.conditions.discriminators import registry as discriminators
from ganzoo.conditions.generators import registry as generators
from ganzoo.variant import check_whole


@keras.saving.register_keras_serializable("ganzoo")
class Labels(Condition):
    """A class: the generator makes an image of the class that it is asked for.

    Mirza and Osindero, arXiv:1411.1784. Networks have labels, int32 [N] from 0 to
    `classes` - 1, as a second input.

    Args:
        classes: How many classes the images have.
        discriminator: How the discriminator learns of them: one of
            `ganzoo.conditions.discriminators`.
        generator: How the generator does: one of `ganzoo.conditions.generators`.

    Example:

    ```python
    architecture = ganzoo.architectures.get("progressive-dcgan:width=4,base=14")
    architecture.condition = ganzoo.conditions.get("labels:classes=10")
    generator, discriminator, _ = architecture(ganzoo.Stage(14, kimg=1))
    model = ganzoo.GANModel(generator, discriminator, condition=architecture.condition)
    model.compile(Adam(1e-3), Adam(1e-3))
    model.fit(images, labels)
    samples = model.sample(10)  # Each class in its turn.
    ```
    """

    def __init__(self, classes, discriminator="projection", generator="latent"):
        check_whole(2, classes=classes)
        self.classes = classes
        self.discriminator = discriminators.get(discriminator)
        self.generator = generators.get(generator)

    def prepare(self, labels):
        check_labels_shape(labels)
        return ops.cast(ops.reshape(ops.convert_to_tensor(labels), (-1,)), "int32")

    def get_config(self):
        return {
            "classes": self.classes,
            "discriminator": discriminators.spec(self.discriminator),
            "generator": generators.spec(self.generator),
        }
