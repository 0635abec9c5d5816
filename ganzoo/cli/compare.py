"""`ganzoo compare`."""

import functools
import shlex
import sys
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from ganzoo.cli.checks import check_names
from ganzoo.cli.options import (
    ScoreOption,
    allow_option,
    backend_option,
    named_here,
    precision_option,
    reading_options,
)
from ganzoo.cli.report import show
from ganzoo.cli.waiting import start_backend
from ganzoo.errors import InputError, RunError
from ganzoo.training.presets import PRESETS


@click.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False))
@click.option(
    "--models",
    metavar="M,N",
    callback=named_here,
    default="",
    help="Kinds of model to compare, such as gan,my_module:MyGAN.",
)
@click.option("--losses", metavar="A,B", callback=named_here, help="Losses to compare.")
@click.option(
    "--penalties",
    metavar="P,Q+R",
    callback=named_here,
    default="own",
    show_default=True,
    help="With each of these; + joins penalties that go together; own: those that each loss "
    "does best with; none: only what is in its formula.",
)
@click.option(
    "--archs",
    "architectures",
    metavar="X,Y",
    callback=named_here,
    default="",
    help="On each of these architectures.",
)
@click.option(
    "--growth",
    type=click.Choice(["progressive", "direct", "both"]),
    default="progressive",
    show_default=True,
    help="direct trains at the last resolution from the start, on the same budget.",
)
@click.option("--seeds", metavar="0-4", help="Seeds of every cell. [default: 0-2]")
@click.option("--preset", type=click.Choice(list(PRESETS)), help="[default: quick]")
@click.option("--schedule", metavar="RES:KIMG[:FADE],...", help="As in `ganzoo train`.")
@click.option(
    "--data",
    metavar="NAME|PATH",
    callback=named_here,
    help="A data set. [default: unown]",
)
@reading_options
@click.option("--batch", type=click.IntRange(min=2), help="Images per D update.")
@click.option("--optimizer", metavar="NAME:k=v", help="For both players of every cell.")
@precision_option
@click.option("--snap", type=float, metavar="KIMG", help="kimg between snapshots.")
@click.option(
    "--score",
    "--metrics",
    "score",
    cls=ScoreOption,
    type=click.IntRange(min=50),
    help="Samples scored at each snapshot.",
)
@click.option("--per-class", type=click.IntRange(min=1), help="Training images per class.")
@click.option("--out", required=True, type=click.Path(file_okay=False), metavar="DIR")
@click.option("--title", help="Title of the report.")
@click.option(
    "--jobs", default=1, show_default=True, type=click.IntRange(min=1), help="Runs at a time."
)
@click.option(
    "--ray",
    metavar="[ADDRESS]",
    is_flag=False,
    flag_value="local",
    help="Train as Ray tasks, on the cluster at ADDRESS or on this machine.",
)
@click.option(
    "--cores",
    type=click.FloatRange(min=0),
    default=1.0,
    help="Cores of a run under Ray. [default: 1]",
)
@click.option(
    "--gpus",
    type=click.FloatRange(min=0),
    default=0.0,
    help="GPUs of a run under Ray, such as 0.25.",
)
@click.option("--shard", default="1/1", metavar="i/n", help="Make only the i-th of n parts.")
@allow_option
@backend_option
def compare(
    file: str | None,
    models: str,
    losses: str | None,
    penalties: str,
    architectures: str,
    growth: str,
    seeds: str | None,
    preset: str | None,
    out: str,
    title: str | None,
    jobs: int,
    ray: str | None,
    cores: float,
    gpus: float,
    shard: str,
    backend: str | None,
    **given: Any,
) -> None:
    """Train variants on equal terms and report what differs.

    \b
    ganzoo compare --losses wgan-gp,lsgan --seeds 0-4 --preset quick --out results
    ganzoo compare --losses hinge --penalties none,r1 --growth both --out results
    ganzoo compare --models gan,my_gan:MyGAN --out results
    ganzoo compare comparison.toml --out results --jobs 2

    All cells share data, networks, initial weights, latents and data order, seed by seed.
    Stopped at any time and started again with the same command it goes on: what is done
    is not done again. The exit code is 1 where a run failed or waits still; a run that
    diverged is a result. FILE in TOML lists [[cells]] of your own, each with a loss and, if you
    like, a name, growth, penalties, architecture, optimizer, schedule, batch, critic_steps or
    ema; above them may stand what holds for all, such as seeds, preset and data.
    """
    from ganzoo.comparison.runs import grid

    if file:
        own = ("models", "losses", "penalties", "archs", "growth")
        _refuse("beside a file, which lists the cells itself", *own)
    if ray:
        _refuse("with --ray, as Ray decides how many runs go at a time", "jobs")
    else:
        _refuse("without --ray", "cores", "gpus")
    part = grid.parse_shard(shard)
    cells, common = _cells(file, models, losses, penalties, architectures, growth)
    check_names(
        (cell.loss for cell in cells),
        (penalty for cell in cells for penalty in cell.penalties or ()),
        (cell.architecture for cell in cells if cell.architecture),
        [common["data"]] if "data" in common else [],
        file,
        (cell.model for cell in cells if cell.model),
    )
    files = {key: common.pop(key, None) for key in ("seeds", "preset")}
    numbers = grid.parse_seeds(seeds or ("0-2" if files["seeds"] is None else files["seeds"]))
    name = preset or str(files["preset"] or "quick")
    if name not in PRESETS:
        raise InputError(f"There is no preset {name!r}. Known: {', '.join(PRESETS)}.")
    start_backend(backend)
    from ganzoo.comparison.report.page import write_report
    from ganzoo.comparison.runs.compare import compare as make
    from ganzoo.comparison.runs.compare import unfinished

    settings = {key: value for key, value in given.items() if value is not None}
    shared = {"data": "unown", "score": 1000} | PRESETS[name] | common | settings
    own_schedule = shared["schedule"] != PRESETS[name]["schedule"]
    about = {
        "title": title or f"{len(cells)} GANs on {shared['data']}",
        "preset": None if own_schedule else name,
        "command": shlex.join(["ganzoo", *sys.argv[1:]]),
    }
    pool = _pool(ray, cores, gpus, jobs)
    results = make(cells, numbers, shared, Path(out), pool, part, about)
    show(*write_report(out))
    if left := unfinished(results, part):
        raise RunError(left)


