"""A comparison's folder: what `ganzoo compare` writes and every table is made from.

    DIR/comparison.json         the settings: see `ganzoo.comparison.runs.settings`
    DIR/results.csv             the truth: one row per run, `RUN_COLUMNS`
    DIR/curves.csv              one row per run and snapshot, `CURVE_COLUMNS`
    DIR/samples/CELL-SEED.png   a sheet per run, all at the same latents (`sample_path`)

A cell is one loss with its penalties, architecture and growth; a run is a cell with a
seed. Every cell has one row for every seed: a run that diverged, failed or has not been
made says so in its status and is never left out. Empty fields are figures that do not
exist; NaN and infinity are not written, so that pandas reads numbers as numbers.
"""

import hashlib
import math
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ganzoo.comparison.runs import settings as comparison_settings
from ganzoo.comparison.runs.columns import Column, read_csv, write_csv
from ganzoo.errors import InputError
from ganzoo.files.names import brief
from ganzoo.files.read import check_inside
from ganzoo.metrics.measures import FIGURES, MEASURES
from ganzoo.training.clock import PROCESSOR_SECONDS, SECONDS
from ganzoo.training.setting import Setting
from ganzoo.training.settings import tabled

STATUSES = ("done", "diverged", "failed", "missing")
# Settings that all runs of a cell share; its growth and its seeds are fields of their own.
CELL_SETTINGS = [s for s in tabled() if s.name not in ("grow", "seed")]
COUNTS = re.compile(r"[0-9]{1,15}(;[0-9]{1,15})*")  # of a histogram
# Figures that folders of earlier versions lack.
NEW = ("sliced_wasserstein", "vendi", "authenticity", "memorisation_deviation")
FIGURE_COLUMNS = tuple(Column(name, "number", later=name in NEW) for name in FIGURES)


def _setting_column(setting: Setting) -> Column:
    """The column of a setting; earlier versions knew those alone that a comparison varies."""
    return Column(
        setting.column,
        {str: "text", int: "integer", float: "number"}[setting.field_type],
        required=_is_required(setting),
        options=setting.fields,
        later=not (setting.plural and setting.needed),
    )


def _is_required(setting: Setting) -> bool:
    some = setting.needed and not setting.optional and setting.kind.type is not list
    return bool(setting.plural) and some


RUN_COLUMNS = (
    Column("cell", "text", required=True),
    *map(_setting_column, tabled()),
    Column("status", "text", required=True, options=STATUSES),
    Column("verdict", "text"),
    Column("reason", "text"),
    Column("kimg", "number", negative=False),
    Column("d_updates", "integer", negative=False),
    Column("g_updates", "integer", negative=False),
    Column("flops", "number", negative=False),
    Column("seconds", "number", negative=False),
    Column("processor_seconds", "number", negative=False, later=True),
    Column("parameters", "integer", negative=False),
    Column("count", "integer", negative=False),
    *FIGURE_COLUMNS,
    Column("histogram", "text"),
    Column("run", "text"),
    Column("command", "text"),
    Column("fingerprint", "text"),
)
CURVE_COLUMNS = (
    Column("cell", "text", required=True),
    Column("seed", "integer", required=True),
    Column("kimg", "number", required=True, negative=False),
    Column("seconds", "number", required=True, negative=False),
    Column("processor_seconds", "number", negative=False, later=True),
    *FIGURE_COLUMNS,
)


