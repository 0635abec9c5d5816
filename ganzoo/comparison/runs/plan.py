"""The runs that a comparison consists of, each in a folder named by its fingerprint."""

import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ganzoo.comparison.runs.fingerprint import fingerprint
from ganzoo.comparison.runs.grid import Cell
from ganzoo.comparison.runs.run_files import check_config
from ganzoo.data.image_set import ImageSet
from ganzoo.errors import InputError
from ganzoo.models.choice import Choice
from ganzoo.training.recommendations import without_recommended
from ganzoo.training.run import CONFIG, Run
from ganzoo.training.settings import SETTINGS, command
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

    @property
    def command(self) -> str:
        """What trains this run alone, anywhere."""
        return command(self.config)

    def prepare(self) -> None:
        """Make the folder and its config, unless they are there; what is there is checked."""
        self.path.mkdir(parents=True, exist_ok=True)
        if (self.path / CONFIG).exists():
            check_config(self.run, self.config)
        else:
            self.run.write_json(CONFIG, self.config | {"command": self.command})


def make_plans(
    cells: Sequence[Cell],
    seeds: Sequence[int],
    common: dict[str, Any],
    out: Path,
    images: ImageSet,
    report: Callable[[str], None] = lambda line: None,
) -> list[Plan]:
    """One plan per seed and cell, seed by seed, so that pairs are complete early.

    Cells that differ in name alone share their runs. See `compare` for the arguments; `images`
    are what all train on, and `report` is called with a line every few seconds.

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
        config = trainer.config
        name = fingerprint(config, images.held_out)
        flops = (trainer.total_flops, trainer.flops_of_a_sample)
        costs = (*flops, trainer.parameters, trainer.updates)
        plans.append(Plan(cell, seed, name, out / "runs" / name, config, *costs))
    return plans


def with_preset(
    cells: Sequence[Cell], preset: Mapping[str, Any], chosen: Mapping[str, Any]
) -> tuple[list[Cell], dict[str, Any]]:
    """Cells and common settings with those of a preset.

    What a person has `chosen` for all cells wins over what a kind of model or its loss
    recommends, and that wins over the preset. So where they recommend different settings, the
    preset's is in the other cells.
    """
    free = {key: value for key, value in preset.items() if key not in chosen}
    usual = {"model": SETTINGS["model"].default} | dict(chosen)
    given = [usual | dict(cell.settings) for cell in cells]
    left = [without_recommended(free, Choice.of(g["model"]), g.get("loss")) for g in given]
    of_all = {key: value for key, value in free.items() if all(key in own for own in left)}
    made = []
    for cell, own in zip(cells, left, strict=True):
        beside = {key: value for key, value in own.items() if key not in of_all}
        made.append(replace(cell, settings=beside | dict(cell.settings)))
    return made, of_all | dict(chosen)
