import keras
from keras import ops

from ganzoo.architectures.linear import equalized_dense
from ganzoo.conditions.conditioning import DiscriminatorConditioning
from ganzoo.conditions.layers import one_hot
from ganzoo.variant import check_not_negative


@keras.saving.register_keras_serializable("ganzoo")
class ACGAN(DiscriminatorConditioning):
    """The discriminator names the class of each image; both players want it to be right.

    Odena et al., arXiv:1610.09585, equation 3: both add the cross-entropy of the class, the
    discriminator of real images and of fakes, the generator of fakes alone.

    Args:
        weight: Of the discriminator's cross-entropy.
        generator_weight: Of the generator's.
    """

    takes_labels = False
    discriminator_terms = ("class_loss",)
    generator_terms = ("g_class_loss",)

    def __init__(self, weight=1.0, generator_weight=1.0):
        check_not_negative(weight=weight, generator_weight=generator_weight)
        self.weight = weight
        self.generator_weight = generator_weight

    def end(self, asked, features, output):
        networks, classes = asked.networks, asked.classes
        return [
            output,
            equalized_dense(networks, features, classes, "d_class", dtype="float32"),
        ]

    def discriminator_loss(self, real, fake, real_labels, fake_labels):
        on_real, on_fake = (
            cross_entropy(logits, labels)
            for (logits,), labels in ((real, real_labels), (fake, fake_labels))
        )
        return {"class_loss": self.weight * (on_real + on_fake)}

    def generator_loss(self, fake, fake_labels):
        return {"g_class_loss": self.generator_weight * cross_entropy(fake[0], fake_labels)}

    def get_config(self):
        return {"weight": self.weight, "generator_weight": self.generator_weight}


def cross_entropy(logits, labels):
    """-log softmax of the right class, the mean over a batch: [N, C] and int32 [N]."""
    right = ops.sum(one_hot(labels, logits.shape[-1]) * logits, axis=-1)
    return ops.mean(ops.logsumexp(logits, axis=-1) - right)
