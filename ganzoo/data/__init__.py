"""Where images come from: named sets, folders, zip files and NumPy arrays.

>>> from ganzoo.data import load
>>> load("unown").images.shape
>>> load("photos.zip", resolution=28, report=print)
>>> load("photos/", reading=Reading(fit="pad", background="white"))
>>> load("many_photos/", stream=True)  # Left on disk; a set too large for memory is anyway.
"""

from typing import TYPE_CHECKING, Any

from ganzoo.data.load import load
from ganzoo.data.reading import Reading
from ganzoo.registry import Registry

if TYPE_CHECKING:
    from ganzoo.data.image_set import ImageSet as ImageSet
    from ganzoo.data.source import Source as Source

__all__ = ["ImageSet", "Reading", "Source", "load", "sets"]

sets: "Registry[Source]" = Registry(
    "data set",
    package="ganzoo.data.sources",
    parent="ganzoo.data.source:Source",
    group="ganzoo.data",
)


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """Import what needs NumPy when it is first asked for."""
        if name == "ImageSet":
            from ganzoo.data.image_set import ImageSet

            return ImageSet
        if name == "Source":
            from ganzoo.data.source import Source

            return Source
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
