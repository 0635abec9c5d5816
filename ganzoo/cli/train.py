"""`ganzoo train`."""

import json
import shlex
import sys
from pathlib import Path
from typing import Any

import click

from ganzoo.cli.checks import check_names, check_outdir
from ganzoo.cli.options import (
    allow_option,
    backend_option,
    named_here,
    precision_option,
    preset_option,
    reading_options,
)
from ganzoo.cli.waiting import start_backend, waiting
from ganzoo.errors import InputError, RunError
from ganzoo.training.interrupt import Interrupted


@click.command()
@click.option(
    "--loss",
    metavar="NAME",
    callback=named_here,
    help="What each player minimises. [default: non-saturating]",
)
@click.option(
    "--penalty",
    "penalties",
    metavar="NAME:k=v",
    multiple=True,
    callback=named_here,
    help="A penalty on the critic's gradient; may be repeated. none: only what is in the "
    "loss's formula, as gp is in wgan-gp's. [default: those that the loss does best with]",
)
@click.option(
    "--arch",
    "architecture",
    metavar="NAME:k=v",
    callback=named_here,
    help="Networks and their options. [default: progressive-dcgan]",
)
@precision_option
@click.option(
    "--data",
    metavar="NAME|PATH",
    callback=named_here,
    help="A data set's name, or your images: a folder, zip, npz or npy. [default: unown]",
)
@reading_options
@preset_option
@click.option(
    "--schedule",
    metavar="RES:KIMG[:FADE],...",
    help="Stages: resolution, kimg, and of these the kimg of fade-in: 28:60,56:60:24.",
)
@click.option("--kimg", type=float, help="Scale the schedule to this length.")
@click.option("--no-growth", is_flag=True, help="Train at the last resolution from the start.")
@click.option("--batch", type=click.IntRange(min=2), help="Images per D update.")
@click.option(
    "--critic-steps", type=click.IntRange(min=1), help="Updates of D per update of G."
)
@click.option("--optimizer", metavar="NAME:k=v", help="A Keras optimizer, for both players.")
@click.option("--ema", type=click.FloatRange(min=0), help="Half-life of the average, in kimg.")
@click.option("--tick", type=float, help="kimg between lines of figures.")
@click.option("--snap", type=float, help="kimg between checkpoints with sample sheets.")
@click.option("--per-class", type=click.IntRange(min=1), help="Training images per class.")
@click.option(
    "--stream/--no-stream",
    default=None,
    help="Leave the images on disk, decoded once into the cache folder, and read them while "
    "the steps run; the training is the same bit for bit. [default: a set that would take "
    "more than a quarter of the memory in colour, or 4 GiB]",
)
@click.option(
    "--metrics",
    type=click.IntRange(min=0),
    help="Score this many samples at each snapshot: forms, KID, coverage, ... [default: 0]",
)
@click.option("--seed", type=int, help="Decides everything random. [default: 0]")
@click.option(
    "--outdir",
    type=click.Path(file_okay=False),
    help="Where the run's folder is made. [default: runs]",
)
@click.option(
    "--devices",
    type=click.IntRange(min=1),
    help="Devices that share each batch. [default: 1, or as many as torchrun or the hosts' "
    "environment starts]",
)
@click.option("--desc", metavar="TEXT", help="A few words for the name of the folder.")
@allow_option
@backend_option
@click.option("--resume", metavar="RUN", help="Continue a run that was stopped.")
@click.option("--dry-run", is_flag=True, help="Show networks, schedule, time, and stop.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line at the end.")
def train(
    preset: str | None,
    kimg: float | None,
    no_growth: bool,
    outdir: str | None,
    devices: int | None,
    desc: str | None,
    backend: str | None,
    stream: bool | None,
    resume: str | None,
    dry_run: bool,
    as_json: bool,
    **given: Any,
) -> None:
    """Train a GAN that grows, and watch it.

    \b
    ganzoo train                              non-saturating on the drawn Unown
    ganzoo train --loss hinge --penalty r1:gamma=0.1
    ganzoo train --data photos/ --schedule 32:100,64:200:50
    ganzoo train --resume runs/00001-unown-hinge        go on where it stopped

    The run's folder gets sample sheets at fixed latents (fakes000030.png, ...), a loss
    plot, checkpoints, losses.jsonl with losses and speed at each tick, and metrics.jsonl
    with what --metrics scores at each snapshot. `ganzoo list` shows the names to choose from.
    """
    given = {key: value for key, value in given.items() if value not in (None, ())}
    if resume is not None:
        others = {"desc": desc, "outdir": outdir, "preset": preset, "kimg": kimg}
        given |= {key: value for key, value in others.items() if value is not None}
        _refuse_with_resume(given | ({"no_growth": True} if no_growth else {}))
        trainer, run = _resumed(resume, backend, devices, stream)
    else:
        own = {key: [given[key]] for key in ("loss", "architecture") if key in given}
        penalties = [spec for spec in given.get("penalties", ()) if spec != "none"]
        check_names(own.get("loss", ()), penalties, own.get("architecture", ()))
        if not dry_run:
            check_outdir(Path(outdir or "runs"))
        _start(backend, devices)
        trainer, run = _new(given, preset, kimg, no_growth, stream), None
    from ganzoo.backend import is_main_process

    if dry_run:
        from ganzoo.cli.dry_run import summary

        with waiting("Measuring steps"):
            text = summary(trainer)  # Every device takes part in measuring a step.
        if is_main_process():
            click.echo(text)
        return
    if not is_main_process():
        _train_along(trainer, run)
        return
    run = run or _make_run(trainer, outdir or "runs", desc)
    with run.lock(trainer.progress.message):
        result = run.result if resume and _is_done(run) else _train(trainer, run)
    if as_json:
        click.echo(json.dumps({"run": str(run.path), **result}))
    else:
        click.echo(f"The run is in {run.path}. Next: ganzoo generate {run.path}", err=True)