def _refuse(where: str, *options: str) -> None:
    """Raises `InputError` if one of `options` was given, where it would do nothing."""
    context = click.get_current_context()
    for parameter in context.command.params:
        name = parameter.opts[0].removeprefix("--")
        source = context.get_parameter_source(parameter.name or "")
        if name in options and source is ParameterSource.COMMANDLINE:
            raise InputError(f"--{name} does nothing {where}. Leave it out.")


def _pool(ray: str | None, cores: float, gpus: float, jobs: int) -> Any:
    if ray is None:
        from ganzoo.comparison.runs.local import Pool

        return functools.partial(Pool, jobs)
    from ganzoo.comparison.runs.ray_tasks import RayPool

    return functools.partial(RayPool, ray, cores=cores, gpus=gpus)


def _cells(
    file: str | None,
    models: str,
    losses: str | None,
    penalties: str,
    architectures: str,
    growth: str,
) -> tuple[list[Any], dict[str, Any]]:
    from ganzoo.comparison.runs import grid
    from ganzoo.comparison.runs.settings import GROWTHS

    if file:
        return grid.read_toml(Path(file))
    if not losses and not models:
        raise InputError("Say what to compare: --losses wgan-gp,lsgan or a TOML file.")
    cells = grid.product(
        grid.split(losses or "non-saturating"),
        grid.split(penalties),
        grid.split(architectures),
        GROWTHS if growth == "both" else (growth,),
        grid.split(models),
    )
    return cells, {}
