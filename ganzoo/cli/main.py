"""The command `ganzoo`: its commands, and how what goes wrong is said.

A command's module is imported when the command is called, and that module imports Keras in
the command itself, so that `ganzoo --help` answers at once.
"""

import errno
import importlib
import os
import re
from typing import Any

import click

from ganzoo import trust
from ganzoo.cli.encoding import write_what_can_be_shown
from ganzoo.cli.notes import fold
from ganzoo.cli.stopping import Terminated, terminable
from ganzoo.errors import InputError, RunError
from ganzoo.files.names import clean, shortened
from ganzoo.training.interrupt import Interrupted

# By name what `ganzoo --help` says of each: the first sentence of its own help.
COMMANDS = {
    "train": "Train a GAN that grows, and watch it.",
    "generate": "Make images from a trained RUN, by its averaged generator.",
    "encode": "Find the latents of images, with a RUN whose model has an encoder.",
    "translate": "Translate images between the two domains of a trained RUN.",
    "interpolate": "Walk between latents of a trained RUN: a film, a sheet, or both.",
    "nearest": "Show samples of a trained RUN beside the training images nearest to them.",
    "project": "Find the latents at which a trained RUN comes nearest to IMAGES.",
    "directions": "Show along which directions the images of a trained RUN change most.",
    "film": "Show the training of a RUN as a film: the same latents at each checkpoint.",
    "evaluate": "Measure images: how real, how varied, how copied.",
    "compare": "Train variants on equal terms and report what differs.",
    "report": "Make tables and a page from the comparison in DIR.",
    "claims": "Say what may be claimed of a comparison, or check a text that claims it.",
    "export": "Export a trained RUN's generator, to be used without ganzoo.",
    "push": "Share a trained RUN's generator on the Hugging Face Hub.",
    "pull": "Fetch a generator from the Hugging Face Hub, as a run.",
    "demo": "Play trained RUNs in a browser: write, walk, mix.",
    "data": "Sets of images: list, preview, build, fetch, fit features.",
    "list": "List models, losses, penalties, architectures, conditions, augmentations, data.",
    "doctor": "Check this machine: versions, devices, arithmetic, cache, memory.",
}
LONGEST, LONGEST_PATH = 1000, 400  # Characters of a message, and of a path in it.


class Failure(click.ClickException):
    """One line for a person, and an exit code for a script."""

    def __init__(self, message: object, exit_code: int):
        super().__init__(clean(_readable(str(message))))
        self.exit_code = exit_code  # type: ignore[misc]

    def show(self, file: Any = None) -> None:
        click.echo(fold(f"Error: {self.format_message()}"), err=True)


def _readable(message: str) -> str:
    """`message`, in which no quoted value or word is long; paths are left to be copied."""
    for parts in (r"(?<!\w)'[^']{81,}'(?!\w)", r'(?<!\w)"[^"]{81,}"(?!\w)', r"\S{81,}"):
        message = re.sub(parts, lambda part: _short(part[0]), message)
    return _short(message, LONGEST)


def _short(text: str, longest: int = 80) -> str:
    if ("/" in text or os.sep in text) and len(text) < LONGEST_PATH:
        return text
    return shortened(text, longest)


def _way_out(error: InputError, subcommand: str | None) -> str:
    """Of a damaged checkpoint the option that takes an earlier one; the library knows none."""
    earlier = getattr(error, "earlier", None)
    if earlier is None:
        return ""
    option = "--init RUN@" if subcommand == "train" else "--checkpoint "
    return f" Take it with {option}{earlier}."


class Stopped(Failure):
    """A person's own wish, which is no error."""

    def show(self, file: Any = None) -> None:
        click.echo(fold(self.format_message()), err=True)


def command(name: str) -> click.Command:
    """The command of this name, from the module of this name."""
    module = importlib.import_module(f"ganzoo.cli.{name}")
    found = (each for each in vars(module).values() if isinstance(each, click.Command))
    return next(each for each in found if each.name == name)


class Commands(click.Group):
    """Commands in the order of their use; what goes wrong in one is one line."""

    def main(self, *args: Any, **extra: Any) -> Any:
        write_what_can_be_shown()
        return super().main(*args, **extra)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, found, rest = super().resolve_command(ctx, args)
        return name, command(name) if name in COMMANDS else found, rest

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with terminable():
                return super().invoke(ctx)
        except click.UsageError as error:
            called = [ctx.invoked_subcommand] if ctx.invoked_subcommand else []
            path = error.ctx.command_path if error.ctx else " ".join(["ganzoo", *called])
            raise Failure(f"{error.format_message()} See: {path} --help", 2) from error
        except InputError as error:
            raise Failure(f"{error}{_way_out(error, ctx.invoked_subcommand)}", 2) from error
        except RunError as error:
            raise Failure(error, 1) from error
        except Interrupted as stop:
            raise Stopped(stop, stop.exit_code) from stop
        except KeyboardInterrupt as stop:  # Where there was nothing to save.
            raise Stopped("Stopped.", 143 if isinstance(stop, Terminated) else 130) from stop
        except MemoryError as error:
            raise Failure(f"There is not enough memory. Ask for less. {error}", 1) from error
        except BrokenPipeError:
            raise  # Who read the output has had enough: click ends without a word.
        except OSError as error:
            where = f": {error.filename}" if error.filename else ""
            given = error.errno in (errno.ENAMETOOLONG, errno.ELOOP)  # A path that cannot be.
            raise Failure(f"{error.strerror or error}{where}", 2 if given else 1) from error


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ganzoo")
def main() -> None:
    """Train and compare GANs: any loss, one growth schedule, three backends.

    \b
    ganzoo train --loss wgan-gp             some minutes on a laptop, offline
    ganzoo list losses                      what there is to compare
    ganzoo generate runs/00000-unown-wgan-gp --count 100 --out images

    Add --help to any command to learn its options.
    """
    click.get_current_context().with_resource(trust.scope())


for name, summary in COMMANDS.items():  # Each stands for one that is imported when called.
    main.add_command(click.Command(name, help=summary))
