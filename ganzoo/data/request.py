"""How a set is wanted."""

from collections.abc import Callable
from dataclasses import dataclass, field

from ganzoo.data.notes import silent
from ganzoo.data.reading import Reading


@dataclass(frozen=True, slots=True)
class Request:
    """What `load` was called with, but for the source.

    Attributes:
        resolution: Height and width of the images in pixels.
        per_class: Take only the first so many of each class; `None` for all.
        report: Called with one plain line per note.
        stream: Whether images stay on disk, see `load`.
        reading: What a person chose.
        least: Images that are needed.
    """

    resolution: int
    per_class: int | None = None
    report: Callable[[str], None] = silent
    stream: bool | None = None
    reading: Reading = field(default_factory=Reading)
    least: int = 2
