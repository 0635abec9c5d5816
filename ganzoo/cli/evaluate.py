"""`ganzoo evaluate`."""

import json
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ganzoo.cli.checks import check_parent
from ganzoo.cli.notes import note
from ganzoo.cli.options import (
    allow_option,
    backend_option,
    checkpoint_option,
    reading_options,
    sampling_options,
)
from ganzoo.cli.real_images import real_images
from ganzoo.cli.setting_options import named_here
from ganzoo.cli.translation_scores import evaluate_translation
from ganzoo.cli.waiting import start_backend, waiting
from ganzoo.errors import InputError, RunError
from ganzoo.metrics.published import PUBLISHED, USUAL, Published

if TYPE_CHECKING:
    import numpy as np

    from ganzoo.data.reading import Reading
    from ganzoo.metrics import Evaluator
    from ganzoo.training.run import Run

COLOURS = {
    "healthy": "green",
    **dict.fromkeys(("unclear", "blurred", "too few images to tell"), "yellow"),
}


@click.command()
@click.argument("source", metavar="RUN|FOLDER|FILE")
@click.option(
    "--data",
    metavar="NAME|PATH",
    callback=named_here,
    help="Real images to measure against. [default: what RUN was trained on]",
)
@reading_options
@click.option(
    "--count",
    default=2800,
    show_default=True,
    type=click.IntRange(min=12),
    help="Images to measure; no more than there are held-out real ones.",
)
@click.option(
    "--seed",
    default=0,
    show_default=True,
    type=int,
    help="Decides RUN's latents, or which images of more than --count are measured.",
)
@click.option(
    "--resolution",
    type=click.IntRange(min=4),
    help="Resolution of --data. [default: RUN's, else 56]",
)
@sampling_options
@checkpoint_option
@click.option(
    "--features",
    metavar="inception|FILE",
    help="Feature network: Inception v3, its weights in FILE.h5, or what `ganzoo data "
    "features` put into FILE.npz. [default: fitted to --data, kept]",
)
@click.option(
    "--also",
    multiple=True,
    type=click.Choice(list(PUBLISHED)),
    help="Also write the images and the training images into --out, and name the library and "
    "the command that measure this published figure. Where the library is installed, the "
    "command runs. Of RUN --count images are written.",
)
@click.option(
    "--out",
    metavar="DIR",
    help="Folder for --also. [default: NAME-images, of RUN, FOLDER or FILE]",
)
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@allow_option
@backend_option
def evaluate(
    source: str,
    data: str | None,
    reading: "Reading | None",
    count: int,
    seed: int,
    resolution: int | None,
    making: dict[str, Any],
    checkpoint: str | None,
    features: str | None,
    also: tuple[str, ...],
    out: str | None,
    as_json: bool,
    backend: str | None,
) -> None:
    """Measure images: how real, how varied, how copied.

    Takes a RUN, whose newest generator then makes the images, or images as --data takes
    them: a FOLDER with all folders in it, a zip, npz or npy FILE. Each figure stands beside
    the same figure of as many real images, with two standard deviations by chance.

    Of a RUN that translates images between two domains: how often held-out images become what
    they should, and come back, where the run's data set knows that.

    \b
    ganzoo evaluate runs/00000-unown-wgan-gp
    ganzoo evaluate fakes.npz --data unown --json
    """
    run = _run(source)
    if run is None and making:
        raise InputError(f"{source!r} is not a run: leave out {_options(making)}.")
    target = _target(source, also, out)
    if run is None and data is None:
        raise InputError(
            "What should the images look like? Give the real ones with --data, such as "
            f"--data unown ({source!r} is not a run, which would know)."
        )
    start_backend(backend or (run.config.get("backend") if run else None))
    if run is not None and _translates(run):
        options = {"data": data, "resolution": resolution, "features": features, "also": also}
        if given := [name for name, value in {**options, **making}.items() if value]:
            raise InputError(f"{source!r} translates images: leave out {_options(given)}.")
        evaluate_translation(run, source, count, checkpoint, as_json)
        return
    from ganzoo.data.sample import read_sample
    from ganzoo.metrics import Evaluator
    from ganzoo.metrics.feature_network import feature_network

    network = feature_network(features) if features else None
    with waiting("Reading the real images"):
        reals = real_images(run, data, resolution, reading)
        evaluator = Evaluator(reals, count, network, report=note)
    with waiting("Reading images" if run is None else "Making images"):
        if run is None:
            size = reals.resolution, reals.channels
            sample = read_sample(Path(source), evaluator.count, seed, *size, note, reading)
            images, side = sample.images, sample.side
            measure: Callable[[], dict[str, Any]] = partial(evaluator, images)
        else:
            wanted = max(count, evaluator.count) if target else evaluator.count
            images, measure = _generate(run, checkpoint, seed, wanted, evaluator, making)
            side = images.shape[1]
    with waiting("Measuring"):
        result = {"source": source, "data": evaluator.data.name, **measure()}
    result["resolution"] = side
    result["data_sha256"] = evaluator.data.sha256
    failures: list[str] = []
    if target:
        result["also"], failures = _also(also, images, reals.images, target)
    if as_json:
        click.echo(json.dumps(result))
    else:
        _show(result)
    if failures:
        raise RunError("; ".join(failures))


