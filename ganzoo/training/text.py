"""Durations and the figures of a tick as text."""

from collections.abc import Sequence
from typing import Any

WIDTH = 80  # Characters of a line of figures, at most.
LONGEST_NAME = 30  # Characters of a term's name that are shown.


def duration(seconds: float) -> str:
    """`75` becomes `1m 15s`."""
    seconds = round(seconds)
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    if hours:
        return f"{hours}h {minutes:02d}m"
    return f"{minutes}m {seconds:02d}s" if minutes else f"{seconds}s"


def about(seconds: float) -> str:
    """`75` becomes `about 1m 15s`, and 0.2 `under a second`."""
    return f"about {duration(seconds)}" if seconds >= 0.5 else "under a second"


def tick_line(figures: dict[str, Any], terms: Sequence[str], eta: float) -> str:
    """One line for a tick, of any length, with a name before each figure; for `log.txt`."""
    parts = [
        f"kimg {figures['kimg']:<7.4g}",
        f"{figures['resolution']} px",
        f"alpha {figures['alpha']:.2f}",
        f"sec/kimg {figures['sec_per_kimg']:.2f}",
        f"ETA {duration(eta):<8}",
    ]
    parts += [f"{term} {figures[term]:.3f}" for term in terms]
    return "  ".join(parts)


def tick_rows(figures: dict[str, Any], terms: Sequence[str], eta: float) -> tuple[str, str]:
    """The header and the row of a tick, no line of them longer than 80 characters.

    Terms that do not fit beside the rest follow on lines of their own, each figure behind its
    name.
    """
    columns = [
        ("kimg", f"{figures['kimg']:.5g}", 6),
        ("px", str(figures["resolution"]), 4),
        ("alpha", f"{figures['alpha']:.2f}", 5),
        ("sec/kimg", _short(figures["sec_per_kimg"], 2), 8),
        ("ETA", duration(eta), 7),
    ]
    rest = []
    for term in terms:
        name = term if len(term) <= LONGEST_NAME else f"{term[: LONGEST_NAME - 3]}..."
        columns.append((name, _short(figures[term], 3), 8))
        if sum(max(width, len(head)) + 2 for head, _, width in columns) - 2 > WIDTH:
            rest.append(" ".join(columns.pop()[:2]))
    header = "  ".join(f"{head:>{width}}" for head, _, width in columns)
    row = "  ".join(f"{text:>{max(width, len(head))}}" for head, text, width in columns)
    return header, "\n".join([row, *_wrapped(rest, indent=8)])


def _short(value: float, digits: int) -> str:
    """At most 8 characters."""
    return next(
        (text for n in range(digits, -1, -1) if len(text := f"{value:.{n}f}") <= 8),
        f"{value:.1e}",
    )


def _wrapped(parts: Sequence[str], indent: int) -> list[str]:
    lines: list[str] = []
    for part in parts:
        if lines and len(lines[-1]) + 2 + len(part) <= WIDTH:
            lines[-1] += f"  {part}"
        else:
            lines.append(" " * indent + part)
    return lines
