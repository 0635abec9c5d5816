import keras
from keras import ops

from ganzoo.architectures.linear import equalized_dense
from ganzoo.conditions.conditioning import DiscriminatorConditioning
from ganzoo.conditions.layers import Proxies, UnitLength, one_hot
from ganzoo.variant import check_between, check_not_negative, check_positive, check_whole

FAR = -1e9  # In place of a logit that is left out.


@keras.saving.register_keras_serializable("ganzoo")
class ReACGAN(DiscriminatorConditioning):
    """Images of a class lie near its vector on a sphere, and apart from those of others.

    Kang et al., arXiv:2111.01118, section 3, data-to-data cross-entropy. With f an image's
    embedding and v_y its class's vector, both of length 1, and j the images of other classes
    in the batch:

        p = min(0, f . v_y - m_p) / t,   n_j = max(0, f . f_j - m_n) / t
        loss = E[-log(exp(p) / (exp(p) + sum over j of exp(n_j)))],   m_n = 1 - m_p

    D minimises it on real images, G on its own. Images that are sure enough, beyond a margin,
    teach nothing more.

    Args:
        weight: Of the term, for both players.
        margin: m_p.
        temperature: t.
        size: Length of the embedding.
    """

    takes_labels = False
    discriminator_terms = ("class_loss",)
    generator_terms = ("g_class_loss",)

    def __init__(self, weight=0.5, margin=0.98, temperature=0.5, size=64):
        check_not_negative(weight=weight)
        check_between(0, 1, margin=margin)
        check_positive(temperature=temperature)
        check_whole(size=size)
        self.weight = weight
        self.margin = margin
        self.temperature = temperature
        self.size = size

    def end(self, asked, features, output):
        networks, name = asked.networks, "d_class"
        embedding = equalized_dense(networks, features, self.size, name, dtype="float32")
        options = {"dtype": "float32"}
        unit = UnitLength(**options, name=f"{name}_unit")(embedding)
        initializer = networks.initializer(f"{name}_proxies", keras.initializers.RandomNormal)
        options |= {"initializer": initializer, "name": f"{name}_proxies"}
        return [output, unit, networks.keep(Proxies, asked.classes, **options)(unit)]

    def discriminator_loss(self, real, fake, real_labels, fake_labels):
        return {"class_loss": self._loss(real, real_labels)}

    def generator_loss(self, fake, fake_labels):
        return {"g_class_loss": self._loss(fake, fake_labels)}

    def _loss(self, outputs, labels):
        embeddings, cosines = outputs
        chosen = one_hot(labels, cosines.shape[-1])
        own = ops.sum(chosen * cosines, axis=-1)
        near = ops.minimum(own - self.margin, 0.0) / self.temperature
        pairs = ops.matmul(embeddings, ops.transpose(embeddings))
        far = ops.maximum(pairs - (1.0 - self.margin), 0.0) / self.temperature
        same = ops.matmul(chosen, ops.transpose(chosen))
        others = ops.where(same > 0.5, FAR, far)
        every = ops.concatenate([ops.expand_dims(near, 1), others], axis=1)
        return self.weight * ops.mean(ops.logsumexp(every, axis=1) - near)

    def get_config(self):
        return {
            "weight": self.weight,
            "margin": self.margin,
            "temperature": self.temperature,
            "size": self.size,
        }
