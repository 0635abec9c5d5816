"""Kinds of model: what their networks are, and who learns what from a batch.

`ganzoo.models.registry.find("gan")` is a class. A new kind is one new file in this folder;
a line here is for editors and type checkers.
"""

from typing import TYPE_CHECKING

from ganzoo.diffusion import objectives, samplers
from ganzoo.registry import Registry

if TYPE_CHECKING:
    from ganzoo.models.cyclegan import CycleGANModel as CycleGANModel
    from ganzoo.models.diffusion import DiffusionModel as DiffusionModel
    from ganzoo.models.distilled import DistilledModel as DistilledModel
    from ganzoo.models.flow import FlowModel as FlowModel
    from ganzoo.models.gan import GANModel as GANModel
    from ganzoo.models.generative_model import GenerativeModel as GenerativeModel
    from ganzoo.models.infogan import InfoGANModel as InfoGANModel
    from ganzoo.models.pix2pix import Pix2PixModel as Pix2PixModel
    from ganzoo.models.san import SANModel as SANModel
    from ganzoo.models.vae import VAEModel as VAEModel
    from ganzoo.models.vae_gan import VAEGANModel as VAEGANModel
    from ganzoo.models.vq_vae import VQVAEModel as VQVAEModel

__all__ = [
    "CycleGANModel",
    "DiffusionModel",
    "DistilledModel",
    "FlowModel",
    "GANModel",
    "GenerativeModel",
    "InfoGANModel",
    "Pix2PixModel",
    "SANModel",
    "VAEGANModel",
    "VAEModel",
    "VQVAEModel",
    "registry",
]

registry: "Registry[GenerativeModel]" = Registry(
    "model",
    package="ganzoo.models",
    parent="ganzoo.models.generative_model:GenerativeModel",
    group="ganzoo.models",
    facts=("roles",),
    inner={"objective": objectives.registry, "sampler": samplers.registry},
)


if not TYPE_CHECKING:
    __getattr__, __dir__ = registry.lazy()
