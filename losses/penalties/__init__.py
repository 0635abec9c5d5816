"""Penalties: what the critic's gradient costs, by name or as classes.

`ganzoo.losses.penalties.get("r1:gamma=0.1")` gives an instance. A new penalty is
one new file in this folder; editors and type checkers know its name from a line here.
"""

from typing import TYPE_CHECKING, Any

from ganzoo.registry import Registry

if TYPE_CHECKING:
    from ganzoo.losses.penalties.gp import GradientPenalty as GradientPenalty
    from ganzoo.losses.penalties.lp import LipschitzPenalty as LipschitzPenalty
    from ganzoo.losses.penalties.penalty import Penalty as Penalty
    from ganzoo.losses.penalties.r1 import R1 as R1
    from ganzoo.losses.penalties.r2 import R2 as R2

__all__ = [
    "R1",
    "R2",
    "GradientPenalty",
    "LipschitzPenalty",
    "Penalty",
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
