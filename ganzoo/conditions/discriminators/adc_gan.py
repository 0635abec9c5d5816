import keras
from keras import ops

from ganzoo.architectures.linear import equalized_dense
from ganzoo.conditions.discriminators.ac_gan import ACGAN, cross_entropy
from ganzoo.conditions.layers import one_hot


@keras.saving.register_keras_serializable("ganzoo")
class ADCGAN(ACGAN):
    """The discriminator names class and origin at once: real A, real B, ..., generated A, ...

    Hou et al., arXiv:2107.10060, section 3. With y+ the real class y and y- the
    generated one, of twice as many classes as there are:

        D: -E[log C(y+ | x)] - E[log C(y- | G(z, y))]
        G: -E[log C(y+ | G(z, y))] + E[log C(y- | G(z, y))]

    So G is not led to images that are merely easy to classify, as it is by `ac-gan`.

    Args:
        weight: Of the discriminator's term.
        generator_weight: Of the generator's.
    """

    def end(self, asked, features, output):
        networks, twice = asked.networks, 2 * asked.classes
        logits = equalized_dense(networks, features, twice, "d_class", dtype="float32")
        return [output, logits]

    def discriminator_loss(self, real, fake, real_labels, fake_labels):
        (on_real,), (on_fake,) = real, fake
        classes = on_fake.shape[-1] // 2
        loss = cross_entropy(on_real, real_labels)
        loss = loss + cross_entropy(on_fake, fake_labels + classes)
        return {"class_loss": self.weight * loss}

    def generator_loss(self, fake, fake_labels):
        (logits,) = fake
        classes = logits.shape[-1] // 2
        # The difference of two log probabilities is that of two logits.
        asked = one_hot(fake_labels, classes)
        apart = logits[:, classes:] - logits[:, :classes]
        loss = ops.mean(ops.sum(asked * apart, axis=-1))
        return {"g_class_loss": self.generator_weight * loss}
