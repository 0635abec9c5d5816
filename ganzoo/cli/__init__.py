"""The command line: arguments and messages, nothing else.

Commands are imported when they are called, and Keras only by those that need it,
so that `ganzoo --help` answers at once.
"""

import difflib
import importlib
import os
import sys
from typing import Any

import click

from ganzoo.errors import InputError, RunError
from ganzoo.training.interrupt import Interrupted

COMMANDS = {
    "train": "Train a GAN that grows, with any loss.",
    "generate": "Make images from a trained run.",
    "interpolate": "Walk between latents of a trained run: a GIF and a sheet.",
    "evaluate": "Measure images: how real, how varied, how copied.",
    "compare": "Train variants on equal terms, over seeds, and report what differs.",
    "report": "Make tables and a page from a comparison.",
    "data": "List, preview, build and fetch data sets.",
    "list": "List losses, penalties, architectures and data sets.",
}


class Failure(click.ClickException):
    """One line for a person, and an exit code for a script."""

    def __init__(self, message: object, exit_code: int):
        super().__init__(" ".join(str(message).split()))
        self.exit_code = exit_code  # type: ignore[misc]


class Stopped(Failure):
    """A person's own wish, which is no error."""

    def show(self, file: Any = None) -> None:
        click.echo(self.format_message(), err=True)


class Commands(click.Group):
    """Commands by name, each in the file of its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        found = vars(importlib.import_module(f"ganzoo.cli.{name}")).values()
        return next(c for c in found if isinstance(c, click.Command) and c.name == name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            close = difflib.get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            raise click.UsageError(f"{error.format_message()}{hint}", ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            called = [ctx.invoked_subcommand] if ctx.invoked_subcommand else []
            path = error.ctx.command_path if error.ctx else " ".join(["ganzoo", *called])
            raise Failure(f"{error.format_message()} See: {path} --help", 2) from error
        except InputError as error:
            raise Failure(error, 2) from error
        except RunError as error:
            raise Failure(error, 1) from error
        except Interrupted as stop:
            raise Stopped(stop, stop.exit_code) from stop
        except OSError as error:
            raise Failure(f"{error.strerror or error}: {error.filename or ''}", 1) from error


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
    sys.path.append(os.getcwd())  # For classes of your own, as in --loss my_module:MyLoss.
