"""ganzoo: a Keras 3 zoo of GAN variants, compared on equal terms."""

__version__ = "0.1.0"
