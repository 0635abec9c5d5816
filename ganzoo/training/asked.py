"""What a person asks a trained generator for, as labels."""

import unicodedata
from collections.abc import Sequence

import keras
import numpy as np

from ganzoo.errors import InputError
from ganzoo.networks import takes_labels
from ganzoo.samples import in_turn
from ganzoo.training.run import Run
from ganzoo.variant import check_whole

ALL = "all"


Label = str | int  # A class by its name, or by its number from 0.


def labels(
    run: Run, generator: keras.Model, asked: Label | Sequence[Label] | None, count: int
) -> np.ndarray | None:
    """Labels of `count` images, each of the classes that were asked for in its turn.

    Args:
        run: The run.
        generator: Its generator.
        asked: A class, or several: a list of them, or their names with commas between them;
            `"all"` or `None` for all.
        count: How many labels.

    Returns:
        int32 [count], or `None` where the run has no condition and nothing was asked.

    Raises:
        InputError: If the run has no condition, or no class of a name or a number.
    """
    if not takes_labels(generator):
        if asked is not None:
            raise InputError(_no_condition(run))
        return None
    classes = run.config["classes"]
    if asked is None or (isinstance(asked, str) and asked == ALL):
        return in_turn(count, len(classes))
    if isinstance(asked, str):
        several: Sequence[Label] = [name.strip() for name in asked.split(",")]
    else:
        several = asked if isinstance(asked, Sequence) else [asked]
    if not several:
        raise InputError(f"No class is named. The classes: {', '.join(classes)}; or {ALL}.")
    wanted = [_find(run, classes, each) for each in several]
    return np.array(wanted, np.int32)[in_turn(count, len(wanted))]


def letters(run: Run, generator: keras.Model, text: str) -> list[list[int | None]]:
    """The class of each character of a text, by line; `None` for a space.

    A character is a class by its name, upper or lower case, or by the beginning of its
    Unicode name: `?` is the class "question".

    Raises:
        InputError: If the run has no condition, no class of a character, or nothing is written.
    """
    if not takes_labels(generator):
        raise InputError(_no_condition(run))
    classes = run.config["classes"]
    known = {c: _class_of(c, classes) for c in dict.fromkeys(text) if not c.isspace()}
    if missing := [c for c, found in known.items() if found is None]:
        raise InputError(
            f"{run.path} has no class for {', '.join(map(repr, missing))}. Its classes: "
            f"{', '.join(classes)}."
        )
    if not known:
        raise InputError("There is nothing to write but spaces. Give a text such as HELLO.")
    return [[known.get(c) for c in line.rstrip()] for line in text.splitlines()]


def written(lines: Sequence[Sequence[int | None]]) -> np.ndarray:
    """The labels of `letters` that are images, without spaces, int32 [N]."""
    return np.array([c for line in lines for c in line if c is not None], np.int32)


def _class_of(character: str, classes: Sequence[str]) -> int | None:
    names = [character, character.upper(), character.lower()]
    full = unicodedata.name(character, "").lower()
    names += [full, full.replace(" ", "_"), full.replace(" ", "-"), full.partition(" ")[0]]
    return next((classes.index(name) for name in names if name in classes), None)


def _find(run: Run, classes: Sequence[str], label: Label) -> int:
    if not isinstance(label, str):
        check_whole(0, len(classes) - 1, label=label)
        return int(label)
    if label in classes:
        return classes.index(label)
    folded = [i for i, each in enumerate(classes) if each.lower() == label.lower()]
    if len(folded) == 1:
        return folded[0]
    raise InputError(
        f"{run.path} has no class {label!r}. Its classes: {', '.join(classes)}; or {ALL}."
    )


def _no_condition(run: Run) -> str:
    return (
        f"{run.path} has no condition: its generator cannot be asked for a class. Train with "
        "one: ganzoo train --condition labels"
    )
