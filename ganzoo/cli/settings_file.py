"""Settings of `ganzoo train` from a file: TOML, or the config.json of a run.

What a file says stands for options that are not on the command line: click takes them as
defaults, converts them and checks their ranges.
"""

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from ganzoo.errors import InputError
from ganzoo.files.names import brief
from ganzoo.files.read import explained, read_json, read_toml
from ganzoo.spec import parse
from ganzoo.training import config as run_config
from ganzoo.training.settings import SETTINGS, without_derived

# Options that are of one call, and say nothing of the training.
OF_A_CALL = {"help", "allow", "config", "resume", "dry-run", "json"}


def toml_option(context: click.Context, parameter: click.Parameter, path: str | None) -> Any:
    """A callback: what the TOML file at `path` says are defaults from here on."""
    if path is not None:
        _set_defaults(context, toml_settings(Path(path), _options(context)))
    return path


def config_option(context: click.Context, parameter: click.Parameter, path: str | None) -> Any:
    """A callback: the settings in the config.json at `path` are defaults from here on.

    The value is the config.
    """
    if path is None:
        return None
    config = read_config(Path(path))
    _set_defaults(context, config_settings(config))
    return config


def _set_defaults(context: click.Context, settings: dict[str, Any]) -> None:
    if context.default_map is not None:
        raise InputError("A file of settings and --config say the same. Give one of them.")
    context.default_map = settings


def _options(context: click.Context) -> dict[str, click.Option]:
    """Options of the command by their names, which their keywords in Python are too."""
    found = {}
    for option in context.command.params:
        name = option.opts[0].removeprefix("--")
        if isinstance(option, click.Option) and name not in OF_A_CALL:
            found[name] = option
    return found


def toml_settings(path: Path, options: Mapping[str, click.Option]) -> dict[str, Any]:
    """Defaults by keyword from a TOML file, whose keys are names of options.

    ```toml
    loss = "hinge"
    penalty = ["r1:gamma=0.1", "r2:gamma=0.1"]
    data = "photos"
    schedule = "32:100,64:200:50"
    no-growth = true
    ```

    Raises:
        InputError: If it cannot be read, or a key or a value is wrong.
    """
    with explained(path, "TOML"):
        content = run_config.current(read_toml(path))
    keywords = {option.name: name for name, option in options.items()}
    settings: dict[str, Any] = {}
    for key, value in content.items():
        name = keywords.get(key, key.replace("_", "-"))
        if name not in options:
            close = difflib.get_close_matches(name, options, n=1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            raise InputError(
                f"{path}: there is no setting {brief(key)}.{hint} Known: {', '.join(options)}."
            )
        option = options[name]
        checked = _checked(option, value, f"{path}: {key}")
        if option.flag_value is False and key != option.name:
            checked = not checked  # `no-growth = true` makes `grow` false.
        settings[str(option.name)] = checked
    return settings


def _checked(option: click.Option, value: Any, where: str) -> Any:
    """`value`, if it is of the type that `option` takes."""
    kinds: tuple[Any, str]
    if option.multiple:
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list) or not all(isinstance(each, str) for each in texts):
            raise InputError(f"{where} is a list of texts, not {brief(value)}.")
        return tuple(texts)
    if option.is_flag:
        kinds = bool, "true or false"
    elif isinstance(option.type, click.types.IntParamType):
        kinds = int, "a whole number"
    elif isinstance(option.type, click.types.FloatParamType):
        kinds = (int, float), "a number"
    else:
        kinds = str, "a text"
    kind, what = kinds
    if not isinstance(value, kind) or (isinstance(value, bool) and not option.is_flag):
        raise InputError(f"{where} is {what}, not {brief(value)}.")
    return value


def read_config(path: Path) -> dict[str, Any]:
    """The config.json at `path`, or in the folder at `path`; no code of it is trusted yet.

    Raises:
        InputError: If it cannot be read, or a key is missing or wrong.
    """
    path = path / "config.json" if path.is_dir() else path
    with explained(path, "JSON"):
        found = read_json(path)
    if not isinstance(found, dict):
        raise InputError(f"{path} holds no JSON object. Give the config.json of a run.")
    found = run_config.current(found)
    run_config.check_kinds(found, str(path))
    return found


def config_settings(config: Mapping[str, Any]) -> dict[str, Any]:
    """Defaults by keyword, of what a run's config says."""
    known = {key: config[key] for key in SETTINGS if config.get(key) is not None}
    settings = {
        key: tuple(value) or ("none",) if isinstance(value, list) else value
        for key, value in known.items()
        if SETTINGS[key].offered and key != "reading"  # Which is many options.
    }
    try:
        options = parse(config["architecture"])[1]
        if "precision" in options:
            settings["precision"] = str(options["precision"])
        settings["architecture"] = without_derived(config["architecture"])
    except InputError as error:
        raise InputError(f"The config's architecture: {error}") from error
    return settings


def is_from_file(context: click.Context, name: str) -> bool:
    """Whether the option's value comes from a file of settings."""
    return context.get_parameter_source(name) is click.core.ParameterSource.DEFAULT_MAP
