"""What a preset says of the cells of a comparison."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ganzoo.comparison.runs.grid import Cell
from ganzoo.models.choice import Choice
from ganzoo.training.recommendations import without_recommended
from ganzoo.training.settings import SETTINGS


def with_preset(
    cells: Sequence[Cell], preset: Mapping[str, Any], chosen: Mapping[str, Any]
) -> tuple[list[Cell], dict[str, Any]]:
    """Cells and common settings with those of a preset.

    What a person has chosen wins over what a kind of model or its loss recommends, and that
    wins over the preset. So where they recommend different settings, the preset's is in the
    other cells.

    Args:
        cells: The cells.
        preset: Settings by name.
        chosen: Settings for all cells that a person has chosen.
    """
    free = {key: value for key, value in preset.items() if key not in chosen}
    usual = {"model": SETTINGS["model"].default} | dict(chosen)
    given = [usual | dict(cell.settings) for cell in cells]
    left = [without_recommended(free, Choice.of(g["model"]), g.get("loss")) for g in given]
    of_all = {key: value for key, value in free.items() if all(key in own for own in left)}
    made = [
        replace(cell, settings=_without(own, of_all) | dict(cell.settings))
        for cell, own in zip(cells, left, strict=True)
    ]
    return made, of_all | dict(chosen)


def _without(settings: Mapping[str, Any], others: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in settings.items() if key not in others}
