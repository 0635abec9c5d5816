"""The runs that a comparison consists of, each in a folder named by its fingerprint."""

import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganzoo.comparison.runs.fingerprint import fingerprint
from ganzoo.comparison.runs.grid import Cell
from ganzoo.comparison.runs.run_files import check_config
from ganzoo.data.image_set import ImageSet
from ganzoo.errors import InputError
from ganzoo.training.run import Run
from ganzoo.training.settings import command
from ganzoo.training.trainer import Trainer

BETWEEN_LINES = 3.0  # seconds


@dataclass(frozen=True)
class Plan:
    """One run to make: a cell and a seed."""

    cell: Cell
    seed: int
    fingerprint: str  # Hash of everything that decides the run.
    path: Path  # Its folder.
    config: dict[str, Any]  # Complete keywords of its `Trainer`.
    flops: float  # Operations of the whole training, an estimate.
    flops_a_sample: float  # Operations for one image that is made at the end, an estimate.
    parameters: int  # Weights of the networks at the end of the schedule.
    updates: Mapping[str, int]  # Updates of each network in a step, by role.

    @property
    def run(self) -> Run:
        """The run in `path`; `prepare` makes it."""
        return Run(self.path)

    def prepare(self) -> None:
        """Make the folder and its config, unless they are there.

        Raises:
            InputError: If the config that is there is another one.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        if (self.path / "config.json").exists():
            check_config(self.run, self.config)
        else:
            self.run.write_json("config.json", self.config | {"command": self.command})

    @property
    def command(self) -> str:
        """What trains this run alone, anywhere."""
        return command(self.config)


def make_plans(
    cells: Sequence[Cell],
    seeds: Sequence[int],
    common: dict[str, Any],
    out: Path,
    images: ImageSet,
    report: Callable[[str], None] = lambda line: None,
) -> list[Plan]:
    """One plan per seed and cell, seed by seed, so that pairs are complete early.

    Cells that differ in name alone share their runs.

    Args:
        cells: The variants.
        seeds: Of every cell.
        common: Keywords of `Trainer` that all cells share.
        out: The comparison's folder.
        images: What all train on.
        report: Called with a line every few seconds.

    Raises:
        InputError: If a setting of a cell cannot be used.
    """
    plans: list[Plan] = []
    said = time.monotonic()
    for seed, cell in itertools.product(seeds, cells):
        if time.monotonic() - said > BETWEEN_LINES:
            said = time.monotonic()
            report(f"planned {len(plans):,} of {len(seeds) * len(cells):,} runs")
        try:
            trainer = Trainer(**cell.keywords(common, seed), images=images).prepare()
        except InputError as error:
            raise InputError(f"The cell {cell.name!r}: {error}") from error
        config, name = trainer.config, fingerprint(trainer.config)
        flops = (trainer.total_flops, trainer.flops_of_a_sample)
        costs = (*flops, trainer.parameters, trainer.updates)
        plans.append(Plan(cell, seed, name, out / "runs" / name, config, *costs))
    return plans
