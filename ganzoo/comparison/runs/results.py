"""A comparison's folder: what `ganzoo compare` writes and every table is made from.

    DIR/comparison.json         the settings: see `ganzoo.comparison.runs.settings`
    DIR/results.csv             the truth: one row per run, `rows.RUN_COLUMNS`
    DIR/curves.csv              one row per run and snapshot, `rows.CURVE_COLUMNS`
    DIR/samples/CELL-SEED.png   a sheet per run, all at the same latents (`sample_path`)

A cell is a variant, such as a loss with its penalties; a run is a cell with a seed. Every cell
has one row for every seed: a run that diverged, failed or has not been made says so in its
status and is never left out.
"""

import hashlib
import itertools
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ganzoo.comparison.runs import settings as comparison_settings
from ganzoo.comparison.runs.columns import read_csv, write_csv
from ganzoo.comparison.runs.rows import (
    CURVE_COLUMNS,
    RUN_COLUMNS,
    RunRow,
    Snapshot,
    fields_of,
    run_row,
    snapshot,
)
from ganzoo.errors import InputError
from ganzoo.files.names import brief
from ganzoo.files.read import check_inside
from ganzoo.training.clock import PROCESSOR_SECONDS, SECONDS

RUNS, CURVES = "results.csv", "curves.csv"


@dataclass(frozen=True)
class Results:
    """Everything a comparison's folder says; an `InputError` if its parts do not fit."""

    settings: dict[str, Any]  # See `ganzoo.comparison.runs.settings.KEYS`.
    runs: tuple[RunRow, ...]  # One for each cell and seed, in any order.
    curves: tuple[Snapshot, ...] = ()  # Snapshots, in any order.
    folder: Path | None = None  # Where sheets of samples are.

    def __post_init__(self) -> None:
        where = str(self.folder or "The comparison")
        comparison_settings.check(self.settings)
        _check_runs(self.settings, self.runs, f"{where}: {RUNS}")
        _check_curves(self, f"{where}: {CURVES}")

    @classmethod
    def read(cls, folder: str | Path) -> "Results":
        """Read and check a folder.

        An `InputError` names the file, the line and the column, or a link that leads out.
        """
        folder = Path(folder)
        for name in (comparison_settings.NAME, RUNS, CURVES):
            check_inside(folder, folder / name)
        settings = comparison_settings.read(folder)
        runs = tuple(map(run_row, read_csv(folder / RUNS, RUN_COLUMNS)))
        curves = tuple(map(snapshot, read_csv(folder / CURVES, CURVE_COLUMNS)))
        return cls(settings, runs, curves, folder)

    def write(self, folder: str | Path) -> None:
        """Write the three files, each whole or not at all; sheets are the caller's."""
        folder = Path(folder)
        write_csv(folder / RUNS, RUN_COLUMNS, map(fields_of, self.runs))
        write_csv(folder / CURVES, CURVE_COLUMNS, map(fields_of, self.curves))
        comparison_settings.write(folder, self.settings)

    @property
    def cells(self) -> list[str]:
        """Names, in the order in which tables show them."""
        return list(self.settings["cells"])

    @property
    def seeds(self) -> list[int]:
        """Seeds of every cell, in the order of the settings."""
        return list(self.settings["seeds"])

    @cached_property
    def clock(self) -> str:
        """The seconds that claims about time go by: `"processor_seconds"` or `"seconds"`.

        Those of the processor, which other programs hardly change, where all runs were made on
        one and have counted them; else those on the wall.
        """
        rows = [run for run in self.runs if run.status == "done"] + list(self.curves)
        counted = all(row.processor_seconds is not None for row in rows)
        on_cpu = self.settings["device"].lower() == "cpu"
        return PROCESSOR_SECONDS if counted and on_cpu else SECONDS

    def of(self, cell: str) -> list[RunRow]:
        """The runs of `cell` that were made, failed ones too, by seed."""
        return [run for run in self._by_cell.get(cell, []) if run.status != "missing"]

    def all(self, cell: str) -> list[RunRow]:
        """Every run of `cell`, made or not, by seed."""
        return self._by_cell[cell]

    def first(self, cell: str) -> RunRow:
        """A run of `cell`, made or not, for what all its runs share."""
        return self._by_cell[cell][0]

    def curve(self, cell: str, seed: int) -> list[Snapshot]:
        """The snapshots of one run, oldest first."""
        return self._by_run.get((cell, seed), [])

    @cached_property
    def _by_cell(self) -> dict[str, list[RunRow]]:
        """All runs of each cell, by seed."""
        found: dict[str, list[RunRow]] = {}
        for run in sorted(self.runs, key=lambda run: run.seed):
            found.setdefault(run.cell, []).append(run)
        return found

    @cached_property
    def _by_run(self) -> dict[tuple[str, int], list[Snapshot]]:
        """The snapshots of each run, oldest first."""
        found: dict[tuple[str, int], list[Snapshot]] = {}
        for each in sorted(self.curves, key=lambda snapshot: snapshot.kimg):
            found.setdefault((each.cell, each.seed), []).append(each)
        return found


