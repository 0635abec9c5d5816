"""The runs that a comparison consists of, each in a folder named by its address."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganzoo.comparison.address import address
from ganzoo.comparison.grid import Cell
from ganzoo.data.image_set import ImageSet
from ganzoo.errors import InputError
from ganzoo.training.run import Run
from ganzoo.training.trainer import Trainer


@dataclass(frozen=True)
class Plan:
    """One run to make: a cell and a seed.

    Attributes:
        cell: The variant.
        seed: The run's seed.
        address: Digest of everything that decides the run.
        path: Its folder.
        config: Complete keywords of its `Trainer`.
        flops: Operations of the whole training, an estimate.
        parameters: Weights of generator and discriminator at the end of the schedule.
    """

    cell: Cell
    seed: int
    address: str
    path: Path
    config: dict[str, Any]
    flops: float
    parameters: int

    @property
    def run(self) -> Run:
        """The run in `path`; `prepare` makes it."""
        return Run(self.path)

    def prepare(self) -> None:
        """Make the folder and its config, unless they are there."""
        self.path.mkdir(parents=True, exist_ok=True)
        if not (self.path / "config.json").exists():
            self.run.write_json("config.json", self.config | {"command": self.command})

    @property
    def command(self) -> str:
        """What trains this run alone, anywhere."""
        options = [(f"--{option}", self.config[key]) for key, option in OPTIONS.items()]
        penalties = self.config["penalties"] or ["none"]
        options += [("--penalty", penalty) for penalty in penalties]
        words = [f"{name} {shlex.quote(str(v))}" for name, v in options if v is not None]
        growth = [] if self.config["grow"] else ["--no-growth"]
        return " ".join(["ganzoo train", *words, *growth])


OPTIONS = {
    "loss": "loss",
    "architecture": "arch",
    "data": "data",
    "schedule": "schedule",
    "batch": "batch",
    "critic_steps": "critic-steps",
    "optimizer": "optimizer",
    "ema": "ema",
    "tick": "tick",
    "snap": "snap",
    "per_class": "per-class",
    "metrics": "metrics",
    "seed": "seed",
    "backend": "backend",
}


def make_plans(
    cells: Sequence[Cell],
    seeds: Sequence[int],
    common: dict[str, Any],
    out: Path,
    images: ImageSet,
) -> list[Plan]:
    """One plan per seed and cell, seed by seed, so that pairs are complete early.

    Cells that differ in name alone share their runs.

    Raises:
        InputError: If a setting of a cell cannot be used.
    """
    plans = []
    for seed in seeds:
        for cell in cells:
            trainer = _trainer(cell, common, seed, images)
            name = address(trainer.config)
            plans.append(
                Plan(
                    cell=cell,
                    seed=seed,
                    address=name,
                    path=out / "runs" / name,
                    config=trainer.config,
                    flops=trainer.total_flops,
                    parameters=trainer.parameters,
                )
            )
    return plans


def _trainer(cell: Cell, common: dict[str, Any], seed: int, images: ImageSet) -> Trainer:
    try:
        return Trainer(**cell.keywords(common, seed), images=images)
    except InputError as error:
        raise InputError(
            f"The cell {cell.name!r}: {error}" if cell.settings else error
        ) from error
