import keras

from ganzoo.conditions.generators.latent import Latent
from ganzoo.conditions.generators.normalization import Normalization


@keras.saving.register_keras_serializable("ganzoo")
class Both(Latent, Normalization):
    """The ways `latent` and `normalization` at once.

    So a class chooses what is drawn, and scales how: with captions, a form's place in the
    latent and the colours that its features are given. Brock et al., arXiv:1809.11096, appendix
    B, have the class's vector beside the latent and after each normalization, too.

    Args:
        size: Length of the vector beside the latent.
    """