@dataclass(frozen=True)
class RunRow:
    """One run, as a row of `results.csv`.

    Attributes:
        cell: The cell's name.
        growth: `"progressive"` or `"direct"`.
        seed: The run's seed.
        status: One of `STATUSES`.
        settings: Settings of `CELL_SETTINGS` by column, as `Setting.field` gives them: specs
            of penalties are separated by spaces, and the architecture's spec has no seed.
        verdict: The evaluator's: healthy, collapsed, ...; empty where there is none.
        reason: Why it is not healthy or not done.
        kimg: Thousands of real images shown to the discriminator.
        d_updates: Updates of the discriminator.
        g_updates: Updates of the generator.
        flops: Floating-point operations of the whole training.
        seconds: Of training, on the wall.
        processor_seconds: Of training, of all processor cores together.
        parameters: Weights of generator and discriminator at the end of the schedule.
        count: Images that were scored.
        measures: Final figures by the names in `FIGURES`; `None` where there is none.
        histogram: Images per class; empty where there are no classes.
        run: The run's folder, relative to the comparison's.
        command: What trains this run alone.
        fingerprint: Of everything that decides the run, see `runs.fingerprint`.
    """

    cell: str
    growth: str
    seed: int
    status: str
    settings: dict[str, Any] = field(default_factory=dict)
    verdict: str = ""
    reason: str = ""
    kimg: float | None = None
    d_updates: int | None = None
    g_updates: int | None = None
    flops: float | None = None
    seconds: float | None = None
    processor_seconds: float | None = None
    parameters: int | None = None
    count: int | None = None
    measures: dict[str, float | None] = field(default_factory=dict)
    histogram: tuple[int, ...] = ()
    run: str = ""
    command: str = ""
    fingerprint: str = ""

    @property
    def outcome(self) -> str:
        """The verdict on its images if it is done and has one, else its status."""
        return self.verdict if self.status == "done" and self.verdict else self.status

    @property
    def failed(self) -> bool:
        """Whether it broke off; such a run ranks worst, whatever was scored before."""
        return self.status in ("diverged", "failed")

    def measure(self, name: str) -> float:
        """The figure; the worst possible for a failed run, NaN where there is none."""
        if self.failed:
            return MEASURES[name].worst if name in MEASURES else math.nan
        value = self.measures.get(name)
        return math.nan if value is None else value


@dataclass(frozen=True)
class Snapshot:
    """One run at one moment: a row of `curves.csv`.

    Attributes:
        cell: The cell's name.
        seed: The run's seed.
        kimg: Thousands of real images shown so far.
        seconds: Of training so far, on the wall.
        measures: Figures by name, as in `RunRow`.
        processor_seconds: Of training so far, of all processor cores together.
    """

    cell: str
    seed: int
    kimg: float
    seconds: float
    measures: dict[str, float | None] = field(default_factory=dict)
    processor_seconds: float | None = None


@dataclass(frozen=True)
class Results:
    """Everything a comparison's folder says.

    Args:
        settings: See `ganzoo.comparison.runs.settings.SETTINGS`.
        runs: One for each cell and seed, in any order.
        curves: Snapshots, in any order.
        folder: Where it was read from; sheets of samples are looked for there.

    Raises:
        InputError: If the parts do not fit each other.
    """

    settings: dict[str, Any]
    runs: tuple[RunRow, ...]
    curves: tuple[Snapshot, ...] = ()
    folder: Path | None = None

    def __post_init__(self):
        where = str(self.folder or "The comparison")
        comparison_settings.check(self.settings)
        _check_runs(self.settings, self.runs, f"{where}: results.csv")
        _check_curves(self, f"{where}: curves.csv")

    @classmethod
    def read(cls, folder: str | Path) -> "Results":
        """Read and check a folder.

        Raises:
            InputError: Naming the file, the line and the column, or a link that leads out of
                the folder.
        """
        folder = Path(folder)
        for name in (comparison_settings.NAME, "results.csv", "curves.csv"):
            check_inside(folder, folder / name)
        settings = comparison_settings.read(folder)
        runs = [_run(row) for row in read_csv(folder / "results.csv", RUN_COLUMNS)]
        curves = [_snapshot(row) for row in read_csv(folder / "curves.csv", CURVE_COLUMNS)]
        return cls(settings, tuple(runs), tuple(curves), folder)

    def write(self, folder: str | Path) -> None:
        """Write the three files, each whole or not at all; sheets are the caller's."""
        folder = Path(folder)
        runs = [_row(run, histogram=";".join(map(str, run.histogram))) for run in self.runs]
        write_csv(folder / "results.csv", RUN_COLUMNS, runs)
        write_csv(folder / "curves.csv", CURVE_COLUMNS, map(_row, self.curves))
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
        return (
            PROCESSOR_SECONDS
            if counted and self.settings["device"].lower() == "cpu"
            else SECONDS
        )

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
        for snapshot in sorted(self.curves, key=lambda snapshot: snapshot.kimg):
            found.setdefault((snapshot.cell, snapshot.seed), []).append(snapshot)
        return found