def _translates(run: "Run") -> bool:
    from ganzoo.models.choice import Choice

    return Choice.of(run.config.get("model", "gan")).kind.translates


def _options(making: Iterable[str]) -> str:
    return " and ".join(f"--{name}" for name in making)


def _run(source: str) -> "Run | None":
    from ganzoo.data.checks import check_regular
    from ganzoo.hub.kept import SCHEME, open_run
    from ganzoo.training.run import Run

    if source.startswith(SCHEME):
        return open_run(source)
    path = Path(source)
    if not path.exists():
        raise InputError(
            f"{source!r} does not exist. Give a run, a folder of images, or a .zip, .npz or "
            ".npy file."
        )
    if path.is_dir():
        return Run.open(path) if (path / "config.json").is_file() else None
    check_regular(path, repr(source))  # Before real images are read, which takes a while.
    return None


def _target(source: str, also: tuple[str, ...], out: str | None) -> Path | None:
    """The folder for --also, checked before any work; `None` without --also."""
    if not also:
        if out is not None:
            raise InputError("--out is where --also writes images. Give --also, too.")
        return None
    path = Path(source).resolve()
    target = Path(out or f"{path.stem if path.is_file() else path.name}-images")
    check_parent(target)
    if target.is_file() or (target.is_dir() and any(target.iterdir())):
        raise InputError(f"{str(target)!r} is not an empty folder. Give a new one with --out.")
    return target


def _also(
    names: tuple[str, ...], images: "np.ndarray", real: Any, target: Path
) -> tuple[dict[str, Any], list[str]]:
    """What other libraries measure of the images, by name, and what failed."""
    from ganzoo.metrics.published_images import export

    with waiting("Writing images"):
        found = export(images, real, target)
    also: dict[str, Any] = {}
    failures = []
    for entry in (PUBLISHED[name] for name in dict.fromkeys(names)):
        also[entry.name] = {
            "value": None,
            "library": entry.library,
            "command": entry.command(found.generated, found.real),
            "generated": found.counts[0],
            "real": found.counts[1],
        }
        if entry.installed:
            try:
                with waiting(f"Measuring {entry.title} by {entry.library}"):
                    also[entry.name]["value"] = entry.measure(found.generated, found.real)
                    also[entry.name]["library"] = entry.version
            except RunError as error:
                failures.append(str(error))
    return also, failures


def _generate(
    run: "Run",
    checkpoint: str | None,
    seed: int,
    count: int,
    evaluator: "Evaluator",
    making: dict[str, Any],
) -> "tuple[np.ndarray, Callable[[], dict[str, Any]]]":
    """Images, asked for as those of the run's own data are, and what measures them.

    Nothing is measured of what was asked for where the run has no condition, or the evaluator's
    data have other classes than the run, or no captions.
    """
    from ganzoo import conditions, samples
    from ganzoo.metrics.attributes import measured
    from ganzoo.training import asked
    from ganzoo.training.trained import load_generator

    generator = load_generator(run, checkpoint, **making)
    data, config = evaluator.data, run.config
    condition = conditions.get(config["condition"]) if "condition" in config else None
    known = condition is not None and condition.asks_of(data, config.get("classes", ()))
    requests = condition.requests(data, count) if condition is not None and known else None
    given = asked.labels(run, generator, None, count) if requests is None else requests.given
    images = samples.draw_images(generator, seed, "evaluate", count, given)

    def more(words: "np.ndarray") -> "np.ndarray":
        return samples.draw_images(generator, seed, "new", len(words), words)

    return images, partial(measured, evaluator, images, requests, more)


def _show(result: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.markup import escape

    from ganzoo.cli.evaluate_table import table

    console = Console(highlight=False, soft_wrap=False)
    colour = COLOURS.get(result["verdict"], "red")
    console.print(
        f"[bold]{escape(result['source'])}[/] against {escape(result['data'])}: "
        f"{result['count']:,} images of {_sizes(result)}"
    )
    console.print(f"[bold {colour}]{result['verdict']}[/]: {result['reason']}")
    console.print(table(result, console.width))
    console.print(
        f"[dim]real: real images against {result['reference']}, {result['count']:,} each; "
        "± is two standard deviations by chance. "
        f"Features: {result['feature_kind']} {result['features'][:12]}.[/]"
    )
    for name, found in result.get("also", {}).items():
        _show_also(PUBLISHED[name], found)


def _show_also(entry: Published, found: dict[str, Any]) -> None:
    made, real = found["generated"], found["real"]
    of = f"{made:,} generated and {real:,} real images"
    click.echo()
    if found["value"] is not None:
        click.echo(f"{entry.title} {found['value']:.2f} by {found['library']}, of {of}")
    else:
        click.echo(f"{entry.title} is measured by {entry.library}, of {of}:")
        if not entry.installed:
            click.echo(f"  pip install {entry.library}")
        click.echo(f"  {found['command']}")
    if min(made, real) < USUAL:
        click.echo(
            f"Fewer images give a higher {entry.title}; published ones are of {USUAL:,}."
        )


def _sizes(result: dict[str, Any]) -> str:
    given, measured = result["resolution"], result["measured_at"]
    return f"{given} pixels" + (f", measured at {measured}" if given != measured else "")
