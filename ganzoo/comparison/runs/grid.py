"""What is compared: cells, each a variant, times seeds."""

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganzoo.comparison.runs.settings import GROWTHS, MOST_SEEDS
from ganzoo.errors import InputError
from ganzoo.files.names import brief, clean
from ganzoo.files.read import explained
from ganzoo.files.read import read_toml as read
from ganzoo.spec import split_outside
from ganzoo.training.config import current, is_number

# Choices of penalties that need no name where only one of them is compared.
UNNAMED: dict[str, tuple[str, ...] | None] = {"own": None, "none": ()}
TOGETHER = re.compile(r"\+(?=\s*[A-Za-z_])")  # Not the plus in 1e+3.
# Keywords of Trainer that a file may set, and what they hold: Trainer would meet another type
# too late or too obscurely.
TEXT, WHOLE, NUMBER = (str, "a text"), (int, "a whole number"), ((int, float), "a number")
TYPES: dict[str, tuple[Any, str]] = {
    **dict.fromkeys(("model", "loss", "architecture", "precision", "data"), TEXT),
    **dict.fromkeys(("schedule", "optimizer"), TEXT),
    **dict.fromkeys(("batch", "critic_steps", "per_class", "score", "keep"), WHOLE),
    **dict.fromkeys(("ema", "tick", "snap"), NUMBER),
    "penalties": (list, 'a list of texts, such as ["r1:gamma=1"]'),
    "reading": (dict, 'a table, such as {fit = "pad"}'),
}


@dataclass(frozen=True)
class Cell:
    """One variant of a comparison.

    Attributes:
        name: What it is called in tables.
        loss: Spec of the loss.
        penalties: Specs of penalties; `None`: those that the loss does best with.
        architecture: Spec of the architecture.
        growth: `"progressive"`, or `"direct"` for the last resolution from the start.
        model: Spec of the kind of model; `None` for a plain GAN.
        settings: Further keywords of `Trainer` in which this cell differs.
    """

    name: str
    loss: str
    penalties: tuple[str, ...] | None = None
    architecture: str | None = None
    growth: str = "progressive"
    model: str | None = None
    settings: tuple[tuple[str, Any], ...] = ()

    def __post_init__(self) -> None:
        if not (name := clean(self.name)):  # As a table's field holds it.
            raise InputError("A cell's name is empty. Give it one, or leave it out.")
        object.__setattr__(self, "name", name)

    def keywords(self, common: dict[str, Any], seed: int) -> dict[str, Any]:
        """Keywords of the cell's `Trainer` for one seed."""
        own: dict[str, Any] = {"loss": self.loss}
        if self.penalties is not None:
            own["penalties"] = list(self.penalties)
        if self.architecture:
            own["architecture"] = self.architecture
        if self.model:
            own["model"] = self.model
        own["grow"] = self.growth == "progressive"
        return common | own | dict(self.settings) | {"seed": seed}


def product(
    losses: Sequence[str],
    penalties: Sequence[str] = ("own",),
    architectures: Sequence[str] = (),
    growth: Sequence[str] = ("progressive",),
    models: Sequence[str] = (),
) -> list[Cell]:
    """Every combination, named by what sets it apart from the others.

    Args:
        losses: Specs.
        penalties: Specs, joined by `+` where they go together; `"own"` for those that each
            loss does best with, `"none"` for none.
        architectures: Specs; none for the default.
        growth: Of `GROWTHS`.
        models: Specs; none for a plain GAN.
    """
    architectures, models = architectures or [""], models or [""]
    cells = [
        Cell(
            name=_name(
                (model, len(models) > 1),
                (loss, len(losses) > 1 or len(models) == 1),
                (priced, priced not in UNNAMED or UNNAMED.keys() <= set(penalties)),
                (architecture, len(architectures) > 1),
                (grown, len(growth) > 1),
            ),
            loss=loss,
            penalties=UNNAMED[priced] if priced in UNNAMED else tuple(TOGETHER.split(priced)),
            architecture=architecture or None,
            growth=grown,
            model=model or None,
        )
        for model, loss, priced, architecture, grown in itertools.product(
            models, losses, penalties, architectures, growth
        )
    ]
    if not cells:
        raise InputError("Nothing is named to be compared, such as --losses wgan-gp,lsgan.")
    return _of_different_names(cells, "Give each variant once.")


def _of_different_names(cells: list[Cell], advice: str) -> list[Cell]:
    names = [cell.name for cell in cells]
    if twice := next((name for name, count in Counter(names).items() if count > 1), None):
        raise InputError(f"Two cells are called {brief(twice)}. {advice}")
    return cells


def _name(*parts: tuple[str, bool]) -> str:
    return " ".join(text for text, shown in parts if shown)


