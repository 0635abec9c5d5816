"""Options of commands, from the description of settings in `ganzoo.training.settings`."""

import math
import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import click
from click.core import ParameterSource

from ganzoo import trust
from ganzoo.training.setting import FLAG, Kind, Setting

Command = Callable[..., None]


class NumberRange(click.FloatRange):
    """A range of numbers; NaN, which is below and above none, is not in it."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        number: float = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value} is not a finite number.", param, ctx)
        return number


def setting_options(
    settings: Iterable[Setting], others: Mapping[str, Callable[[Command], Command]] = {}
) -> Callable[[Command], Command]:
    """A decorator that gives a command an option for each setting, in order.

    The command gets them under the settings' names: `None`, or `()` of a list, where a person
    gave none.

    Args:
        settings: The settings.
        others: Decorators by name of a setting, in place of the option that follows from it.
    """
    options = [others.get(each.name) or setting_option(each) for each in settings]

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def setting_option(setting: Setting, **changed: Any) -> Callable[[Command], Command]:
    """The option of one setting, as a decorator; `changed` are keywords of `click.option`."""
    metavar = setting.metavar or ("N" if setting.kind.type is int else None)
    keywords: dict[str, Any] = {"metavar": metavar, "help": setting.help}
    if setting.kind is FLAG:
        keywords |= {"is_flag": True, "flag_value": not setting.default, "default": None}
    else:
        keywords["type"] = value_type(setting.kind, setting.option_least)
        keywords["multiple"] = setting.kind.type is list
    if setting.registry is not None:
        keywords["callback"] = named_here
    names = [f"--{setting.option}", setting.name]
    if setting.old_name:
        names.insert(1, f"--{setting.old_name}")
        keywords["cls"] = OptionWithOldName
    return click.option(*names, **keywords | changed)


def value_type(kind: Kind, least: int | None = None) -> click.ParamType:
    """The type of values on a command line; `least` wins over the kind's own least number."""
    least_number = kind.least if least is None else least
    if kind.choices:
        return click.Choice(kind.choices)
    if kind.type is int:
        return click.INT if least_number is None else click.IntRange(min=int(least_number))
    if kind.type is float:
        return NumberRange(min=least_number, min_open=kind.above)
    return click.STRING


class OptionWithOldName(click.Option):
    """An option that still answers to the name it once had, which the help leaves out."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        record = super().get_help_record(ctx)
        return record and (record[0].replace(f", {self.opts[1]}", ""), record[1])


def named_here(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
    """A callback of options that name variants: what a person types is trusted, not a file.

    `--loss my_module:MyLoss` then imports `my_module`, from the current folder too.
    """
    if context.get_parameter_source(parameter.name or "") is not ParameterSource.COMMANDLINE:
        return value
    for text in (value,) if isinstance(value, str) else value or ():
        trust.allow_named(text, os.getcwd())
    return value
