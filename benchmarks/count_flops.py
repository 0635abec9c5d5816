"""Counts the operations of finished comparisons again: `count_flops.py FOLDER...`.

Each run of `results.csv` is counted by its own loss, penalties, networks and schedule, as
`ganzoo.training.cost` counts now, and its column `flops` is written anew; nothing else changes.
The column is emptied where today's networks have another number of weights than the run's.
`ganzoo report FOLDER` then makes the tables. Folders must be of the backend that
KERAS_BACKEND names, because a step on another one shares other passes.
"""

import csv
import itertools
import shlex
import sys
from pathlib import Path

from ganzoo import architectures, backend, joint_batch, losses
from ganzoo.architectures import Architecture
from ganzoo.files.atomic import atomic
from ganzoo.losses import penalties as penalty_registry
from ganzoo.models.gan import faster_joined
from ganzoo.models.gan_passes import gan_passes
from ganzoo.schedule import Schedule, Stage
from ganzoo.training.cost import NetworkCosts
from ganzoo.training.timetable import Timetable

_costs: dict[tuple[str, Stage], tuple[NetworkCosts, bool]] = {}


def main(folders: list[str]) -> None:
    """Write the column of each folder, and print both counts."""
    for folder in folders:
        path = Path(folder) / "results.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            now, parameters = cost(shlex.split(row["command"]))
            same = parameters == int(row["parameters"])
            before, row["flops"] = row["flops"], str(now) if same else ""
            print(f"{folder}, {row['cell']}, seed {row['seed']}: {before} to {row['flops']}")
        with atomic(path) as new, new.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def cost(command: list[str]) -> tuple[float, int]:
    """Operations of the training that `ganzoo train ...` does, and weights at its end."""
    if _one(command, "--backend") != backend.name:
        raise SystemExit(f"A run of {_one(command, '--backend')}: set KERAS_BACKEND to that.")
    loss = losses.get(_one(command, "--loss"))
    given = [each for each in _all(command, "--penalty") if each != "none"]
    penalties = (*loss.penalties, *penalty_registry.get_all(given))
    schedule = Schedule.parse(_one(command, "--schedule"))
    if "--no-growth" in command:
        schedule = schedule.without_growth()
    critic_steps = int(_one(command, "--critic-steps"))
    joined = faster_joined(penalties)
    timetable = Timetable(schedule, int(_one(command, "--batch")) * critic_steps)
    spec, total = _one(command, "--arch"), 0.0
    for index, stage in enumerate(schedule):
        networks = [_networks(spec, phase) for phase, _ in timetable.phases(index)]
        counts = [
            costs.flops(gan_passes(loss, penalties, critic_steps, joins and joined))
            for costs, joins in networks
        ]
        share = stage.fade / stage.kimg
        total += 1000 * stage.kimg * round(share * counts[0] + (1 - share) * counts[-1])
    return total, networks[-1][0].parameters


def _networks(spec: str, stage: Stage) -> tuple[NetworkCosts, bool]:
    """Costs of the networks, and whether D can score two batches in one pass."""
    if (spec, stage) not in _costs:
        architecture: Architecture = architectures.get(spec)
        generator, discriminator, _ = architecture(stage)
        costs = NetworkCosts.of({"generator": generator, "discriminator": discriminator})
        _costs[spec, stage] = costs, joint_batch.possible(discriminator)
    return _costs[spec, stage]


def _all(command: list[str], option: str) -> list[str]:
    """What is given to an option, however often."""
    return [after for name, after in itertools.pairwise(command) if name == option]


def _one(command: list[str], option: str) -> str:
    return _all(command, option)[-1]


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    main(sys.argv[1:])
