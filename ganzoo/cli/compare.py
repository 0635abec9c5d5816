"""`ganzoo compare`."""

import functools
import shlex
import sys
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from ganzoo.cli.checks import check_names, check_trust
from ganzoo.cli.options import allow_option, backend_option, reading_options
from ganzoo.cli.report import show
from ganzoo.cli.setting_options import NumberRange, named_here, setting_option, setting_options
from ganzoo.cli.waiting import start_backend
from ganzoo.comparison.runs import grid
from ganzoo.errors import InputError, RunError
from ganzoo.training.presets import PRESETS
from ganzoo.training.setting import Setting
from ganzoo.training.settings import GROWTHS, OWN, SETTINGS, shared, varied

SCORED = 1000  # Samples at each snapshot, where nothing else is said.


def _axis(setting: Setting) -> Callable[..., Any]:
    """The option for the specs of a setting that cells have, as a decorator."""
    several = setting.kind.type is list
    return click.option(
        f"--{setting.compare_option}",
        setting.name,
        metavar="P,Q+R" if several else "A,B",
        callback=named_here,
        default=OWN if several else "",
        show_default=several,
        help="With each of these; + joins penalties that go together; own: those recommended "
        "for each loss; none: only what is in its formula."
        if several
        else f"{setting.label} to compare.",
    )


@click.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False))
@setting_options(varied(), {s.name: _axis(s) for s in varied()})
@click.option(
    "--growth",
    type=click.Choice([*GROWTHS, "both"]),
    default=GROWTHS[0],
    show_default=True,
    help="direct trains at the last resolution from the start, on the same budget.",
)
@click.option("--seeds", metavar="0-4", help="Seeds of every cell. [default: 0-2]")
@click.option("--preset", type=click.Choice(list(PRESETS)), help="[default: quick]")
@setting_options(
    shared(),
    {
        "reading": reading_options,
        "score": setting_option(
            SETTINGS["score"],
            type=click.IntRange(min=50),
            help=f"Samples scored at each snapshot. [default: {SCORED}]",
        ),
    },
)
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
    type=NumberRange(min=0),
    default=1.0,
    help="Cores of a run under Ray. [default: 1]",
)
@click.option(
    "--gpus",
    type=NumberRange(min=0),
    default=0.0,
    help="GPUs of a run under Ray, such as 0.25.",
)
@click.option("--shard", default="1/1", metavar="i/n", help="Make only the i-th of n parts.")
@allow_option
@backend_option
def compare(
    file: str | None,
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
    like, a name, growth, and settings such as penalties, architecture, optimizer or ema; above
    them may stand what holds for all, such as seeds, preset and data.
    """
    axes = {setting.name: given.pop(setting.name) for setting in varied()}
    if file:
        own = (setting.compare_option for setting in varied())
        _refuse("beside a file, which lists the cells itself", *own, "growth")
    if ray:
        _refuse("with --ray, as Ray decides how many runs go at a time", "jobs")
    else:
        _refuse("without --ray", "cores", "gpus")
    part = grid.parse_shard(shard)
    without_loss = _without_loss(axes["model"], backend)
    own_cells = [] if file else _cells(axes, growth, without_loss)
    cells, common = grid.read_toml(Path(file)) if file else (own_cells, {})
    for settings in (common, *(cell.settings for cell in cells)):
        check_names(settings)
        if file:
            check_trust(settings, file)
    files = {key: common.pop(key, None) for key in ("seeds", "preset")}
    numbers = grid.parse_seeds(seeds or ("0-2" if files["seeds"] is None else files["seeds"]))
    name = preset or str(files["preset"] or "quick")
    if name not in PRESETS:
        raise InputError(f"There is no preset {name!r}. Known: {', '.join(PRESETS)}.")
    start_backend(backend)
    from ganzoo.comparison.report.page import write_report
    from ganzoo.comparison.runs.compare import compare as make
    from ganzoo.comparison.runs.compare import unfinished
    from ganzoo.comparison.runs.plan import with_preset

    settings = {key: value for key, value in given.items() if value is not None}
    base = {"data": SETTINGS["data"].default, "score": SCORED}
    cells, every = with_preset(cells, base | PRESETS[name], common | settings)
    own_schedule = every["schedule"] != PRESETS[name]["schedule"]
    about = {
        "title": title or f"{len(cells)} variants on {every['data']}",
        "preset": None if own_schedule else name,
        "command": shlex.join(["ganzoo", *sys.argv[1:]]),
    }
    pool = _pool(ray, cores, gpus, jobs)
    results = make(cells, numbers, every, Path(out), pool, part, about)
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
    axes: Mapping[str, str], growth: str, without_loss: Collection[str]
) -> list[grid.Cell]:
    """Every combination of what the options list."""
    given = {name: grid.split(text) for name, text in axes.items()}
    if not any(specs for name, specs in given.items() if specs != [OWN]):
        raise InputError("Say what to compare: --losses wgan-gp,lsgan or a TOML file.")
    return grid.product(given, GROWTHS if growth == "both" else (growth,), without_loss)


def _without_loss(models: str, backend: str | None) -> list[str]:
    """Those of `models` that have no loss to choose."""
    given = grid.split(models or "")
    for model in given:
        check_names({"model": model})
    if not given:
        return []
    start_backend(backend)
    from ganzoo.models.choice import Choice

    return [model for model in given if not Choice.of(model).takes("loss")]
