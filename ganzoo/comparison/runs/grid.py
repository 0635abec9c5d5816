"""What is compared: cells, each a variant, times seeds."""

import itertools
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganzoo.comparison.runs.settings import MOST_SEEDS
from ganzoo.errors import InputError
from ganzoo.files.names import brief, clean
from ganzoo.files.read import explained
from ganzoo.files.read import read_toml as read
from ganzoo.spec import split_outside
from ganzoo.training.config import current
from ganzoo.training.setting import Setting, is_number
from ganzoo.training.settings import GROWTHS, OWN, SETTINGS, shared, varied

OF_A_GAME = ("loss", "penalties")  # Settings that only models with players have.
NONE = "none"  # No penalties.
EXAMPLES = {"penalties": ['["r1:gamma=1"]'], "reading": ['{fit = "pad"}']}  # In TOML.
TOGETHER = re.compile(r"\+(?=\s*[A-Za-z_])")  # Not the plus in 1e+3.


@dataclass(frozen=True)
class Cell:
    """One variant of a comparison."""

    name: str  # What it is called in tables.
    settings: Mapping[str, Any]  # Keywords of `Trainer` in which cells may differ.

    def __post_init__(self) -> None:
        if not (name := clean(self.name)):  # As a table's field holds it.
            raise InputError("A cell's name is empty. Give it one, or leave it out.")
        object.__setattr__(self, "name", name)

    def keywords(self, common: Mapping[str, Any], seed: int) -> dict[str, Any]:
        """Keywords of the cell's `Trainer` for one seed."""
        return {**common, **self.settings, "seed": seed}


def product(
    axes: Mapping[str, Sequence[str]],
    growth: Sequence[str] = GROWTHS[:1],
    without_loss: Collection[str] = (),
) -> list[Cell]:
    """Every combination, named by what sets it apart from the others.

    Args:
        axes: Specs by name of a setting. Penalties that go together are joined by `+`;
            `"own"` stands for those recommended for each loss, `"none"` for none.
        growth: Of `GROWTHS`.
        without_loss: Models that have neither a loss nor penalties: one cell each.
    """
    axes = {name: specs for name, specs in axes.items() if specs}
    if not axes:
        raise InputError("Nothing is named to be compared, such as --losses wgan-gp,lsgan.")
    always = ("loss",) if "loss" in axes or len(axes.get("model", ())) < 2 else ()
    of_model = "loss" not in axes and "model" in axes  # The loss is what each recommends.
    axes = {"loss": [SETTINGS["loss"].default], **axes}
    settings = [setting for setting in varied() if setting.name in axes]
    cells: list[Cell] = []
    seen: list[Any] = []
    for specs in itertools.product(*(axes[setting.name] for setting in settings)):
        chosen = list(zip(settings, specs, strict=True))
        if set(specs) & set(without_loss):
            chosen = [(s, spec) for s, spec in chosen if s.name not in OF_A_GAME]
            if chosen in seen:
                continue
            seen.append(chosen)
        given = {s.name: _value(s, spec) for s, spec in chosen if not _is_own(s, spec)}
        if of_model:
            given.pop("loss", None)
        told = [s.name in always or _tells_apart(s, spec, axes[s.name]) for s, spec in chosen]
        parts = [spec for (_, spec), tells in zip(chosen, told, strict=True) if tells]
        parts = parts or [spec for s, spec in chosen if s.name == "model"]
        for grown in growth:
            name = " ".join([*parts, grown] if len(growth) > 1 else parts)
            cells.append(Cell(name, given | {"grow": grown == GROWTHS[0]}))
    return _of_different_names(cells, "Give each variant once.")


def _is_own(setting: Setting, spec: str) -> bool:
    """Whether a spec leaves the setting to the loss."""
    return setting.kind.type is list and spec == OWN


def _value(setting: Setting, spec: str) -> str | list[str]:
    """What `Trainer` takes for a spec of an axis."""
    if setting.kind.type is not list:
        return spec
    return [] if spec == NONE else TOGETHER.split(spec)


def _tells_apart(setting: Setting, spec: str, among: Sequence[str]) -> bool:
    """Whether a spec stands in the name of its cell."""
    if setting.kind.type is list:
        return spec not in (OWN, NONE) or {OWN, NONE} <= set(among)
    return len(among) > 1


def _of_different_names(cells: list[Cell], advice: str) -> list[Cell]:
    names = [cell.name for cell in cells]
    if twice := next((name for name, count in Counter(names).items() if count > 1), None):
        raise InputError(f"Two cells are called {brief(twice)}. {advice}")
    return cells


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
    """Read `0-4` or `0,3,7` or both mixed, or what TOML has for it: 3 or [0, 3, 7]."""
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
    """Read `1/4`: the first of four parts; gives (0, 4)."""
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
    """Raises `InputError` unless all keys are settings or `others` and hold what they say."""
    known = {s.name: s.kind for s in (*varied(), *shared())}
    for key, value in entry.items():
        if key in others:
            continue
        if key not in known:
            names = ", ".join([*others, *known])
            raise InputError(f"{where}: {brief(key)} cannot be set. Known: {names}.")
        kind = known[key]
        if not kind.is_typed(value):
            what = ", such as ".join([kind.noun, *EXAMPLES.get(key, ())])
            raise InputError(f"{where}: {key} is {what}. Received: {brief(value)}.")
        if isinstance(value, int | float) and not is_number(value):
            raise InputError(f"{where}: {key} is no such number. Received: {brief(value)}.")


def _cell(where: str, entry: dict[str, Any]) -> Cell:
    entry = current(entry)
    if not {"loss", "model"} & entry.keys():
        raise InputError(f"{where} has no loss, such as loss = 'hinge', and no model.")
    _check_keys(where, entry, "name", "growth")
    growth = entry.pop("growth", GROWTHS[0])
    if growth not in GROWTHS:
        raise InputError(f"{where}: growth is {' or '.join(GROWTHS)}.")
    name = str(entry.pop("name", entry.get("loss") or entry["model"]))
    return Cell(name, entry | {"grow": growth == GROWTHS[0]})
