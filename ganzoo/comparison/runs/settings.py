"""`comparison.json`: the settings with which the runs of a comparison were made."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganzoo.errors import InputError
from ganzoo.files.atomic import atomic
from ganzoo.files.names import brief, clean
from ganzoo.files.read import explained, kind, read_json
from ganzoo.metrics.measures import MEASURES
from ganzoo.old_names import MEASURES as OLD_MEASURES
from ganzoo.old_names import current
from ganzoo.training.setting import Setting, is_number
from ganzoo.training.settings import tabled

NAME = "comparison.json"
FORMAT = 1
KINDS = "; "  # Between the kinds of machine, where the runs were made on several.
MOST_SEEDS = 1000  # With more, the exact tests count more ways to flip signs than floats hold.
AGAIN = "Or make the folder again with `ganzoo compare`."


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _integer(value: Any) -> bool:
    return isinstance(value, int) and is_number(value)


def _list_of(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(map(check, value))


def _some(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: bool(value) and _list_of(check)(value)


def _or_null(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or check(value)


def _floor(value: Any) -> bool:
    return isinstance(value, dict) and all(
        key in MEASURES and _or_null(is_number)(figure) for key, figure in value.items()
    )


@dataclass(frozen=True)
class Key:
    """One key of `comparison.json`."""

    label: str  # What a person reads; empty where the report shows it in its own way.
    kind: str  # What the value is, for messages.
    check: Callable[[Any], bool]  # Whether a value is that.
    needed: bool = True  # Earlier versions knew fewer settings.


TEXT = ("a text", _text)
TEXT_OR_NULL = ("a text or null", _or_null(_text))
TEXTS = ("a list of texts, not empty", _some(_text))
MEASURED = ("numbers or null by name of a measure", _floor)


LISTS = {
    str: TEXTS,
    list: ("a list of texts", _list_of(_text)),
    int: ("a list of integers, not empty", _some(_integer)),
}
VALUES = {
    str: TEXT_OR_NULL,
    int: ("an integer or null", _or_null(_integer)),
    float: ("a number or null", _or_null(is_number)),
}


def _varied(setting: Setting) -> Key:
    """The key of a setting that the cells vary: its values, each once."""
    if known := setting.fields:
        kind = f"a list of {' and '.join(known)}"
        return Key(setting.label, kind, _some(lambda value: value in known))
    return Key(setting.label, *LISTS[setting.kind.type], needed=setting.needed)


def _shared(setting: Setting) -> Key:
    """The key of a setting that all cells may share: its value, or null."""
    return Key(setting.label, *VALUES[setting.field_type], needed=False)


KEYS = {
    "format": Key("", f"{FORMAT}", lambda value: _integer(value) and value == FORMAT),
    "title": Key("", *TEXT),
    "cells": Key("", "a list of different texts, not empty", _some(_text)),
    "reference": Key("Compared with", "one of the cells", _text),
    **{setting.plural: _varied(setting) for setting in tabled() if setting.plural},
    "preset": Key("Preset", *TEXT_OR_NULL),
    **{setting.name: _shared(setting) for setting in tabled() if not setting.plural},
    "data": Key("Data", *TEXT),
    "data_sha256": Key("Data, sha256", *TEXT),
    "classes": Key("", "a list of texts, empty for unlabelled data", _list_of(_text)),
    "images": Key("Images scored per run", "an integer or null", _or_null(_integer)),
    "feature_kind": Key("Features", *TEXT_OR_NULL),
    "features": Key("Features, sha256", *TEXT_OR_NULL),
    "floor": Key("", *MEASURED),
    "ganzoo": Key("ganzoo", *TEXT),
    "keras": Key("Keras", *TEXT),
    "backend": Key("Backend", *TEXT),
    "backend_version": Key("Backend, version", *TEXT_OR_NULL),
    "python": Key("Python", *TEXT_OR_NULL),
    "commit": Key("Commit", *TEXT_OR_NULL),
    "device": Key("Device", *TEXT),
    "hardware": Key("Hardware", *TEXT),
    "created": Key("Made on", *TEXT_OR_NULL),
    "command": Key("Command", *TEXT),
}


def check(settings: Any, where: str = NAME) -> dict[str, Any]:
    """`settings`, if they are complete and each value is what it should be.

    Else an `InputError` names the key, what it holds and what it should.
    """
    if wrong := _wrong(settings):
        raise InputError(f"{where}{wrong} {AGAIN}")
    if (reference := settings["reference"]) not in (cells := settings["cells"]):
        raise InputError(
            f"{where}: 'reference' is {brief(reference)}, which is none of the cells: "
            f"{brief(cells)}."
        )
    return dict(settings)


def _wrong(settings: Any) -> str:
    """What is wrong with a key of `settings`; empty if nothing is."""
    if not isinstance(settings, dict):
        return " must hold one JSON object."
    for key in settings:
        if key not in KEYS:
            return f": the key {brief(key)} is not known. Remove it."
    for key, setting in KEYS.items():
        if key not in settings and setting.needed:
            return f": the key {key!r} is missing ({setting.kind})."
        if key in settings and not setting.check(settings[key]):
            return f": {key!r} must be {setting.kind}, not {brief(settings[key])}."
    for key in ("cells", "seeds"):
        if len(set(settings[key])) < len(settings[key]):
            return f": {key!r} names one of them twice."
    many = len(settings["seeds"]) > MOST_SEEDS
    return f": 'seeds' names more than {MOST_SEEDS:,}." * many


def read(folder: Path) -> dict[str, Any]:
    """The settings in `folder`; `InputError` if they cannot be read, or are not complete."""
    path = folder / NAME
    if kind(path) is None:
        there = "is no folder" if folder.exists() else "does not exist"
        there = f"holds no {NAME}" if folder.is_dir() else there
        raise InputError(
            f"{str(folder)!r} is not a comparison: it {there}. "
            "Give a folder that `ganzoo compare --out` made."
        )
    with explained(path, "JSON", AGAIN):
        found = read_json(path)
    found = current(found, OLD_MEASURES) if isinstance(found, dict) else found
    checked = check(found, str(path))
    for key, value in checked.items():
        if value != _clean(value):
            raise InputError(
                f"{path}: {key!r} must be of one line without control characters, not "
                f"{brief(value)}. {AGAIN}"
            )
    return checked


def _clean(value: Any) -> Any:
    """`value`, with each text of it in one line that every file can hold."""
    if isinstance(value, list):
        return [_clean(each) for each in value]
    return clean(value) if isinstance(value, str) else value


def shown(settings: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Key, label and text of each setting that a report lists and that has a value."""
    found = {key: settings.get(key) for key, setting in KEYS.items() if setting.label}
    return [
        (key, KEYS[key].label, ", ".join(map(str, v)) if isinstance(v, list) else str(v))
        for key, v in found.items()
        if v not in (None, "", [])
    ]


def write(folder: Path, settings: dict[str, Any]) -> None:
    """Check `settings` and write them, whole or not at all."""
    content = {key: _clean(value) for key, value in check(settings).items()}
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
    with atomic(folder / NAME) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")