def sample_path(cell: str, seed: int) -> str:
    """Where a run's sheet is, relative to the comparison's folder.

    A name that no file system would take is written with dashes and part of its SHA-256.
    """
    safe = re.sub(r"[^A-Za-z0-9.=+_-]+", "-", cell)[:80].lstrip(".")
    if safe != cell:
        safe += "-" + hashlib.sha256(cell.encode()).hexdigest()[:8]
    return f"samples/{safe}-{seed}.png"


def _row(item: RunRow | Snapshot, **changed: Any) -> dict[str, Any]:
    return {**vars(item), **getattr(item, "settings", {}), **item.measures, **changed}


def _split_off_measures(row: dict[str, Any]) -> dict[str, Any]:
    measures = {name: row.pop(name) for name in FIGURES}
    return row | {"measures": measures}


def _snapshot(row: dict[str, Any]) -> Snapshot:
    row.pop("line")
    return Snapshot(**_split_off_measures(row))


def _run(row: dict[str, Any]) -> RunRow:
    line, text = row.pop("line"), row.pop("histogram")
    if text and not COUNTS.fullmatch(text):
        raise InputError(
            f"{line}: 'histogram' must be counts such as 3;0;12, not {brief(text)}."
        )
    counts = tuple(int(count) for count in text.split(";")) if text else ()
    settings = {setting.column: row.pop(setting.column) for setting in CELL_SETTINGS}
    return RunRow(**_split_off_measures(row), settings=settings, histogram=counts)


def _check_runs(settings: dict[str, Any], runs: tuple[RunRow, ...], where: str) -> None:
    cells, seeds = dict.fromkeys(settings["cells"]), dict.fromkeys(settings["seeds"])
    seen: dict[tuple[str, int], RunRow] = {}
    first: dict[str, RunRow] = {}
    for run in runs:
        name = f"cell {brief(run.cell)}, seed {run.seed}"
        if run.cell not in cells or run.seed not in seeds:
            raise InputError(
                f"{where}: {name} is not in {comparison_settings.NAME}. Add it there."
            )
        if (run.cell, run.seed) in seen:
            raise InputError(f"{where}: {name} has two rows. Remove one.")
        seen[run.cell, run.seed] = run
        _check_same(first.setdefault(run.cell, run), run, f"{where}: {name}")
        _check_status(run, f"{where}: {name}")
    # Not all at once: two long lists have far more pairs than there are rows.
    for cell, seed in ((cell, seed) for cell in cells for seed in seeds):
        if (cell, seed) not in seen:
            raise InputError(
                f"{where}: cell {brief(cell)}, seed {seed} has no row. "
                "Add one; its status may be 'missing'."
            )


def _check_same(first: RunRow, run: RunRow, where: str) -> None:
    before, now = ({"growth": each.growth, **each.settings} for each in (first, run))
    for key in before:
        if before[key] != now.get(key):
            raise InputError(
                f"{where}: {key!r} is {brief(now.get(key))}, where seed {first.seed} has "
                f"{brief(before[key])}. Give the other one a cell of its own."
            )


def _check_status(run: RunRow, where: str) -> None:
    if run.status == "done" and (run.kimg is None or run.seconds is None):
        raise InputError(f"{where} is done and must have 'kimg' and 'seconds'.")
    if run.status == "missing" and any(v is not None for v in run.measures.values()):
        raise InputError(f"{where} is missing, yet has measures. Correct its status.")


def _check_curves(results: Results, where: str) -> None:
    runs = {(run.cell, run.seed) for run in results.runs}
    seen = set()
    for snapshot in results.curves:
        name = f"cell {brief(snapshot.cell)}, seed {snapshot.seed}"
        if (snapshot.cell, snapshot.seed) not in runs:
            raise InputError(f"{where}: {name} has no row in results.csv. Add it there.")
        key = (snapshot.cell, snapshot.seed, snapshot.kimg)
        if key in seen:
            raise InputError(f"{where}: {name} has two rows at {snapshot.kimg:g} kimg.")
        seen.add(key)
