"""`config.json` of a run: what it holds, whose code it may name, and what must not change."""

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

from ganzoo import architectures, data, losses, models, old_names
from ganzoo.backend_choice import BACKENDS
from ganzoo.data.load import is_name
from ganzoo.errors import InputError
from ganzoo.files.names import brief
from ganzoo.registry import Registry
from ganzoo.spec import parse, write

LARGEST = 2**53  # The whole numbers that every JSON reader keeps.


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def is_number(value: Any) -> TypeGuard[int | float]:
    """Whether a value from JSON is a number of a size that figures have; NaN is none."""
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return plain and -LARGEST <= value <= LARGEST


def is_whole(value: Any) -> TypeGuard[int]:
    """The same for a whole number, 0 or more."""
    return isinstance(value, int) and is_number(value) and value >= 0


@dataclass(frozen=True)
class Key:
    """One key of `config.json`.

    Attributes:
        kind: What the value is, for messages.
        check: Whether a value is that.
        decides: Whether the training depends on it, so that it must stay as it was.
        needed: Whether every run has it.
    """

    kind: str
    check: Callable[[Any], bool]
    decides: bool = True
    needed: bool = True


def _whole_from_1(value: Any) -> bool:
    return is_whole(value) and value >= 1


def _whole_or_null(value: Any) -> bool:
    return value is None or _whole_from_1(value)


def _lengthened(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(each, dict)
        and each.keys() == {"step", "kimg"}
        and is_whole(each["step"])
        and _positive(each["kimg"])
        for each in value
    )


