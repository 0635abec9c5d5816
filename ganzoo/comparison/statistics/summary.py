"""All that tables and pages show, worked out once."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ganzoo.comparison.runs.results import Results
from ganzoo.comparison.statistics.cells import (
    CellSummary,
    Spread,
    shared_seconds,
    spread,
    summarise,
    values_at,
)
from ganzoo.comparison.statistics.growth_claims import Claim, growth_claims
from ganzoo.comparison.statistics.pairs import IMAGES, Pair, compare_all
from ganzoo.metrics.measures import MEASURES

FAILED = "failed"  # What a figure is called that a failed run makes infinite.


@dataclass(frozen=True)
class Summary:
    """The statistics of a comparison, each made when first asked for."""

    results: Results

    @cached_property
    def cells(self) -> list[CellSummary]:
        """Each cell over its seeds."""
        return [summarise(self.results, cell) for cell in self.results.cells]

    @cached_property
    def seconds(self) -> float | None:
        """Time of the view at equal seconds."""
        return shared_seconds(self.results)

    @property
    def equal_images(self) -> bool:
        """Whether all runs that did not fail saw as many real images, but for a last step."""
        kimg = [run.kimg for run in self.results.runs if not run.failed and run.kimg]
        return not kimg or max(kimg) <= 1.01 * min(kimg)

    @cached_property
    def pairs(self) -> list[Pair]:
        """Each cell against its reference, in each view."""
        return compare_all(self.results, self.seconds)

    @cached_property
    def claims(self) -> list[Claim]:
        """What was said of growing, held against these runs."""
        return growth_claims(self.results)

    @property
    def shown(self) -> list[str]:
        """Measures that any run has, in the order of `MEASURES`."""
        made = [run for run in self.results.runs if not run.failed]
        return [m for m in MEASURES if any(r.measures.get(m) is not None for r in made)]

    def pair(self, cell: str, view: str = IMAGES) -> Pair | None:
        """The comparison of `cell` with its reference; `None` for the reference."""
        return next((p for p in self.pairs if (p.cell, p.view) == (cell, view)), None)

    def at_seconds(self, cell: str, measure: str) -> Spread | None:
        """A figure of `cell` at equal seconds, over its seeds."""
        if self.seconds is None:
            return None
        return spread(values_at(self.results, cell, measure, self.seconds))

    def as_json(self) -> dict[str, Any]:
        """Medians, intervals, comparisons and claims.

        A figure that a failed run makes infinite is the text `"failed"`, a difference
        `"inf"` where the cell failed and `"-inf"` where its reference did.
        """
        return {
            "title": self.results.settings["title"],
            "seconds": self.seconds,
            "cells": [_cell(cell) for cell in self.cells],
            "pairs": [_pair(pair) for pair in self.pairs],
            "claims": [vars(claim) for claim in self.claims],
        }


def _finite(value: float, infinite: str = "") -> float | str:
    return value if math.isfinite(value) else infinite or str(value)


def _cell(cell: CellSummary) -> dict[str, Any]:
    measures = {
        name: {
            "values": {
                str(seed): _finite(value, FAILED) for seed, value in found.values.items()
            },
            "median": _finite(found.median, FAILED),
            "interval": [_finite(end, FAILED) for end in found.interval.ends],
            "coverage": found.interval.coverage,
        }
        for name, found in cell.measures.items()
    }
    return vars(cell) | {"histogram": list(cell.histogram), "measures": measures}


def _pair(pair: Pair) -> dict[str, Any]:
    found = pair.paired
    return {
        "cell": pair.cell,
        "reference": pair.reference,
        "measure": pair.measure.name,
        "view": pair.view,
        "seeds": list(pair.seeds),
        "differences": list(map(_finite, found.differences)),
        "median_difference": _finite(found.estimate),
        "interval": list(map(_finite, found.interval.ends)),
        "coverage": found.interval.coverage,
        "p": found.p,
        "adjusted_p": pair.adjusted,
        "finding": pair.finding,
    }
