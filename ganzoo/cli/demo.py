"""`ganzoo demo`."""

import contextlib
import tempfile
import threading
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ganzoo.cli.checks import check_parent
from ganzoo.cli.notes import note
from ganzoo.cli.options import allow_option, checkpoint_option, sampling_options
from ganzoo.cli.waiting import start_backend, waiting
from ganzoo.errors import InputError

if TYPE_CHECKING:
    from ganzoo.training.run import Run


@click.command()
@click.argument("runs", metavar="RUN...", nargs=-1, required=True)
@click.option(
    "--out",
    metavar="FOLDER",
    help="Write the page into this new folder, for any web server, and stop. [default: show it "
    "on this machine until Ctrl-C]",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    help="Where 127.0.0.1 shows it. [default: any that is free]",
)
@click.option(
    "--open/--no-open",
    "opens",
    default=True,
    help="Open the page in a browser. [default: open]",
)
@click.option(
    "--live",
    is_flag=True,
    help="Play the generators on this machine, by a Gradio server, and not in the browser.",
)
@click.option(
    "--runtime",
    "given",
    metavar="FOLDER",
    help="An unpacked onnxruntime-web. [default: fetched once from the npm registry]",
)
@click.option(
    "--from", "url", metavar="URL", help="Fetch onnxruntime-web from here instead of there."
)
@sampling_options
@checkpoint_option
@allow_option
def demo(
    runs: tuple[str, ...],
    out: str | None,
    port: int,
    opens: bool,
    live: bool,
    given: str | None,
    url: str | None,
    making: dict[str, Any],
    checkpoint: str | None,
) -> None:
    """Play trained RUNs in a browser: write, walk, mix.

    The page writes what one types, in letters of a RUN that was trained with --condition
    labels. It walks through latents and mixes two images of any RUN. The generators compute
    in the browser, and nothing leaves the machine.

    With --live a server on 127.0.0.1 plays them, for slow browsers; it needs pip install
    'ganzoo[live]'.

    Needs pip install 'ganzoo[export]'. ONNX Runtime for browsers, 33 MB, is fetched once from
    the npm registry, and its checksum is compared.

    \b
    ganzoo demo runs/00000-unown-non-saturating-labels
    ganzoo demo RUN ANOTHER_RUN --out page      for a web server, with a choice
    ganzoo demo RUN --runtime node_modules/onnxruntime-web     without network
    ganzoo demo RUN ANOTHER_RUN --live
    """
    from ganzoo import export as formats
    from ganzoo.demo import runtime
    from ganzoo.hub.kept import open_run

    opened = [open_run(run) for run in runs]
    if live:
        if unused := [n for n, v in {"out": out, "runtime": given, "from": url}.items() if v]:
            raise InputError(f"With --live leave --{' and --'.join(unused)} out.")
        _play_live(opened, port, opens, checkpoint, making)
        return
    if out is not None:
        check_parent(Path(out))
        if Path(out).exists():
            raise InputError(f"--out {out!r} is there already. Give a new name.")
    formats.find("model.onnx").check_writers()
    with waiting("Looking for ONNX Runtime for browsers"):
        found = runtime.find(given, url or runtime.URL, report=lambda line: None)
    start_backend("tensorflow")
    from ganzoo.demo.page import write_page
    from ganzoo.files.atomic import atomic

    with contextlib.ExitStack() as stack:
        if out is None:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="ganzoo-demo-"))
            target = Path(folder) / "page"
        else:
            target = stack.enter_context(atomic(out))
        with waiting("Exporting and playing the generators"):
            models = write_page(opened, target, found, checkpoint, **making)
        for model in models:
            click.echo(f"{model['run']}: {_abilities(model)}")
            if model["licence"] == "unknown":
                note("Nobody has said under which terms its data may be shown to others.")
        if out is None:
            _show(target, port, opens)
    if out is not None:
        click.echo(f"{out}: put it on any web server, or: python -m http.server -d {out}")


def _play_live(
    runs: "list[Run]", port: int, opens: bool, checkpoint: str | None, making: dict[str, Any]
) -> None:
    from ganzoo import export as formats
    from ganzoo.demo import live

    formats.find("model.onnx").check_writers()
    live.check_modules()
    start_backend("tensorflow")
    from ganzoo.demo.model_file import write_model
    from ganzoo.demo.player import Player

    with tempfile.TemporaryDirectory(prefix="ganzoo-demo-") as folder:
        with waiting("Exporting and playing the generators"):
            models = [write_model(run, Path(folder), checkpoint, **making) for run in runs]
            players = [Player(Path(folder), model) for model in models]
        for model in models:
            click.echo(f"{model['run']}: {_abilities(model)}")
        with live.LiveApp(players).serving(port, opens) as address:
            click.echo(f"{address}  Ctrl-C ends it.")
            with contextlib.suppress(KeyboardInterrupt):
                threading.Event().wait()


def _abilities(model: dict[str, Any]) -> str:
    if model["asked"] is None:
        return "walks and mixes; it writes nothing, since no class can be asked for"
    return f"writes with {len(model['classes'])} classes, walks, mixes"


def _show(folder: Path, port: int, opens: bool) -> None:
    from ganzoo.demo.server import address, serving

    with serving(folder, port) as server:
        click.echo(f"{address(server)}  Ctrl-C ends it.")
        if opens:
            webbrowser.open(address(server))
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()
