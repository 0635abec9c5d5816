import keras
from keras import layers

from ganzoo.architectures.codebook import CausalDense, Codebook
from ganzoo.architectures.initial import he
from ganzoo.architectures.mapping import MAX_LAYERS
from ganzoo.architectures.progressive_dcgan import ProgressiveDCGAN
from ganzoo.variant import check_whole


@keras.saving.register_keras_serializable("ganzoo")
class VQDCGAN(ProgressiveDCGAN):
    """Encoder and generator of `progressive-dcgan`, a codebook, and a prior over its codes.

    The encoder's output is `places` vectors one after the other. Each is replaced by one of
    `entries` vectors that its place has (van den Oord et al., arXiv:1711.00937). The prior
    gives the logits of each code, from the codes before it, by masked dense layers (Germain et
    al., arXiv:1502.03509). It has no fade, as codes are the same at any resolution.

    Difference from the paper: codes describe the whole image, and each place has a codebook of
    its own, where the paper has a grid of codes and one codebook.

    Args:
        width: Features at the base resolution, see `progressive-dcgan`.
        places: Codes of an image.
        entries: Vectors that each place has to choose from.
        vector_size: Numbers of a vector; the generator takes `places` times as many.
        prior_width: Features of each place in the prior.
        prior_layers: Layers of the prior before its logits.
        score_width: Features of the dense layer at the encoder's end; 0 for none.
        channels: Channels of the images.
        base: Resolution of the first stage; any number of at least 4.
        seed: Seed of the initial weights.
        precision: What layers compute in, `"float32"` or `"bfloat16"`; `None`: as Keras's
            global dtype policy says.
    """

    roles = ("encoder", "generator", "prior")
    choices = {}

    def __init__(
        self,
        width=16,
        places=24,
        entries=64,
        vector_size=8,
        prior_width=32,
        prior_layers=2,
        score_width=256,
        channels=1,
        base=28,
        seed=0,
        precision=None,
    ):
        shared = {"channels": channels, "base": base, "seed": seed, "precision": precision}
        check_whole(places=places, vector_size=vector_size, prior_width=prior_width)
        super().__init__(
            places * vector_size,
            width,
            categories=0,
            score_width=score_width,
            mapping_layers=0,
            **shared,
        )
        check_whole(2, 2**16, entries=entries)
        check_whole(1, MAX_LAYERS, prior_layers=prior_layers)
        self.places = places
        self.entries = entries
        self.vector_size = vector_size
        self.prior_width = prior_width
        self.prior_layers = prior_layers

    def prior(self, resolution, fade):
        """An encoder's output [N, L] to chosen vectors, codes, and the codes' logits."""
        encodings = keras.Input((self.latent_size,), name="encodings")
        start = self.initializer("codebook", keras.initializers.RandomNormal, stddev=1.0)
        book = self.keep(Codebook, self.places, self.entries, start, name="codebook")
        quantized, x, codes = book(encodings)
        for i in range(self.prior_layers):
            x = self._causal(x, self.prior_width, f"p_{i}", itself=i > 0, activation="silu")
        logits = self._causal(x, self.entries, "p_logits", dtype="float32")
        shape = (self.places, self.entries)
        logits = layers.Reshape(shape, dtype="float32", name="p_codes")(logits)
        return keras.Model(encodings, [quantized, codes, logits], name="prior")

    def _causal(self, x, features, name, **options):
        options["kernel_initializer"] = he(self, name)
        units = self.places * features
        return self.keep(CausalDense, units, self.places, name=name, **options)(x)

    def least_weights(self, resolution, role):
        if role != "prior":
            return super().least_weights(resolution, role)
        inside = self.places * self.prior_width
        book = self.entries * self.latent_size
        ends = inside * (self.latent_size + self.places * self.entries)
        return book + ends + (self.prior_layers - 1) * inside**2

    def get_config(self):
        return self.taken(super().get_config()) | {
            "places": self.places,
            "entries": self.entries,
            "vector_size": self.vector_size,
            "prior_width": self.prior_width,
            "prior_layers": self.prior_layers,
        }