def _start(name: str | None, devices: int | None) -> None:
    start_backend(name)
    from ganzoo import backend

    backend.use_devices(devices)


def _new(
    given: dict[str, Any],
    preset: str | None,
    kimg: float | None,
    no_growth: bool,
    stream: bool | None,
) -> Any:
    from ganzoo import backend
    from ganzoo.growth import Schedule
    from ganzoo.training.presets import PRESETS
    from ganzoo.training.progress import progress
    from ganzoo.training.trainer import Trainer

    preset = preset or ("quick" if backend.device() == "cpu" else "full")
    settings = PRESETS[preset] | given
    if "none" in settings.get("penalties", ()):
        if len(settings["penalties"]) > 1:
            raise InputError("--penalty none stands alone: it adds none to the loss's own.")
        settings["penalties"] = ()
    if kimg is not None:
        if not 0 < kimg < float("inf"):
            raise InputError(f"--kimg is a positive number of thousands of images, not {kimg}.")
        settings["schedule"] = str(Schedule.parse(settings["schedule"]).scaled_to(kimg))
        for key in ("tick", "snap"):
            if key not in given:
                settings[key] = min(settings[key], kimg / 4)
    shown = progress()
    with shown.waiting("Reading images and building networks"):
        return Trainer(**settings, grow=not no_growth, stream=stream, progress=shown)


def _resumed(
    path: str, backend: str | None, devices: int | None, stream: bool | None
) -> tuple[Any, Any]:
    from ganzoo.training.run import Run
    from ganzoo.training.saved import check_config

    run = Run.open(path)
    check_config(run)
    _start(backend or run.config.get("backend"), devices)
    from ganzoo.training.progress import progress
    from ganzoo.training.trainer import Trainer

    shown = progress()
    with shown.waiting("Reading images and building networks"):
        return Trainer(**run.config, stream=stream, progress=shown), run


def _refuse_with_resume(given: dict[str, Any]) -> None:
    if given:
        given = {k: v for k, v in given.items() if k != "reading"} | (
            dict.fromkeys(given["reading"].choices) if "reading" in given else {}
        )
        options = {"penalties": "penalty", "architecture": "arch"}
        names = ", ".join(f"--{options.get(n, n).replace('_', '-')}" for n in given)
        raise InputError(
            f"--resume goes on with the settings in the run's config.json; leave out {names}, "
            "or start a new run without --resume."
        )


def _make_run(trainer: Any, outdir: str, desc: str | None) -> Any:
    from ganzoo.losses import registry
    from ganzoo.training.run import Run

    parts = [trainer.images.name, registry.describe(trainer.loss).rpartition(":")[2]]
    run = Run.create(outdir, "-".join([*parts, desc] if desc else parts))
    command = shlex.join(["ganzoo", *sys.argv[1:]])
    run.write_json("config.json", trainer.config | {"command": command})
    return run


def _is_done(run: Any) -> bool:
    if run.is_done:
        click.echo(f"{run.path} is complete already: nothing to do.", err=True)
    return run.is_done


def _train_along(trainer: Any, run: Any) -> None:
    """On a process that is not the main one: trains, writes nothing."""
    from ganzoo.training.run import Onlooker

    if run is not None and run.is_done:
        return
    try:
        trainer.train(Onlooker() if run is None else Onlooker(run.path))
    except Interrupted as stop:
        sys.exit(stop.exit_code)
    except RunError:
        sys.exit(1)


def _train(trainer: Any, run: Any) -> dict[str, Any]:
    from ganzoo.training.opening import opening

    computes, *others = opening(trainer)
    for line in (computes, f"run: {run.path}", *others):
        trainer.progress.message(line)
        run.log(line)
    return trainer.train(run)