def sample_path(cell: str, seed: int) -> str:
    """Where a run's sheet is, relative to the comparison's folder.

    A name that no file system would take is written with dashes and part of its SHA-256.
    """
    safe = re.sub(r"[^A-Za-z0-9.=+_-]+", "-", cell)[:80].lstrip(".")
    if safe != cell:
        safe += "-" + hashlib.sha256(cell.encode()).hexdigest()[:8]
    return f"samples/{safe}-{seed}.png"


def _check_runs(settings: dict[str, Any], runs: tuple[RunRow, ...], where: str) -> None:
    cells, seeds = dict.fromkeys(settings["cells"]), dict.fromkeys(settings["seeds"])
    seen = set()
    first: dict[str, RunRow] = {}
    for run in runs:
        name = f"{where}: cell {brief(run.cell)}, seed {run.seed}"
        if run.cell not in cells or run.seed not in seeds:
            raise InputError(f"{name} is not in {comparison_settings.NAME}. Add it there.")
        if (run.cell, run.seed) in seen:
            raise InputError(f"{name} has two rows. Remove one.")
        seen.add((run.cell, run.seed))
        _check_same(first.setdefault(run.cell, run), run, name)
        if run.status == "done" and (run.kimg is None or run.seconds is None):
            raise InputError(f"{name} is done and must have 'kimg' and 'seconds'.")
        if run.status == "missing" and any(v is not None for v in run.measures.values()):
            raise InputError(f"{name} is missing, yet has measures. Correct its status.")
    # Not all at once: two long lists have far more pairs than there are rows.
    if gone := next(
        (pair for pair in itertools.product(cells, seeds) if pair not in seen), None
    ):
        raise InputError(
            f"{where}: cell {brief(gone[0])}, seed {gone[1]} has no row. "
            "Add one; its status may be 'missing'."
        )


def _check_same(first: RunRow, run: RunRow, name: str) -> None:
    before, now = ({"growth": each.growth, **each.settings} for each in (first, run))
    for key, value in before.items():
        if value != now.get(key):
            raise InputError(
                f"{name}: {key!r} is {brief(now.get(key))}, where seed {first.seed} has "
                f"{brief(value)}. Give the other one a cell of its own."
            )


def _check_curves(results: Results, where: str) -> None:
    runs = {(run.cell, run.seed) for run in results.runs}
    seen = set()
    for row in results.curves:
        name = f"{where}: cell {brief(row.cell)}, seed {row.seed}"
        if (row.cell, row.seed) not in runs:
            raise InputError(f"{name} has no row in {RUNS}. Add it there.")
        if (row.cell, row.seed, row.kimg) in seen:
            raise InputError(f"{name} has two rows at {row.kimg:g} kimg.")
        seen.add((row.cell, row.seed, row.kimg))
