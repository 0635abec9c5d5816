"""What a comparison's CSV files hold: a row for each run, and one for each snapshot of it.

A column is a field of `RunRow` or of `Snapshot`, a setting of `ganzoo.training.settings` or a
measure. Empty fields are figures that do not exist; NaN and infinity are not written, so that
pandas reads numbers as numbers.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, NamedTuple

from ganzoo.comparison.runs.columns import Column
from ganzoo.errors import InputError
from ganzoo.files.names import brief
from ganzoo.metrics.measures import FIGURES, MEASURES, OF_CAPTIONS, TRANSLATED
from ganzoo.training.setting import Setting
from ganzoo.training.settings import tabled

STATUSES = ("done", "diverged", "failed", "missing")
# Settings that all runs of a cell share; its growth and its seeds are fields of their own.
CELL_SETTINGS = [s for s in tabled() if s.name not in ("grow", "seed")]
COUNTS = re.compile(r"[0-9]{1,15}(;[0-9]{1,15})*")  # of a histogram
# Columns that folders of earlier versions lack.
NEW = (
    *("sliced_wasserstein", "vendi", "authenticity", "memorisation_deviation", "as_asked"),
    "reached",
    *OF_CAPTIONS,
    *TRANSLATED,
)
LATER = (*NEW, "processor_seconds", "flops_a_sample", "seconds_a_sample")
KINDS: dict[Any, str] = {str: "text", tuple[int, ...]: "text", int: "integer", float: "number"}
KINDS |= {int | None: "integer", float | None: "number"}


class Cost(NamedTuple):
    """What a run took, as tables show it."""

    label: str  # The heading of its column.
    note: str  # What it means.
    scale: float  # Shown figures are this much larger.


def _cost(label: str, note: str = "", scale: float = 1) -> Any:
    return field(default=None, metadata={"cost": Cost(label, note, scale)})


@dataclass(frozen=True)
class RunRow:
    """One run, as a row of `results.csv`; a field without a default is never empty there."""

    cell: str
    growth: str  # `"progressive"` or `"direct"`.
    seed: int
    status: str  # One of `STATUSES`.
    # Settings of `CELL_SETTINGS` by column, as `Setting.field` gives them: specs of penalties
    # are separated by spaces, and the architecture's spec has no seed.
    settings: dict[str, Any] = field(default_factory=dict)
    verdict: str = ""  # The evaluator's: healthy, collapsed, ...; empty where there is none.
    reason: str = ""  # Why it is not healthy or not done.
    kimg: float | None = _cost("kimg", "Thousands of real images shown to the discriminator.")
    d_updates: int | None = _cost("D updates")
    g_updates: int | None = _cost("G updates")
    flops: float | None = _cost(
        "TFLOP", "10¹² floating-point operations of one training.", 1e-12
    )
    seconds: float | None = _cost("Seconds", "Of one training.")  # On the wall.
    processor_seconds: float | None = _cost("Of the processor", "Seconds, all cores together.")
    parameters: int | None = _cost("Weights")  # At the end of the schedule.
    flops_a_sample: float | None = _cost(
        "MFLOP a sample", "10⁶ operations for one image made.", 1e-6
    )
    seconds_a_sample: float | None = _cost(
        "ms a sample", "To make one image of many at a time.", 1e3
    )
    count: int | None = None  # Images that were scored.
    # Final figures by the names in `FIGURES`; `None` where there is none.
    measures: dict[str, float | None] = field(default_factory=dict)
    histogram: tuple[int, ...] = ()  # Images per class; empty where there are no classes.
    run: str = ""  # The run's folder, relative to the comparison's.
    command: str = ""  # What trains this run alone.
    fingerprint: str = ""  # Of everything that decides the run, see `runs.fingerprint`.

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


COSTS: dict[str, Cost] = {
    each.name: each.metadata["cost"] for each in fields(RunRow) if "cost" in each.metadata
}


@dataclass(frozen=True)
class Snapshot:
    """One run at one moment: a row of `curves.csv`."""

    cell: str
    seed: int
    kimg: float  # Thousands of real images shown so far.
    seconds: float  # Of training so far, on the wall.
    # Of training so far, of all processor cores together.
    processor_seconds: float | None = field(default=None, kw_only=True)
    measures: dict[str, float | None] = field(default_factory=dict)  # As in `RunRow`.


def _columns(row: type[RunRow | Snapshot]) -> Iterator[Column]:
    """Columns of the fields of a row, in their order."""
    for each in fields(row):
        if each.name == "measures":
            yield from (Column(name, "number", later=name in LATER) for name in FIGURES)
        elif each.name != "settings":
            yield Column(
                each.name,
                KINDS[each.type],
                required=each.default is MISSING,
                options=STATUSES if each.name == "status" else (),
                negative=each.name == "seed",
                later=each.name in LATER,
            )


def _setting_column(setting: Setting) -> Column:
    """The column of a setting; earlier versions knew those alone that a comparison varies."""
    may_be_empty = setting.optional or setting.of_model or setting.kind.type is list
    known = bool(setting.plural) and setting.needed
    return Column(
        setting.column,
        KINDS[setting.field_type],
        required=known and not may_be_empty,
        options=setting.fields,
        later=not known,
    )


_CELL, *_REST = _columns(RunRow)
_SETTINGS = {setting.column: _setting_column(setting) for setting in tabled()}
_FIELDS = (column for column in _REST if column.name not in _SETTINGS)
RUN_COLUMNS = (_CELL, *_SETTINGS.values(), *_FIELDS)
CURVE_COLUMNS = tuple(_columns(Snapshot))


def fields_of(row: RunRow | Snapshot) -> dict[str, Any]:
    """The value of each column."""
    found = {**vars(row), **getattr(row, "settings", {}), **row.measures}
    return found | {"histogram": ";".join(map(str, found.get("histogram", ())))}


def run_row(found: dict[str, Any]) -> RunRow:
    """The run of a row that `read_csv` gave; `InputError` if its histogram is none."""
    text = found["histogram"]
    if text and not COUNTS.fullmatch(text):
        raise InputError(
            f"{found['line']}: 'histogram' must be counts such as 3;0;12, not {brief(text)}."
        )
    found["histogram"] = tuple(map(int, text.split(";"))) if text else ()
    found["settings"] = {s.column: found.pop(s.column) for s in CELL_SETTINGS}
    return RunRow(**_with_measures(found))


def snapshot(found: dict[str, Any]) -> Snapshot:
    """The snapshot of a row that `read_csv` gave."""
    return Snapshot(**_with_measures(found))


def _with_measures(found: dict[str, Any]) -> dict[str, Any]:
    del found["line"]
    found["measures"] = {name: found.pop(name) for name in FIGURES}
    return found
