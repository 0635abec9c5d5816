"""Paired timings, and one way to write them down."""

import argparse
import json
import shlex
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from scipy import stats

UNTIMED = 3  # Calls of 16 steps or more: on PyTorch the third is that which is recorded.
RESULTS = Path(__file__).parent / "results"


def interleave(
    calls: Mapping[str, Callable[[], Any]], rounds: int, pause: float = 0.0
) -> dict[str, np.ndarray]:
    """Seconds of each call, [rounds], after some of each that are not timed.

    They take turns, in the opposite order every other round, so that a slow minute of the
    machine is a slow minute for all. `pause` is the seconds of rest before each call: the
    threads of another process may wait actively for a while (OpenMP's do for 0.2 s).
    """
    for call in calls.values():
        for _ in range(UNTIMED):
            call()
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    for index in range(rounds):
        for name in list(calls) if index % 2 else reversed(list(calls)):
            time.sleep(pause)
            start = time.perf_counter()
            calls[name]()
            seconds[name].append(time.perf_counter() - start)
    return {name: np.array(values) for name, values in seconds.items()}


def ratio(one: np.ndarray, other: np.ndarray) -> tuple[float, float, float]:
    """Median of the paired ratios, and an interval of at least 95 % for it.

    The interval is that of the sign test: order statistics of the ratios.
    """
    ratios = np.sort(one / other)
    k = int(stats.binom.ppf(0.025, len(ratios), 0.5))
    outer = max(k - 1, 0)
    return float(np.median(ratios)), float(ratios[outer]), float(ratios[-1 - outer])


def arguments(doc: str, rounds: int | None = 15) -> argparse.ArgumentParser:
    """A parser with what all benchmarks take; `--rounds` unless `rounds` is `None`."""
    parser = argparse.ArgumentParser(description=doc.partition("\n")[0])
    parser.add_argument(
        "--out", type=Path, help="A JSON file, such as benchmarks/results/x.json"
    )
    if rounds is not None:
        parser.add_argument("--rounds", type=int, default=rounds)
    return parser


def sizes(parser: argparse.ArgumentParser, px: Sequence[int], batch: Sequence[int]) -> None:
    """Add `--px` and `--batch`, each with any number of values."""
    parser.add_argument("--px", type=int, nargs="+", default=px, choices=(28, 56))
    parser.add_argument("--batch", type=int, nargs="+", default=batch)


def publish(
    title: str, rows: list[dict[str, Any]], out: Path | None, **versions_beside: str
) -> None:
    """Print a table of the rows, and write them with what they depend on.

    `versions_beside` are those of packages that this process does not run on.
    """
    table = Table(title=title, title_justify="left")
    for name in rows[0]:
        table.add_column(name, justify="left" if isinstance(rows[0][name], str) else "right")
    for row in rows:
        table.add_row(*(_text(value) for value in row.values()))
    console = Console()
    console.width = max(console.width, 120)  # A pipe has none.
    console.print(table)
    if out:
        from ganzoo.provenance import commit, hardware
        from ganzoo.versions import versions

        about = {
            "title": title,
            "command": shlex.join(["python", *sys.argv]),
            "commit": commit(),
            "hardware": hardware(),
            "versions": {**versions(), **versions_beside},
            "created": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        }
        out.write_text(json.dumps(about | {"rows": rows}, indent=2) + "\n", encoding="utf-8")


def _text(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
