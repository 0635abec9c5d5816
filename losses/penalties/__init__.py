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

    def __getattr__(name: str) -> Any:
        """Import a class, and Keras with it, when it is first asked for."""
        return registry.attribute(name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *registry.class_names})
