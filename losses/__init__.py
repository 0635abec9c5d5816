"""Losses: what each player minimises, by name or as classes.

`ganzoo.losses.get("hinge")` gives an instance, as `keras.losses.get` does;
`ganzoo.losses.Hinge` is the class. A new loss is one new file in this folder; editors and type
checkers know its name from a line here.
"""

from typing import TYPE_CHECKING

from ganzoo.losses import penalties
from ganzoo.registry import Registry

if TYPE_CHECKING:
    from ganzoo.losses.hinge import Hinge as Hinge
    from ganzoo.losses.loss import Loss as Loss
    from ganzoo.losses.lsgan import LeastSquares as LeastSquares
    from ganzoo.losses.minimax import Minimax as Minimax
    from ganzoo.losses.non_saturating import NonSaturating as NonSaturating
    from ganzoo.losses.rpgan import RelativisticPairing as RelativisticPairing
    from ganzoo.losses.wgan import Wasserstein as Wasserstein
    from ganzoo.losses.wgan_gp import WassersteinGP as WassersteinGP

__all__ = [
    "Hinge",
    "LeastSquares",
    "Loss",
    "Minimax",
    "NonSaturating",
    "RelativisticPairing",
    "Wasserstein",
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
