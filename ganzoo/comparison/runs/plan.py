"""The runs that a comparison consists of, each in a folder named by its fingerprint."""

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


@dataclass(frozen=True)
class Plan:
    """One run to make: a cell and a seed.

    Attributes:
        cell: The variant.
        seed: The run's seed.
        fingerprint: Hash of everything that decides the run.
        path: Its folder.
        config: Complete keywords of its `Trainer`.
        flops: Operations of the whole training, an estimate.
        parameters: Weights of the networks at the end of the schedule.
        updates: Updates of each network in a step, by role.
    """

    cell: Cell
    seed: int
    fingerprint: str
    path: Path
    config: dict[str, Any]
    flops: float
    parameters: int
    updates: Mapping[str, int]

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


BETWEEN_LINES = 3.0  # seconds


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
    for seed in seeds:
        for cell in cells:
            if time.monotonic() - said > BETWEEN_LINES:
                said = time.monotonic()
                report(f"planned {len(plans):,} of {len(seeds) * len(cells):,} runs")
            trainer = _trainer(cell, common, seed, images)
            name = fingerprint(trainer.config)
            plans.append(
                Plan(
                    cell=cell,
                    seed=seed,
                    fingerprint=name,
                    path=out / "runs" / name,
                    config=trainer.config,
                    flops=trainer.total_flops,
                    parameters=trainer.parameters,
                    updates=trainer.updates,
                )
            )
    return plans


def _trainer(cell: Cell, common: dict[str, Any], seed: int, images: ImageSet) -> Trainer:
    try:
        return Trainer(**cell.keywords(common, seed), images=images).prepare()
    except InputError as error:
        raise InputError(f"The cell {cell.name!r}: {error}") from error
