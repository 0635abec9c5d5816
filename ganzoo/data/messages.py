"""Names and lists from files, fit for one line of a message."""

from collections.abc import Sequence

from ganzoo.files.names import shortened

LONGEST = 160  # Characters of a name; a path of most systems fits.


def printable(text: str, longest: int = LONGEST) -> str:
    """`text` on one line, its middle left out where it is long.

    Names from disk and zip files may hold control characters, and be 60,000 long.
    """
    short = shortened(text, longest)
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in short)


def listed(names: Sequence[str], most: int = 4) -> str:
    """The first names, and how many more there are: `"a, b, c, d and 5 more"`."""
    shown = ", ".join(printable(name, 40) for name in names[:most])
    return f"{shown} and {len(names) - most:,} more" if len(names) > most else shown


def counted(count: int, noun: str) -> str:
    """`"1 file"`, `"1,200 files"`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
