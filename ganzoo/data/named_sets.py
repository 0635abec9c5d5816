"""The registry of data sets, which have names."""

from typing import TYPE_CHECKING

from ganzoo.registry import Registry

if TYPE_CHECKING:
    from ganzoo.data.source import Source

sets: "Registry[Source]" = Registry(
    "data set",
    package="ganzoo.data.sources",
    parent="ganzoo.data.source:Source",
    group="ganzoo.data",
)