def _seed(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _positive(value: Any) -> bool:
    return is_number(value) and value > 0


def _sha256(value: Any) -> bool:
    return _text(value) and len(value) == 64 and set(value) <= set("0123456789abcdef")


def _history(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(v, list) and v for v in value.values())


HISTORY = "history"  # By key the values that `Run.change` replaced, and the one that holds.
NOTE = {"decides": False, "needed": False}  # What a run says of itself.
KEYS = {
    "model": Key('a kind of model, such as "gan"', _text, needed=False),
    "loss": Key('a loss with its options, such as "hinge"', _text),
    "penalties": Key('a list of penalties, such as ["r1:gamma=0.1,every=1"]', _texts),
    "architecture": Key('an architecture, such as "progressive-dcgan"', _text),
    "data": Key("the name or the path of a set of images", _text, decides=False),
    "schedule": Key('stages as text, such as "28:136,56:184:50"', _text),
    "grow": Key("true or false", lambda value: isinstance(value, bool)),
    "batch": Key("a whole number, 1 or more", _whole_from_1),
    "optimizer": Key('a Keras optimizer, such as "adam:learning_rate=0.001"', _text),
    "ema": Key("a number, 0 or more", lambda value: is_number(value) and value >= 0),
    "critic_steps": Key("a whole number, 1 or more", _whole_from_1),
    "tick": Key("a number above 0", _positive, decides=False),
    "snap": Key("a number above 0", _positive, decides=False),
    "per_class": Key("a whole number, 1 or more, or null", _whole_or_null),
    "reading": Key(
        "an object of choices how images are read",
        lambda value: isinstance(value, dict),
        needed=False,
    ),
    "score": Key("a whole number, 0 or more", is_whole, decides=False),
    "keep": Key("a whole number, 1 or more, or null", _whole_or_null, **NOTE),
    "seed": Key("a whole number", _seed),
    "lengthened": Key("a list of steps and kimg", _lengthened, needed=False),
    "init": Key("a run and its checkpoint, as RUN@000040", _text, **NOTE),
    "init_sha256": Key("64 hexadecimal digits", _sha256, needed=False),
    "data_sha256": Key("64 hexadecimal digits", _sha256),
    "backend": Key(f"one of {', '.join(BACKENDS)}", lambda v: _text(v) and v in BACKENDS),
    "classes": Key("a list of texts", _texts, **NOTE),
    "ganzoo": Key("a text", _text, **NOTE),
    "keras": Key("a text", _text, **NOTE),
    "command": Key("a text", _text, **NOTE),
    HISTORY: Key("lists of values by key", _history, **NOTE),
}


def current(config: Mapping[str, Any]) -> dict[str, Any]:
    """`config` with the names of today, in its history too."""
    return old_names.current(config, old_names.SETTINGS)


MAY_CHANGE = ("schedule", "lengthened")  # Where a run is lengthened, of what decides it.


def check(config: Mapping[str, Any], where: str) -> None:
    """Raises `InputError` unless `config` can be of a run, and names no foreign code.

    Keys that are not in `KEYS` are left to `Trainer`, which refuses those it does not know.

    Args:
        config: What was read from the file.
        where: The file, for messages.
    """
    check_kinds(config, where)
    _check_trust(config, where)


def check_kinds(config: Mapping[str, Any], where: str) -> None:
    """Raises `InputError` unless each key that `KEYS` has is there and holds what it must."""
    if not {"schedule", "architecture"} & config.keys():
        raise InputError(
            f"{where} is not of a run of ganzoo. Give a folder that `ganzoo train` made."
        )
    for key, meant in KEYS.items():
        if key not in config:
            if meant.needed:
                raise InputError(f"{where} has no key {key!r}: it must be {meant.kind}.")
        elif not meant.check(config[key]):
            raise InputError(
                f"{where}: {key!r} must be {meant.kind}, not {brief(config[key])}."
            )


def _check_trust(config: Mapping[str, Any], where: str) -> None:
    """Raises `InputError` if `config` names a module that is not to be trusted."""
    for key, registry, spec in variants(config):
        try:
            parse(spec)
        except InputError as error:
            raise InputError(f"{where}: {key!r}: {error}") from error
        registry.check_trust(spec, f"{where}: {key!r}")


def variants(settings: Mapping[str, Any]) -> Iterator[tuple[str, Registry[Any], str]]:
    """Each spec of a variant in `settings`: its key, the registry that knows it, and the spec.

    Args:
        settings: A config, or some of its keys. `data` counts where it is no path.
    """
    for key, registry in VARIANTS.items():
        specs = settings.get(key, ())
        for spec in (specs,) if isinstance(specs, str) else specs:
            if key != "data" or _is_name(spec):
                yield key, registry, spec


VARIANTS: dict[str, Registry[Any]] = {
    "model": models.registry,
    "loss": losses.registry,
    "penalties": losses.penalties.registry,
    "architecture": architectures.registry,
    "data": data.sets,
}


def _is_name(source: str) -> bool:
    try:
        return is_name(source)
    except OSError:  # A path that is too long, which `load` refuses.
        return False


# Options of an architecture that follow from other settings, or are settings of their own.
DERIVED = ("channels", "base", "seed", "precision")


def without_derived(architecture: str) -> str:
    """The spec of an architecture without the options in `DERIVED`."""
    name, options = parse(architecture)
    return write(name, {key: value for key, value in options.items() if key not in DERIVED})


def recorded(config: Mapping[str, Any]) -> dict[str, Any]:
    """What a checkpoint records of `config`: the settings, as JSON gives them back."""
    settings = {k: v for k, v in config.items() if k not in NOTES}
    return dict(json.loads(json.dumps(settings, default=lambda number: number.item())))


NOTES = {key for key, meant in KEYS.items() if not (meant.needed or meant.decides)}
FREE = {key for key, meant in KEYS.items() if not meant.decides}


MISSING = object()  # In place of a key that a config no longer has.


def check_unchanged(
    before: Mapping[str, Any],
    config: Mapping[str, Any],
    where: Path | str,
    report: Callable[[str], None] = lambda line: None,
) -> None:
    """Raises `InputError` if `config` differs from the settings of a checkpoint.

    Settings that do not decide the training may differ; a line says which do.

    Args:
        before: What `recorded` gave when the checkpoint was made.
        config: What the run has now, with the history that `Run.change` writes.
        where: The file, for the message.
        report: Takes that line.
    """
    before, now = current(before), recorded(config)
    history = config.get(HISTORY, {})
    changed = [
        key
        for key, value in before.items()
        if now.get(key, MISSING) != value
        and (key in now or key in KEYS)
        and not (key in MAY_CHANGE and _is_change(value, now.get(key), history.get(key, [])))
    ]
    said = {key: _difference(key, before[key], now.get(key)) for key in changed}
    if deciding := [said[key] for key in changed if key not in FREE]:
        raise InputError(
            f"{where} has changed since the run began: {', '.join(deciding)}. "
            "Put back what it was, or start a new run."
        )
    if changed:
        report(f"{where} has changed since the last checkpoint: {', '.join(said.values())}")


def _is_change(before: Any, now: Any, history: list[Any]) -> bool:
    """Whether a history says that the value `before` was replaced, and by `now` at last."""
    return before in history and now == history[-1]


def _difference(key: str, before: Any, now: Any) -> str:
    """What was there; of a long spec, the options that differ."""
    with contextlib.suppress(InputError, TypeError, AttributeError):
        (name, old), (other, new) = parse(before), parse(now)
        changed = {k: v for k, v in old.items() if k not in new or new[k] != v}
        if len(before) > 80 and name == other and changed and old.keys() >= new.keys():
            return f"{key} ({', '.join(f'{k} was {brief(v)}' for k, v in changed.items())})"
    return f"{key} (was {brief(before)})"
