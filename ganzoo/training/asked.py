"""What a person asks a trained generator for, as labels or as words."""

import csv
import unicodedata
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from ganzoo import conditions
from ganzoo.conditions.text import Text
from ganzoo.data.captions import Grammar
from ganzoo.data.named_sets import sets
from ganzoo.errors import InputError
from ganzoo.files.names import brief, shortened
from ganzoo.networks import asked_shape, class_count, takes_labels
from ganzoo.samples import in_turn
from ganzoo.training.run import CONFIG, Run
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
        asked: A class, or several: a list of them, or their names with commas between them as
            in a line of CSV, where a name that holds a comma stands in quotes; `"all"` or
            `None` for all. A class whose own name is asked, such as `"all"` or `"d,e"`, is
            that class.
        count: How many labels.

    Returns:
        int32 [count], or `None` where the run has no condition and nothing was asked. Of a run
        that is asked in words, those of the captions of its sheets, int32 [count, T].

    Raises:
        InputError: If the run has no condition, or no class of a name or a number.
    """
    if not takes_labels(generator):
        if asked is not None:
            raise InputError(_no_condition(run))
        return None
    if asked_shape(generator):
        if asked is not None:
            raise InputError(f"{run.path} is asked in words, not for a class: give a prompt.")
        return prompts(run, generator, run.config.get("captions", ()), count)[0]
    classes = _classes(run, generator)
    asked = asked.tolist() if isinstance(asked, np.ndarray) else asked
    if asked is None or _is_all(asked, classes):
        return in_turn(count, len(classes))
    is_list = isinstance(asked, Sequence) and not isinstance(asked, (str, bytes))
    given: Any = asked if is_list else [asked]
    several = [name for each in given for name in _names(each, classes)]
    if not several:
        raise InputError(f"No class of {run.path} is named. {_choice(classes)}")
    wanted = [_find(run, classes, each) for each in several]
    return np.array(wanted, np.int32)[in_turn(count, len(wanted))]


def prompts(
    run: Run, generator: keras.Model, asked: str | Sequence[str], count: int
) -> tuple[np.ndarray, list[str]]:
    """Words of `count` images, each of the prompts in its turn.

    Args:
        run: The run.
        generator: Its generator.
        asked: A prompt, or several. What one leaves open is filled by the rule of the run's
            data set, where it has one: see `ganzoo.data.captions.Grammar`.
        count: How many images.

    Returns:
        Words, int32 [count, T], and the caption of each image as the generator is given it.

    Raises:
        InputError: If the run is not asked in words, or a prompt cannot be understood.
    """
    if not asked_shape(generator):
        raise InputError(
            f"{run.path} is not asked in words. Train a run with the condition text, on a set "
            "with captions."
        )
    condition = conditions.get(run.config["condition"])
    if not isinstance(condition, Text):
        raise InputError(f"{run.path} is not asked in words, but by {condition!r}.")
    several = [asked] if isinstance(asked, str) else list(asked)
    if not several:
        raise InputError(f"{run.path} has no captions of its own: give a prompt.")
    grammar = _grammar(run)
    said = several if grammar is None else [grammar.caption(each) for each in several]
    rows = in_turn(count, len(said))
    return condition.encode(said)[rows], [said[row] for row in rows]


def _grammar(run: Run) -> Grammar | None:
    """What the captions of a run's data set mean, if it has a name and says so."""
    data = run.config["data"]
    source = sets.find(data.partition(":")[0]) if data.partition(":")[0] in sets else None
    return None if source is None else source.grammar


def letters(run: Run, generator: keras.Model, text: str) -> list[list[int | None]]:
    """The class of each character of a text, by line; `None` for a space.

    A character is a class by its name, upper or lower case, or by the beginning of its
    Unicode name: `?` is the class "question".

    Raises:
        InputError: If the run has no condition, no class of a character, or nothing is written.
    """
    if not takes_labels(generator) or asked_shape(generator):
        raise InputError(_no_condition(run))
    classes = _classes(run, generator)
    known = {c: class_of(c, classes) for c in dict.fromkeys(text) if not c.isspace()}
    if missing := [c for c, found in known.items() if found is None]:
        raise InputError(
            f"{run.path} has no class for {shortened(', '.join(map(repr, missing)))}. Its "
            f"classes: {_shown(classes)}."
        )
    if not known:
        raise InputError("There is nothing to write but spaces. Give a text such as HELLO.")
    return [[known.get(c) for c in line.rstrip()] for line in text.splitlines()]


def written(lines: Sequence[Sequence[int | None]]) -> np.ndarray:
    """The labels of `letters` that are images, without spaces, int32 [N]."""
    return np.array([c for line in lines for c in line if c is not None], np.int32)


def _classes(run: Run, generator: keras.Model) -> Sequence[str]:
    names, known = run.config.get("classes", []), class_count(generator)
    if len(names) != known:
        raise InputError(
            f"{run.path / CONFIG}: 'classes' has {len(names)} names, and the generator knows "
            f"{known} classes. Put back what it was."
        )
    return list(names)


def class_of(character: str, classes: Sequence[str]) -> int | None:
    """The class that a character stands for in `letters`, or `None`."""
    names = [character, character.upper(), character.lower()]
    full = unicodedata.name(character, "").lower()
    names += [full, full.replace(" ", "_"), full.replace(" ", "-"), full.partition(" ")[0]]
    return next((classes.index(name) for name in names if name in classes), None)


def _is_all(asked: Label | Sequence[Label], classes: Sequence[str]) -> bool:
    alone = asked[0] if isinstance(asked, Sequence) and len(asked) == 1 else asked
    return alone == ALL and ALL not in classes


def _names(asked: Label, classes: Sequence[str]) -> Sequence[Label]:
    """The classes of one argument: itself where that is a class, else what commas part."""
    if not isinstance(asked, str) or asked in classes:
        return [asked]
    try:
        (names,) = csv.reader([asked], skipinitialspace=True, strict=True)
    except (csv.Error, ValueError) as error:
        raise InputError(
            f"{brief(asked)} is no line of names with commas between them. Put a name that "
            "holds a comma into double quotes."
        ) from error
    return [name if name in classes else name.strip() for name in names]


def _choice(classes: Sequence[str]) -> str:
    every = "" if ALL in classes else f"; or {ALL}"
    return f"Its classes: {_shown(classes)}{every}."


def _shown(classes: Sequence[str]) -> str:
    """The names of classes in a message, of which the middle is left out if they are many."""
    return shortened(", ".join(map(_quoted, classes)), 400)


def _quoted(name: str) -> str:
    return f'"{name}"' if "," in name else name


def _find(run: Run, classes: Sequence[str], label: Label) -> int:
    if not isinstance(label, str):
        check_whole(0, len(classes) - 1, label=label)
        return int(label)
    if label in classes:
        return classes.index(label)
    folded = [i for i, each in enumerate(classes) if each.lower() == label.lower()]
    if len(folded) == 1:
        return folded[0]
    raise InputError(f"{run.path} has no class {brief(label)}. {_choice(classes)}")


def _no_condition(run: Run) -> str:
    return (
        f"{run.path} has no condition: its generator cannot be asked for a class. Train with "
        "one: ganzoo train --condition labels"
    )
