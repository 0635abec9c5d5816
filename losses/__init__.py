"""Losses: what each player minimises, by name or as classes.

`ganzoo.losses.get("hinge")` gives an instance, as `keras.losses.get` does;
`ganzoo.losses.Hinge` is the class. A new loss is one new file in this folder; a line here is
for editors and type checkers.
"""

from typing import TYPE_CHECKING

from ganzoo.losses import penalties
from ganzoo.registry import Registry

if TYPE_CHECKING:
    from ganzoo.losses.began import BoundaryEquilibrium as BoundaryEquilibrium
    from ganzoo.losses.cramer_gan import Cramer as Cramer
    from ganzoo.losses.dual_contrastive import DualContrastive as DualContrastive
    from ganzoo.losses.ebgan import EnergyBased as EnergyBased
    from ganzoo.losses.f_gan import FGAN as FGAN
    from ganzoo.losses.gan_qp import GANQP as GANQP
    from ganzoo.losses.hinge import Hinge as Hinge
    from ganzoo.losses.loss import Loss as Loss
    from ganzoo.losses.lsgan import LeastSquares as LeastSquares
    from ganzoo.losses.minimax import Minimax as Minimax
    from ganzoo.losses.mmd_gan import MMD as MMD
    from ganzoo.losses.non_saturating import NonSaturating as NonSaturating
    from ganzoo.losses.ra_hinge import RelativisticAverageHinge as RelativisticAverageHinge
    from ganzoo.losses.ra_lsgan import (
        RelativisticAverageLeastSquares as RelativisticAverageLeastSquares,
    )
    from ganzoo.losses.ra_sgan import RelativisticAverage as RelativisticAverage
    from ganzoo.losses.repulsive_mmd import RepulsiveMMD as RepulsiveMMD
    from ganzoo.losses.rpgan import RelativisticPairing as RelativisticPairing
    from ganzoo.losses.softmax_gan import Softmax as Softmax
    from ganzoo.losses.wgan import Wasserstein as Wasserstein
    from ganzoo.losses.wgan_div import WassersteinDivergence as WassersteinDivergence
    from ganzoo.losses.wgan_gp import WassersteinGP as WassersteinGP

__all__ = [
    "FGAN",
    "GANQP",
    "MMD",
    "BoundaryEquilibrium",
    "Cramer",
    "DualContrastive",
    "EnergyBased",
    "Hinge",
    "LeastSquares",
    "Loss",
    "Minimax",
    "NonSaturating",
    "RelativisticAverage",
    "RelativisticAverageHinge",
    "RelativisticAverageLeastSquares",
    "RelativisticPairing",
    "RepulsiveMMD",
    "Softmax",
    "Wasserstein",
    "WassersteinDivergence",
    "WassersteinGP",
    "get",
    "penalties",
    "registry",
]

registry: "Registry[Loss]" = Registry(
    "loss", package="ganzoo.losses", parent="ganzoo.losses.loss:Loss", group="ganzoo.losses"
)
get = registry.get

if not TYPE_CHECKING:
    __getattr__, __dir__ = registry.lazy()
