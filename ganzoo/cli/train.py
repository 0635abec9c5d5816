"""`ganzoo train`."""

import json
import shlex
import sys
from pathlib import Path
from typing import Any

import click

from ganzoo import tracking as trackers
from ganzoo.cli.checks import check_names, check_outdir, check_trust
from ganzoo.cli.options import allow_option, backend_option, preset_option, reading_options
from ganzoo.cli.resume import change, changed_settings, make_trainer, refuse_settings
from ganzoo.cli.setting_options import setting_options
from ganzoo.cli.settings_file import config_option, is_from_file, toml_option
from ganzoo.cli.waiting import start_backend, waiting
from ganzoo.errors import InputError, RunError
from ganzoo.training.interrupt import Interrupted
from ganzoo.training.run import Run
from ganzoo.training.settings import SETTINGS, offered


@click.command()
@click.argument(
    "file",
    metavar="[FILE.toml]",
    required=False,
    type=click.Path(dir_okay=False),
    is_eager=True,
    callback=toml_option,
)
@click.option(
    "--config",
    metavar="RUN/config.json",
    is_eager=True,
    callback=config_option,
    help="A new run with the settings of another one; other options win over them.",
)
@preset_option
@setting_options(
    (setting for setting in offered() if setting.keyword), {"reading": reading_options}
)
@click.option(
    "--kimg",
    type=float,
    help="Scale the schedule to this length. With --resume: make the last stage longer, so "
    "that the run has this length in all, finished or not. Each further step has the learning "
    "rate of a run of that length: where it had begun to fall, it rises first.",
)
@click.option(
    "--stream/--no-stream",
    default=None,
    help="Leave the images on disk, decoded once into the cache folder, and read them while "
    "the steps run; the training is the same bit for bit. [default: a set that would take "
    "more than a quarter of the memory in colour, or 4 GiB]",
)
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
@click.option(
    "--resume",
    metavar="RUN",
    help="Go on with a run that was stopped. --data may say where the same images are now; "
    "--kimg and --keep may change.",
)
@click.option(
    "--track",
    metavar="NAME:k=v",
    multiple=True,
    help="Tell tensorboard, wandb or mlflow of figures, samples and settings too; may be "
    "repeated. One that fails is left out, and the run goes on.",
)
@click.option("--dry-run", is_flag=True, help="Show networks, schedule, time, and stop.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line at the end.")
def train(
    file: str | None,
    config: dict[str, Any] | None,
    preset: str | None,
    kimg: float | None,
    outdir: str | None,
    devices: int | None,
    desc: str | None,
    backend: str | None,
    stream: bool | None,
    resume: str | None,
    track: tuple[str, ...],
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
    ganzoo train --resume RUN --kimg 640      go on for longer
    ganzoo train --init RUN --data photos/    begin with the weights of RUN
    ganzoo train settings.toml --seed 1       options in a file: loss = "hinge"

    The run's folder gets sample sheets at fixed latents (fakes000030.png, ...), a loss
    plot, checkpoints, losses.jsonl with losses and speed at each tick, and metrics.jsonl
    with what --score scores at each snapshot. `ganzoo list` shows the names to choose from.
    """
    given = {key: value for key, value in given.items() if value not in (None, ())}
    for spec in track:
        trackers.get(spec).check()
    changes: dict[str, Any] = {}
    if resume is not None:
        files = {"FILE": file, "config": config}  # Their settings are among those given.
        refuse_settings({key: value for key, value in files.items() if value is not None})
        others: dict[str, Any] = {"desc": desc, "outdir": outdir, "preset": preset}
        given |= {key: value for key, value in others.items() if value is not None}
        changes = {key: given.pop(key) for key in ("data", "keep") if key in given}
        refuse_settings(given)
        from ganzoo.training.saved import check_config

        run = Run.open(resume)
        check_config(run)
        before = run.config
        _start(backend or before["backend"], devices)
        changes = changed_settings(run, before, changes, kimg)
        trainer = make_trainer(run, before | changes, stream)
    else:
        _check_new(given, file, config)
        if not dry_run:
            check_outdir(Path(outdir or "runs"))
        _start(backend, devices)
        trainer, run = _new(given, preset, kimg, stream, config), None
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
    new = run is None
    if run is None:
        command = shlex.join(["ganzoo", *sys.argv[1:]])
        run = trainer.new_run(outdir or "runs", desc, command=command)
    with run.lock(trainer.progress.message):
        if changes:
            change(run, before, changes, trainer.progress.message)
        done = not new and _is_done(run)
        result = (run.result or {}) if done else _train(trainer, run, track)
    if as_json:
        click.echo(json.dumps({"run": str(run.path), **result}))
    else:
        click.echo(f"The run is in {run.path}. Next: {_next(run)}", err=True)


def _next(run: Run) -> str:
    """The command that shows what a run has learned."""
    from ganzoo.models.choice import Choice

    if Choice.of(run.config.get("model", "gan")).kind.translates:
        return f"ganzoo translate {run.path} IMAGES --to B"
    return f"ganzoo generate {run.path}"


def _check_new(given: dict[str, Any], file: str | None, config: dict[str, Any] | None) -> None:
    """Raises `InputError` for names that are not known, or that a file may not name."""
    check_names(given)
    if file is not None or config is not None:
        check_trust(given, file or "--config", options=file is not None)


def _start(name: str | None, devices: int | None) -> None:
    start_backend(name)
    from ganzoo import backend

    backend.use_devices(devices)


def _new(
    given: dict[str, Any],
    preset: str | None,
    kimg: float | None,
    stream: bool | None,
    config: dict[str, Any] | None,
) -> Any:
    from ganzoo import backend
    from ganzoo.models.choice import Choice
    from ganzoo.schedule import Schedule
    from ganzoo.training.presets import PRESETS
    from ganzoo.training.progress import progress
    from ganzoo.training.recommendations import without_recommended
    from ganzoo.training.trainer import Trainer

    if config is not None and preset is not None:
        raise InputError("--config says all that --preset says. Give one of them.")
    preset = preset or ("quick" if backend.device() == "cpu" else "full")
    own: dict[str, Any] = {}
    if config is None:
        choice = Choice.of(given.get("model", SETTINGS["model"].default))
        own = without_recommended(PRESETS[preset], choice, given.get("loss"))
    if "init" in given and config is None:
        own = own | _of_source(given["init"], own)
    settings = own | given
    if "none" in settings.get("penalties", ()):
        if len(settings["penalties"]) > 1:
            raise InputError("--penalty none stands alone: it adds none to the loss's own.")
        settings["penalties"] = ()
    if kimg is not None:
        if not 0 < kimg < float("inf"):
            raise InputError(f"--kimg is a positive number of thousands of images, not {kimg}.")
        settings["schedule"] = str(Schedule.parse(settings["schedule"]).scaled_to(kimg))
        for key in ("tick", "snap"):
            if key not in given or is_from_file(click.get_current_context(), key):
                settings[key] = min(settings[key], max(kimg / 4, 0.001))
    if config is not None:
        settings |= _unchanged(config, given, kimg)
    shown = progress()
    with shown.waiting("Reading images and building networks"):
        trainer = Trainer(**settings, stream=stream, progress=shown).prepare()
    if "per_class" in own and "per_class" not in given and "data" in given:
        count = len(trainer.images)
        trainer.progress.message(
            f"the preset {preset} takes at most {own['per_class']} images of each class, here "
            f"{count} in all: --per-class takes more"
        )
    return trainer


def _of_source(source: str, preset: dict[str, Any]) -> dict[str, Any]:
    """Settings that follow from the run whose weights a new one begins with."""
    from ganzoo.schedule import Schedule
    from ganzoo.training.init import InitialWeights

    weights = InitialWeights.read(source)
    length = Schedule.parse(preset["schedule"]).kimg
    return {
        "architecture": weights.architecture,
        "schedule": f"{weights.resolution}:{length:g}",
    }


def _unchanged(
    config: dict[str, Any], given: dict[str, Any], kimg: float | None
) -> dict[str, Any]:
    """What a config says beyond options, as far as what it belongs to is from the config."""
    context = click.get_current_context()
    found = {}
    if is_from_file(context, "data") and "reading" not in given:
        found["data_sha256"] = config["data_sha256"]
        if config.get("reading"):
            found["reading"] = config["reading"]
    if is_from_file(context, "init") and "init_sha256" in config:
        found["init_sha256"] = config["init_sha256"]
    if is_from_file(context, "schedule") and kimg is None:
        found["lengthened"] = config.get("lengthened", [])
    return found


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


def _train(trainer: Any, run: Any, track: tuple[str, ...]) -> dict[str, Any]:
    from ganzoo.training.opening import opening

    computes, *others = opening(trainer)
    for line in (computes, f"run: {run.path}", *others):
        trainer.progress.message(line)
        run.log(line)
    return trainer.train(run, track)
