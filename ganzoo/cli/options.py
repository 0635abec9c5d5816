"""Options that several commands share."""

import functools
import os
from collections.abc import Callable
from typing import Any

import click

from ganzoo import trust
from ganzoo.cli.setting_options import setting_option
from ganzoo.data.reading import FITS, PAGES, Reading
from ganzoo.training.presets import PRESETS
from ganzoo.training.settings import SETTINGS


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

backend_option = setting_option(SETTINGS["backend"])

preset_option = click.option(
    "--preset",
    type=click.Choice(list(PRESETS)),
    help="smoke: a minute; quick: five to ten on two cores; full: a GPU. "
    "[default: full on a GPU, else quick]",
)

checkpoint_option = click.option(
    "--checkpoint", metavar="NAME", help="Which of RUN's, such as 000040. [default: the newest]"
)

label_option = click.option(
    "--label",
    metavar="A,B|all",
    multiple=True,
    callback=lambda context, parameter, names: names or None,
    help="Classes to ask a RUN with a condition for, each in its turn; may be repeated. A name "
    "that holds a comma stands alone, or in quotes: --label d,e; --label '\"d,e\",f'. Where a "
    "class is called all, --label all is that class. [default: every class]",
)

_SAMPLING = (
    click.option(
        "--sampler",
        metavar="NAME",
        help="How a diffusion model makes images: heun, euler, ddim or ancestral. "
        "[default: RUN's; heun]",
    ),
    click.option(
        "--steps",
        "sampling_steps",
        type=click.IntRange(min=1),
        metavar="N",
        help="Steps of the sampler. heun asks the network 2 N - 1 times for an image, the "
        "others N times. [default: RUN's; 16]",
    ),
    click.option(
        "--guidance",
        type=float,
        metavar="W",
        help="Of a diffusion model with a condition: how much more what is asked for counts "
        "than nothing asked; another W than 1 takes twice the time. [default: RUN's; 1]",
    ),
)


def sampling_options(command: Callable[..., None]) -> Callable[..., None]:
    """Options on how a diffusion model makes images.

    The command gets them as `making`, keywords of `load_generator`.
    """

    @functools.wraps(command)
    def with_sampling(**given: Any) -> None:
        names = {"sampler": "sampler", "steps": "sampling_steps", "guidance": "guidance"}
        own = {name: given.pop(option) for name, option in names.items() if option in given}
        making = {name: value for name, value in own.items() if value is not None}
        command(making=making, **given)

    for option in reversed(_SAMPLING):
        with_sampling = option(with_sampling)
    return with_sampling


_READING = (
    click.option(
        "--fit",
        type=click.Choice(FITS),
        help="How your own images become square: crop to the centre, pad with the background, "
        "or stretch. [default: crop]",
    ),
    click.option(
        "--background",
        metavar="COLOUR",
        help="What lies under transparent pixels and beside padded images: white, #ff8800. "
        "[default: black]",
    ),
    click.option(
        "--labels/--no-labels",
        default=None,
        help="Whether classes are read, from subfolders or labels; without, all images are one "
        "class. [default: labels]",
    ),
    click.option(
        "--levels",
        metavar="auto|LOW,HIGH",
        help="Values that become black and white, for files that use a part of their range; "
        "auto: the least and the greatest of the set.",
    ),
    click.option(
        "--pages",
        type=click.Choice(PAGES),
        help="Of a TIFF or an animation the first page, or all as an image each. "
        "[default: first]",
    ),
    click.option(
        "--max-pixels",
        type=click.IntRange(min=1),
        metavar="N",
        help="Pixels that one image may have. [default: GANZOO_MAX_PIXELS, else 89478485]",
    ),
)


def reading_options(command: Callable[..., None]) -> Callable[..., None]:
    """Options on how images of --data are read.

    The command gets them as `reading`: a `Reading`, or `None` where none is given.
    """

    @functools.wraps(command)
    def with_reading(**given: Any) -> None:
        names = ("fit", "background", "labels", "levels", "pages", "max_pixels")
        own = {name: given.pop(name) for name in names}
        own = {name: value for name, value in own.items() if value is not None}
        command(reading=Reading(**own) if own else None, **given)

    for option in reversed(_READING):
        with_reading = option(with_reading)
    return with_reading
