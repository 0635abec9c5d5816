"""Penalties: what the critic's gradient costs, by name or as classes.

`ganzoo.losses.penalties.get("r1:gamma=0.1")` gives an instance. A new penalty is
one new file in this folder.
"""

from typing import Any

from ganzoo.registry import Registry

registry = Registry(
    "penalty",
    package="ganzoo.losses.penalties",
    parent="ganzoo.losses.penalties.penalty:Penalty",
    group="ganzoo.penalties",
)
get = registry.get


def get_all(identifiers: Any) -> list[Any]:
    """Penalties by one spec, or by several identifiers as `get` takes them."""
    several = [identifiers] if isinstance(identifiers, str) else identifiers
    return [get(identifier) for identifier in several]


def __getattr__(name: str) -> Any:
    return registry.attribute(name)