def split(text: str) -> list[str]:
    """Split `lsgan:a=-1,b=1,c=0,hinge` at commas between specs, not within one."""
    specs: list[str] = []
    for piece in split_outside(text, ","):
        if specs and re.match(r"\s*[A-Za-z_]\w*=", piece):
            specs[-1] += f",{piece}"
        elif piece.strip():
            specs.append(piece)
    return [spec.strip() for spec in specs]


def parse_seeds(given: str | int | list[int]) -> list[int]:
    """Read `0-4` or `0,3,7` or both mixed, or what a file in TOML has for it: 3 or [0, 3, 7].

    Raises:
        InputError: If it is none of these, or a seed is there twice.
    """
    text = ",".join(map(str, given)) if isinstance(given, list) else str(given)
    seeds: list[int] = []
    for part in text.split(","):
        match = re.fullmatch(r"\s*([0-9]{1,15})(?:-([0-9]{1,15}))?\s*", part)
        if not match:
            raise InputError(f"Seeds are written as 0-4 or 0,3,7. Received: {brief(text)}.")
        first, last = int(match[1]), int(match[2] or match[1])
        if last - first + len(seeds) >= MOST_SEEDS:
            raise InputError(
                f"A comparison has {MOST_SEEDS:,} seeds at most. Received: {brief(text)}."
            )
        seeds += range(first, last + 1)
    if not seeds or len(set(seeds)) < len(seeds):
        raise InputError(f"Each seed is named once, such as 0-4. Received: {brief(text)}.")
    return seeds


def parse_shard(text: str) -> tuple[int, int]:
    """Read `1/4`: the first of four parts; gives (0, 4).

    Raises:
        InputError: If it is not of this form.
    """
    match = re.fullmatch(r"([0-9]{1,9})/([0-9]{1,9})", text)
    if not match or not 1 <= int(match[1]) <= int(match[2]):
        raise InputError(
            f"--shard takes i/n with i from 1 to n, such as 1/4. Received: {brief(text)}."
        )
    return int(match[1]) - 1, int(match[2])


def read_toml(path: Path) -> tuple[list[Cell], dict[str, Any]]:
    """Cells and common settings from a file.

    ```toml
    seeds = "0-4"
    preset = "quick"
    data = "unown"

    [[cells]]
    name = "paper's own"
    loss = "wgan-gp:critic_steps=5"
    optimizer = "adam:learning_rate=0.0001,beta_1=0.0,beta_2=0.9"
    ```

    Raises:
        InputError: If it is not TOML or a cell is not one.
    """
    with explained(path, "TOML"):
        content = current(read(path))
    entries = content.pop("cells", [])
    tables = isinstance(entries, list) and all(isinstance(each, dict) for each in entries)
    if not entries or not tables:
        raise InputError(f"{path} has no [[cells]], each with at least a loss.")
    cells = [_cell(f"Cell {number} of {path}", e) for number, e in enumerate(entries, 1)]
    _check_keys(str(path), content, "seeds", "preset")
    return _of_different_names(cells, f"Give each in {path} a name of its own."), content


def _check_keys(where: str, entry: dict[str, Any], *others: str) -> None:
    """Raises `InputError` unless all keys are of `TYPES` or `others` and hold what they say."""
    for key, value in entry.items():
        if key not in TYPES and key not in others:
            known = ", ".join([*others, *TYPES])
            raise InputError(f"{where}: {brief(key)} cannot be set. Known: {known}.")
        kind, what = TYPES.get(key, (object, ""))
        texts = not isinstance(value, list) or all(isinstance(each, str) for each in value)
        if what and (not isinstance(value, kind) or isinstance(value, bool) or not texts):
            raise InputError(f"{where}: {key} is {what}. Received: {brief(value)}.")
        if isinstance(value, int | float) and not is_number(value):
            raise InputError(f"{where}: {key} is no such number. Received: {brief(value)}.")


def _cell(where: str, entry: dict[str, Any]) -> Cell:
    entry = current(entry)
    if "loss" not in entry:
        raise InputError(f"{where} has no loss, such as loss = 'hinge'.")
    _check_keys(where, entry, "name", "growth")
    growth = entry.pop("growth", "progressive")
    if growth not in GROWTHS:
        raise InputError(f"{where}: growth is {' or '.join(GROWTHS)}.")
    return Cell(
        name=str(entry.pop("name", entry["loss"])),
        loss=entry.pop("loss"),
        penalties=tuple(entry.pop("penalties")) if "penalties" in entry else None,
        architecture=entry.pop("architecture", None),
        growth=growth,
        model=entry.pop("model", None),
        settings=tuple(sorted(entry.items())),
    )
