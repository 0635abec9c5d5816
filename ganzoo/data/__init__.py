"""Where images come from: named sets, folders, zip files and NumPy arrays.

>>> from ganzoo.data import load
>>> load("unown").images.shape
>>> load("photos.zip", resolution=28, report=print)
>>> load("photos/", reading=Reading(fit="pad", background="white"))
>>> load("many_photos/", stream=True)  # Left on disk; a set too large for memory is anyway.
"""

from typing import TYPE_CHECKING

from ganzoo.data.load import load
from ganzoo.data.named_sets import sets
from ganzoo.data.reading import Reading
from ganzoo.lazy import lazy

if TYPE_CHECKING:
    from ganzoo.data.image_set import ImageSet as ImageSet
    from ganzoo.data.source import Source as Source

__all__ = ["ImageSet", "Reading", "Source", "load", "sets"]

_HOMES = {"ImageSet": "ganzoo.data.image_set", "Source": "ganzoo.data.source"}

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy(__name__, _HOMES)
