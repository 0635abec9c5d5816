"""Penalties: what a player pays beside its loss, by name or as classes.

`ganzoo.losses.penalties.get("r1:gamma=0.1")` gives an instance. A new penalty is
one new file in this folder; a line here is for editors and type checkers.
"""

from typing import TYPE_CHECKING, Any

from ganzoo.registry import Registry

if TYPE_CHECKING:
    from ganzoo.losses.penalties.bcr import BalancedConsistency as BalancedConsistency
    from ganzoo.losses.penalties.centring import Centring as Centring
    from ganzoo.losses.penalties.cr import Consistency as Consistency
    from ganzoo.losses.penalties.dragan import DRAGAN as DRAGAN
    from ganzoo.losses.penalties.drift import Drift as Drift
    from ganzoo.losses.penalties.feature_matching import FeatureMatching as FeatureMatching
    from ganzoo.losses.penalties.gp import GradientPenalty as GradientPenalty
    from ganzoo.losses.penalties.instance_noise import InstanceNoise as InstanceNoise
    from ganzoo.losses.penalties.lecam import LeCam as LeCam
    from ganzoo.losses.penalties.lp import LipschitzPenalty as LipschitzPenalty
    from ganzoo.losses.penalties.max_gp import MaximumGradient as MaximumGradient
    from ganzoo.losses.penalties.mode_seeking import ModeSeeking as ModeSeeking
    from ganzoo.losses.penalties.orthogonal import Orthogonal as Orthogonal
    from ganzoo.losses.penalties.path_length import PathLength as PathLength
    from ganzoo.losses.penalties.penalty import Penalty as Penalty
    from ganzoo.losses.penalties.pulling_away import PullingAway as PullingAway
    from ganzoo.losses.penalties.qp import QuadraticPotential as QuadraticPotential
    from ganzoo.losses.penalties.r1 import R1 as R1
    from ganzoo.losses.penalties.r1_difference import R1Difference as R1Difference
    from ganzoo.losses.penalties.r2 import R2 as R2
    from ganzoo.losses.penalties.r2_difference import R2Difference as R2Difference
    from ganzoo.losses.penalties.top_k import TopK as TopK
    from ganzoo.losses.penalties.wasserstein_div import (
        WassersteinDivergencePenalty as WassersteinDivergencePenalty,
    )
    from ganzoo.losses.penalties.zcr import LatentConsistency as LatentConsistency
    from ganzoo.losses.penalties.zero_gp import ZeroCentred as ZeroCentred

__all__ = [
    "DRAGAN",
    "R1",
    "R2",
    "BalancedConsistency",
    "Centring",
    "Consistency",
    "Drift",
    "FeatureMatching",
    "GradientPenalty",
    "InstanceNoise",
    "LatentConsistency",
    "LeCam",
    "LipschitzPenalty",
    "MaximumGradient",
    "ModeSeeking",
    "Orthogonal",
    "PathLength",
    "Penalty",
    "PullingAway",
    "QuadraticPotential",
    "R1Difference",
    "R2Difference",
    "TopK",
    "WassersteinDivergencePenalty",
    "ZeroCentred",
    "get",
    "get_all",
    "registry",
]

registry: "Registry[Penalty]" = Registry(
    "penalty",
    package="ganzoo.losses.penalties",
    parent="ganzoo.losses.penalties.penalty:Penalty",
    group="ganzoo.penalties",
)
get = registry.get


def get_all(identifiers: Any) -> "list[Penalty]":
    """Penalties by one spec, or by several identifiers as `get` takes them."""
    several = [identifiers] if isinstance(identifiers, str) else identifiers
    return [get(identifier) for identifier in several]


if not TYPE_CHECKING:
    __getattr__, __dir__ = registry.lazy()
