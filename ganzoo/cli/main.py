"""The command `ganzoo`: its commands, and how what goes wrong is said.

Keras and what else is slow to import, each command imports when it is called, so that
`ganzoo --help` answers at once.
"""

import errno
import os
import re
from typing import Any

import click

from ganzoo import trust
from ganzoo.cli.claims import claims
from ganzoo.cli.compare import compare
from ganzoo.cli.data import data
from ganzoo.cli.doctor import doctor
from ganzoo.cli.encoding import write_what_can_be_shown
from ganzoo.cli.evaluate import evaluate
from ganzoo.cli.export import export
from ganzoo.cli.film import film
from ganzoo.cli.generate import generate
from ganzoo.cli.interpolate import interpolate
from ganzoo.cli.list import list_variants
from ganzoo.cli.notes import fold
from ganzoo.cli.report import report
from ganzoo.cli.train import train
from ganzoo.errors import InputError, RunError
from ganzoo.files.names import clean, shortened
from ganzoo.training.interrupt import Interrupted

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


class Stopped(Failure):
    """A person's own wish, which is no error."""

    def show(self, file: Any = None) -> None:
        click.echo(fold(self.format_message()), err=True)


class Commands(click.Group):
    """Commands in the order of their use; what goes wrong in one is one line."""

    def main(self, *args: Any, **extra: Any) -> Any:
        write_what_can_be_shown()
        return super().main(*args, **extra)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

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


for command in (
    train,
    generate,
    interpolate,
    film,
    evaluate,
    compare,
    report,
    claims,
    export,
    data,
    list_variants,
    doctor,
):
    main.add_command(command)
