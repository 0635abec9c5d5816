"""`config.json` of a run: what it holds, whose code it may name, and what must not change."""

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ganzoo import old_names
from ganzoo.data.load import is_name
from ganzoo.errors import InputError
from ganzoo.files.names import brief
from ganzoo.registry import Registry
from ganzoo.spec import parse
from ganzoo.training.setting import Kind, Setting, text, texts
from ganzoo.training.settings import SETTINGS, SHA256

HISTORY = "history"  # By key the values that `Run.change` replaced, and the one that holds.


def _history(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(v, list) and v for v in value.values())


def _is_note(name: str, kind: Kind) -> Setting:
    """What a run says of itself: nothing depends on it."""
    return Setting(name, kind, offered=False, needed=False, decides=False)


# What a run finds out: no setting, and no keyword of `Trainer`.
FACTS = (
    Setting("data_sha256", SHA256, offered=False),
    # Their order says which label a name is.
    Setting("classes", texts("a list of texts"), offered=False, needed=False),
    # What sheets ask for, of a run that is asked in words.
    Setting("captions", texts("a list of texts"), offered=False, needed=False),
    _is_note("ganzoo", text()),
    _is_note("keras", text()),
    _is_note("command", text()),
    _is_note(HISTORY, Kind(dict, "an object", "lists of values by key", check=_history)),
)
KEYS = {key.name: key for key in (*SETTINGS.values(), *FACTS) if key.recorded}
OLD_NAMES = {s.old_name: s.name for s in SETTINGS.values() if s.old_name}


# What earlier versions recorded of a model without a loss: null, [] and 1.
OF_A_LOSS = ("loss", "penalties", "critic_steps")


def current(config: Mapping[str, Any]) -> dict[str, Any]:
    """`config` with the keys of today, in its history too."""
    found = old_names.current(config, OLD_NAMES)
    without_loss = found.get("loss", "") is None and not _is_usual(found)
    return {k: v for k, v in found.items() if not (without_loss and k in OF_A_LOSS)}


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
            if _is_needed(meant, config):
                raise InputError(f"{where} has no key {key!r}: it must be {meant.words}.")
        elif not meant.allows(config[key]):
            raise InputError(
                f"{where}: {key!r} must be {meant.words}, not {brief(config[key])}."
            )


def _is_needed(key: Setting, config: Mapping[str, Any]) -> bool:
    """Whether `config` must have a key; what other kinds of model have is not known here."""
    return key.needed and (not key.of_model or _is_usual(config))


def _is_usual(config: Mapping[str, Any]) -> bool:
    """Whether a config is of the kind of model that a training has where nobody says."""
    return bool(config.get("model", SETTINGS["model"].default) == SETTINGS["model"].default)


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
        for spec in (specs,) if isinstance(specs, str) else specs or ():
            if key != "data" or _is_name(spec):
                yield key, registry, spec


VARIANTS = {s.name: s.registry for s in SETTINGS.values() if s.registry is not None}


def _is_name(source: str) -> bool:
    try:
        return is_name(source)
    except OSError:  # A path that is too long, which `load` refuses.
        return False


def check_recorded(notes: Mapping[str, Any], backend: str) -> None:
    """Raises `InputError` unless what a config holds beyond keywords of `Trainer` is true here.

    Args:
        notes: Those keys, without `data_sha256`.
        backend: The backend that runs here.
    """
    made_with = notes.get("backend", backend)
    if made_with != backend:
        raise InputError(
            f"The run was made with {made_with} and this is {backend}. "
            f"Resume it with --backend {made_with}."
        )
    known = {fact.name for fact in FACTS} | {"backend"}
    if unknown := [key for key in notes if key not in known]:
        raise InputError(f"Unknown settings: {', '.join(unknown)}.")


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
