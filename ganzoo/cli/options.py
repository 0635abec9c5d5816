"""Options that several commands share."""

import os
from typing import Any

import click

from ganzoo import trust
from ganzoo.start import BACKENDS
from ganzoo.training.presets import PRESETS


def named_here(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
    """A callback of options that name variants: what a person types is trusted.

    `--loss my_module:MyLoss` then imports `my_module`, from the current folder too.
    """
    for text in (value,) if isinstance(value, str) else value or ():
        trust.allow_named(text, os.getcwd())
    return value


def _allow(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> None:
    for module in value:
        trust.allow(module, os.getcwd())


allow_option = click.option(
    "--allow",
    metavar="MODULE",
    multiple=True,
    expose_value=False,
    callback=_allow,
    help="Trust the Python module MODULE of a class that is named in a file, such as a run's "
    "config.json: importing it runs its code. May be repeated.",
)

backend_option = click.option(
    "--backend",
    type=click.Choice(BACKENDS),
    help="Framework that does the arithmetic. [default: KERAS_BACKEND, else tensorflow]",
)

preset_option = click.option(
    "--preset",
    type=click.Choice(list(PRESETS)),
    help="smoke: a minute; quick: five to ten on two cores; full: a GPU. "
    "[default: full on a GPU, else quick]",
)

checkpoint_option = click.option(
    "--checkpoint", metavar="NAME", help="Which of RUN's, such as 000040. [default: the newest]"
)

precision_option = click.option(
    "--precision",
    type=click.Choice(["auto", "float32", "bfloat16"]),
    help="What layers compute in; auto: the faster one here. Weights, losses and penalties "
    "stay float32. [default: the preset's]",
)
