"""Architectures: networks that grow, by name or as classes.

`ganzoo.architectures.get("progressive-dcgan:width=32")` gives an instance, and
`ganzoo.architectures.with_role("encoder")` the names of those with an encoder. A new
family is one new file in this folder; a line here is for editors and type checkers.
"""

from typing import TYPE_CHECKING

from ganzoo.registry import Registry

if TYPE_CHECKING:
    from ganzoo.architectures.architecture import Architecture as Architecture
    from ganzoo.architectures.autoencoder import Autoencoder as Autoencoder
    from ganzoo.architectures.biggan import BigGAN as BigGAN
    from ganzoo.architectures.cppn import CPPN as CPPN
    from ganzoo.architectures.dcgan import DCGAN as DCGAN
    from ganzoo.architectures.fastgan import FastGAN as FastGAN
    from ganzoo.architectures.mlp import MLP as MLP
    from ganzoo.architectures.msg import MSG as MSG
    from ganzoo.architectures.patch_mixer import PatchMixer as PatchMixer
    from ganzoo.architectures.progressive_dcgan import ProgressiveDCGAN as ProgressiveDCGAN
    from ganzoo.architectures.r3gan import R3GAN as R3GAN
    from ganzoo.architectures.resnet import ResNet as ResNet
    from ganzoo.architectures.resnet_translator import ResNetTranslator as ResNetTranslator
    from ganzoo.architectures.sagan import SAGAN as SAGAN
    from ganzoo.architectures.stylegan2 import StyleGAN2 as StyleGAN2
    from ganzoo.architectures.transformer import Transformer as Transformer
    from ganzoo.architectures.unet import UNet as UNet
    from ganzoo.architectures.unet_translator import UNetTranslator as UNetTranslator
    from ganzoo.architectures.vq_dcgan import VQDCGAN as VQDCGAN

__all__ = [
    "CPPN",
    "DCGAN",
    "MLP",
    "MSG",
    "R3GAN",
    "SAGAN",
    "VQDCGAN",
    "Architecture",
    "Autoencoder",
    "BigGAN",
    "FastGAN",
    "PatchMixer",
    "ProgressiveDCGAN",
    "ResNet",
    "ResNetTranslator",
    "StyleGAN2",
    "Transformer",
    "UNet",
    "UNetTranslator",
    "get",
    "registry",
    "with_autoencoder",
    "with_role",
]

registry: "Registry[Architecture]" = Registry(
    "architecture",
    package="ganzoo.architectures",
    parent="ganzoo.architectures.architecture:Architecture",
    group="ganzoo.architectures",
    facts=("roles", "autoencoder"),
)
get = registry.get


def with_role(role: str) -> list[str]:
    """Names of the architectures that have a network of this role, such as `"encoder"`."""
    return [e.name for e in registry.usable() if role in (e.facts["roles"] or ())]


def with_autoencoder() -> list[str]:
    """Names of the architectures whose discriminator is an autoencoder."""
    return [e.name for e in registry.usable() if e.facts["autoencoder"]]


if not TYPE_CHECKING:
    __getattr__, __dir__ = registry.lazy()
