"""The run: grow, train, show, save."""

import math
import platform
import time
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

import ganzoo
from ganzoo import architectures, backend, losses
from ganzoo.architectures.architecture import Architecture
from ganzoo.cores import available_cores
from ganzoo.data.image_set import ImageSet
from ganzoo.data.load import is_name, load
from ganzoo.data.sheet import by_turns, save_png, sheet
from ganzoo.errors import InputError, RunError
from ganzoo.growth import Schedule, Stage
from ganzoo.losses import penalties as penalty_registry
from ganzoo.model import NEVER, GANModel, refuse_batch_statistics
from ganzoo.registry import parse
from ganzoo.training import checkpoint, samples
from ganzoo.training.carry_over import grow, settle
from ganzoo.training.cost import training_flops
from ganzoo.training.interrupt import Interrupt, Interrupted
from ganzoo.training.optimizer import make_optimizer
from ganzoo.training.order import DataOrder
from ganzoo.training.player import player
from ganzoo.training.progress import PlainProgress, Silent, tick_line
from ganzoo.training.run import Run
from ganzoo.training.together import check_same_step, divisible, wait_for_all

if TYPE_CHECKING:
    from ganzoo.metrics.evaluate import Evaluator

STEPS_A_CALL = 16  # Steps between looks at the clock and at signals.
SHEET = 56  # Images on a sample sheet.
# Steps after a fade that repay a build of the networks without the old paths. On one CPU core
# that saves a sixth of a step at 56 px, 8 ms with TensorFlow and 28 with JAX, and the new
# program takes 3 s and 11. On a GPU it was not measured.
WORTH_A_BUILD = 1000
# What `Loss.settings` may change, and what holds where it does not.
SETTINGS: dict[str, Any] = {
    "penalties": (),
    "optimizer": "adam:learning_rate=0.002,beta_1=0.0,beta_2=0.99",
    "ema": 8.0,
}


class Trainer:
    """One training, from settings that are plain text and numbers.

    The keywords are what `config.json` records: `Trainer(**run.config)` is the same
    training again.

    Args:
        loss: Spec of a loss, such as `"wgan-gp:weight=10"`. The default had the highest
            coverage of seven at each seed (`benchmarks/results/quick`).
        penalties: Specs of further penalties; `None`: those that the loss does best with.
        architecture: Spec of an architecture. Its channels, base and seed are set
            from the data, the schedule and the run's seed.
        precision: What layers compute in, `"float32"`, `"bfloat16"`, or `"auto"` for what is
            faster here; `None`: what `architecture` says. The config records it there.
        data: Name of a data set, or path of a folder, zip, npz or npy.
        schedule: Stages as `RESOLUTION:KIMG[:FADE],...`.
        grow: `False` trains at the last resolution from the start, with the networks
            and the budget of the whole schedule.
        batch: Images of one discriminator update, over all devices.
        optimizer: Spec of a Keras optimizer, used by both players; `None`: the loss's.
        ema: Half-life of the averaged generator in kimg; `None`: the loss's.
        critic_steps: Discriminator updates a generator update; `None`: the loss's.
        tick: kimg between lines of figures.
        snap: kimg between checkpoints and sample sheets.
        per_class: Training images a class of an expanded set; `None`: all.
        metrics: Images that are measured at each snapshot; 0 for none.
        seed: Decides initial weights, latents, data order and penalties.
        stream: Whether the images stay on disk, see `ganzoo.data.load`. The run is the
            same bit for bit, so its config does not say.
        images: The images of `data`, where they have been loaded already.
        progress: What shows the run to a person.

    Raises:
        ganzoo.errors.InputError: If something given cannot be used.
    """

    def __init__(
        self,
        *,
        loss: str = "non-saturating",
        penalties: Iterable[str] | None = None,
        architecture: str = "progressive-dcgan",
        precision: str | None = None,
        data: str = "unown",
        schedule: str = "28:136,56:184:50",
        grow: bool = True,
        batch: int = 32,
        optimizer: str | None = None,
        ema: float | None = None,
        critic_steps: int | None = None,
        tick: float = 5.0,
        snap: float = 30.0,
        per_class: int | None = None,
        metrics: int = 0,
        seed: int = 0,
        stream: bool | None = None,
        images: ImageSet | None = None,
        progress: PlainProgress | None = None,
        **recorded: Any,
    ):
        backend.share_cores(len(available_cores()))
        self.progress = (backend.leads() and progress) or Silent()
        _check_positive(batch=batch, tick=tick, snap=snap)
        self.loss = losses.get(loss)
        own = self._own_settings()
        penalties = own["penalties"] if penalties is None else penalties
        self.penalties = [penalty_registry.get(penalty) for penalty in penalties]
        self.full_schedule = Schedule.parse(schedule)
        self.schedule = self.full_schedule if grow else self.full_schedule.without_growth()
        self.grow = grow
        self.data = data if is_name(data) else str(Path(data).expanduser().absolute())
        self.images = images or self._load(data, per_class, stream)
        self.per_class = per_class
        self.batch = divisible(batch)
        self.optimizer = own["optimizer"] if optimizer is None else optimizer
        self.ema = own["ema"] if ema is None else ema
        self.critic_steps = critic_steps or self.loss.critic_steps
        self.tick = tick
        self.snap = snap
        self.metrics = metrics
        if metrics:
            _ = self.evaluator  # Raises where the images are too few, not at a snapshot.
        self.seed = seed
        self.order = DataOrder(len(self.images), seed)
        self.architecture = self._make_architecture(architecture, precision)
        self._check_recorded(recorded)
        costs = [self._cost(index) for index in range(len(self.schedule))]
        self.flops = [flops for flops, _ in costs]  # Of each stage, for one real image.
        self.parameters = costs[-1][1]
        make_optimizer(self.optimizer)
        self.begun = False

    def _own_settings(self) -> dict[str, Any]:
        """What holds where the user says nothing."""
        if unknown := self.loss.settings.keys() - SETTINGS.keys():
            raise InputError(
                f"The loss {self.loss!r} has `settings` for {', '.join(sorted(unknown))}; "
                f"a loss can only set {', '.join(SETTINGS)}."
            )
        return SETTINGS | dict(self.loss.settings)

    def _make_architecture(self, spec: str, precision: str | None) -> Architecture:
        own = parse(spec)[1]
        derived: dict[str, Any] = {
            "channels": self.images.channels,
            "base": self.full_schedule[0].resolution,
            "seed": self.seed,
        }
        if precision == "auto":
            free = "precision" not in own and architectures.registry.takes(spec, "precision")
            precision = backend.precision() if free else None
        if precision is not None:
            derived["precision"] = precision
        for key, given in own.items():
            if given != derived.get(key, given):
                raise InputError(
                    f"The architecture's {key} follows from the data, the schedule, --seed "
                    f"and --precision: it is {derived[key]} here, not {given}. Leave it out "
                    "of --arch."
                )
        return architectures.get(spec, derived)

    def _cost(self, index: int) -> tuple[int, int]:
        """Operations for a real image of stage `index`, and weights at its end."""
        stage = self.schedule[index]
        costs = [self._cost_of(each) for each, _ in self.phases(index)]
        (fading, _), (settled, parameters) = costs[0], costs[-1]
        share = stage.fade / stage.kimg
        return round(share * fading + (1 - share) * settled), parameters

    def _cost_of(self, stage: Stage) -> tuple[int, int]:
        """Operations for a real image, and weights; the networks of `stage` must fit."""
        generator, discriminator, _ = self.architecture(stage)
        penalties = (*self.loss.penalties, *self.penalties)
        refuse_batch_statistics(discriminator, penalties)
        used = sum(1 / penalty.every for penalty in penalties)
        flops = training_flops(
            generator, discriminator, self.critic_steps, used, self.loss.relativistic
        )
        return flops, generator.count_params() + discriminator.count_params()

    @property
    def total_flops(self) -> float:
        """Operations of the whole training, an estimate."""
        stages = zip(self.schedule, self.flops, strict=True)
        return sum(1000 * stage.kimg * flops for stage, flops in stages)

    def _load(self, source: str, per_class: int | None, stream: bool | None) -> ImageSet:
        return load(
            source,
            resolution=self.full_schedule[-1].resolution,
            per_class=per_class,
            report=self.progress.message,
            stream=stream,
        )

    def _check_recorded(self, recorded: dict[str, Any]) -> None:
        """What a config records beyond keywords must still be true."""
        sha256 = recorded.pop("data_sha256", self.images.sha256)
        if sha256 != self.images.sha256:
            raise InputError(
                f"The data {self.data!r} has changed since the run began (sha256 "
                f"{self.images.sha256[:12]}, was {sha256[:12]}). Bring it back, or start anew."
            )
        made_with = recorded.pop("backend", backend.name)
        if made_with != backend.name:
            raise InputError(
                f"The run was made with {made_with} and this is {backend.name}. "
                f"Resume it with --backend {made_with}."
            )
        for known in ("ganzoo", "keras", "command"):
            recorded.pop(known, None)
        if recorded:
            raise InputError(f"Unknown settings: {', '.join(recorded)}.")

    @property
    def config(self) -> dict[str, Any]:
        """Everything that decides the run, with no default left out."""
        return {
            "loss": losses.registry.spec(self.loss),
            "penalties": [penalty_registry.registry.spec(p) for p in self.penalties],
            "architecture": architectures.registry.spec(self.architecture),
            "data": self.data,
            "schedule": str(self.full_schedule),
            "grow": self.grow,
            "batch": self.batch,
            "optimizer": self.optimizer,
            "ema": self.ema,
            "critic_steps": self.critic_steps,
            "tick": self.tick,
            "snap": self.snap,
            "per_class": self.per_class,
            "metrics": self.metrics,
            "seed": self.seed,
            "data_sha256": self.images.sha256,
            "backend": backend.name,
            "ganzoo": ganzoo.__version__,
            "keras": keras.__version__,
        }

    # Where the stages and the pauses are, in steps.

    @property
    def images_a_step(self) -> int:
        """Real images that one step shows to the discriminator."""
        return self.batch * self.critic_steps

    def steps(self, kimg: float) -> int:
        """Steps that show `kimg` thousand images, at least one."""
        return max(1, round(1000 * kimg / self.images_a_step))

    @property
    def stage_ends(self) -> list[int]:
        """The step at which each stage ends."""
        kimg = np.cumsum([stage.kimg for stage in self.schedule])
        return [self.steps(k) for k in kimg]

    def phases(self, index: int) -> list[tuple[Stage, int]]:
        """Stage `index` as its networks are built for it, and the last step of each.

        Two where the fade ends early enough: in the second the old paths are gone.
        """
        stage = self.schedule[index]
        begin, end = [0, *self.stage_ends][index : index + 2]
        faded = begin + math.ceil(1000 * stage.fade / self.images_a_step)
        if not stage.fade or end - faded < WORTH_A_BUILD:
            return [(stage, end)]
        return [(stage, faded), (stage.settled, end)]

    def _next(self, step: int, interval: float) -> int:
        """The first step after `step` at which a multiple of `interval` kimg was shown."""
        count = int(step * self.images_a_step / 1000 / interval) + 1
        while (mark := self.steps(count * interval)) <= step:
            count += 1
        return mark

    def _is_snapshot(self, step: int) -> bool:
        return step in self.stage_ends or step == self._next(step - 1, self.snap)

    # The model of a stage.

    def build(
        self, index: int, previous: GANModel | None = None, fading: bool = True
    ) -> GANModel:
        """The model of stage `index`.

        Args:
            index: Number of the stage.
            previous: The model of the stage before, from which it grows.
            fading: Whether the stage's old paths are there, if it has any.
        """
        stage = self.schedule[index] if fading else self.schedule[index].settled
        generator, discriminator, fade = self.architecture(stage)
        model = GANModel(
            generator,
            discriminator,
            self.loss,
            self.penalties,
            fade=fade,
            critic_steps=self.critic_steps,
            ema=self.ema,
            seed=self.seed,
        )
        model.compile(*self._optimizers(index))
        if previous is not None:
            grow(previous, model)
        return model

    def settled(self, model: GANModel, index: int) -> GANModel:
        """The model of stage `index` that goes on without old paths where `model` faded in.

        `model` itself if it has none, or if its architecture cannot leave them out.
        """
        if model.fade is None:
            return model
        without = self.build(index, fading=False)
        return without if settle(model, without) else model

    def _optimizers(self, index: int) -> list[keras.optimizers.Optimizer]:
        # The rate falls in the last stage alone: earlier ones only prepare it.
        last = index == len(self.schedule) - 1
        steps = self.steps(self.schedule[index].kimg) if last else 0
        return [
            make_optimizer(self.optimizer, steps),
            make_optimizer(self.optimizer, steps * self.critic_steps),
        ]

    # The run.

    def train(self, run: Run) -> dict[str, Any]:
        """Train in `run`'s folder, from its last checkpoint where it has one.

        Returns:
            What `result.json` holds: status, kimg, seconds, the last figures.

        Raises:
            InputError: If it is called a second time.
            RunError: If a loss or a weight is no longer finite.
            Interrupted: If a signal stopped the run; its state is saved.
        """
        if self.begun:
            raise InputError(
                "This Trainer has trained, and its networks with it. Make another one to go on "
                "or to start anew: Trainer(**run.config)."
            )
        self.begun = True
        self.run = run
        self.figures: dict[str, Any] = {}
        self.measures: dict[str, Any] = {}
        self.progress.start(self.schedule.kimg)
        try:
            with Interrupt() as self.interrupt:
                model, first, step = self._begin()
                for index in range(first, len(self.schedule)):
                    if index > first:
                        model = self.build(index, previous=model)
                    self.ticked = step, self.seconds
                    for stage, last in self.phases(index):
                        if step < last:
                            model = model if stage.fade else self.settled(model, index)
                            step = self._play(model, index, step, last)
        finally:
            self.progress.stop()
        return self._end("done", step)

    def _begin(self) -> tuple[GANModel, int, int]:
        """The model, its stage and the step to go on from."""
        self.seconds = 0.0
        saved = last_good(self.run, self.progress.message)
        check_same_step(saved[1]["step"] if saved else 0)
        self.saved = saved[1]["step"] if saved else None
        if saved is None:
            self.run.forget_after(0)
            model = self.build(0)
            if backend.leads():
                reals = self.images.images[by_turns(self.images.labels)[:SHEET]]
                save_png(sheet(reals), self.run.path / "reals.png")
                self._save_sheet(model, "fakes_init.png")
            return model, 0, 0
        arrays, manifest = saved
        model = self.build(manifest["stage"], fading="fade" in arrays)
        checkpoint.restore(model.named_variables(), arrays)
        self.seconds = manifest["seconds"]
        self.run.forget_after(manifest["step"])
        self.figures = next(reversed(self.run.lines("metrics.jsonl")), {})
        self.measures = next(reversed(self.run.lines("measures.jsonl")), {})
        self._say(f"resumed from {manifest['kimg']:g} kimg")
        self.clock = time.perf_counter()
        if self._is_snapshot(manifest["step"]):
            self._show(model, manifest["step"])  # What stopped it may have come before.
        return model, manifest["stage"], manifest["step"]

    def _play(self, model: GANModel, index: int, step: int, last: int) -> int:
        """Train one model until the step `last`."""
        end, size = self.stage_ends[index], self.images_a_step
        play = player(model, self.images.images, self.order, size, STEPS_A_CALL)
        self.clock = time.perf_counter()
        while step < last:
            tick = min(end, self._next(step, self.tick))
            snap = min(end, self._next(step, self.snap))
            pause = min(tick, snap, last)
            while step < pause and not self._signal():
                play(step, min(STEPS_A_CALL, pause - step))
                step = int(model.iteration)
                self.progress.at(step * size / 1000)
            if step == tick:
                self._tick(model, index, step)
                # Before the first snapshot a person wants to see something, too.
                if step < snap and step * size < 1000 * self.snap and backend.leads():
                    self._save_sheet(model, self._sheet_name(step))
            if step == snap:
                self._snapshot(model, index, step)
            if number := self._signal():
                self._save(model, index, step)
                self._stop(step, number)
        if step < end:
            self._lap()  # What follows builds networks, which is not training.
        return step

    def _signal(self) -> int:
        """The number of a signal that any of the processes received, or 0."""
        return backend.agree(self.interrupt.received or 0)

    def _tick(self, model: GANModel, index: int, step: int) -> None:
        """One line of figures, since the last one."""
        self._lap()
        self._check_finite(model, step)
        before, seconds = self.ticked
        kimg = step * self.images_a_step / 1000
        sec_per_kimg = (self.seconds - seconds) / (kimg - before * self.images_a_step / 1000)
        self.figures = {
            "step": step,
            "kimg": kimg,
            "resolution": self.schedule[index].resolution,
            "alpha": alpha(model),
            **{key: float(value) for key, value in model.figures.result().items()},
            "seconds": round(self.seconds, 3),
            "sec_per_kimg": round(sec_per_kimg, 4),
        }
        self.run.add("metrics.jsonl", self.figures)
        eta = sec_per_kimg * self._kimg_left(index, kimg)
        self.progress.tick(self.figures, model.terms, eta)
        self.run.log(tick_line(self.figures, model.terms, eta))
        for metric in model.metrics:
            metric.reset_state()
        self.ticked = step, self.seconds

    def _kimg_left(self, index: int, kimg: float) -> float:
        """What is left to do, in kimg of the stage `index`; later ones weigh more."""
        done = kimg - sum(stage.kimg for stage in self.schedule[:index])
        own = self.flops[index]  # 0 where no layer is of a kind that is counted.
        return (
            self.schedule[index].kimg
            - done
            + sum(
                later.kimg * (self.flops[i] / own if own else 1)
                for i, later in enumerate(self.schedule)
                if i > index
            )
        )

    def _lap(self) -> None:
        now = time.perf_counter()
        self.seconds += now - self.clock
        self.clock = now

    def _check_finite(self, model: GANModel, step: int) -> None:
        first = keras.ops.convert_to_numpy(model.first_bad.value)
        if (first == NEVER).all():
            return
        at = int(first.min())
        bad = [term for term, f in zip(model.terms, first, strict=True) if f == at]
        # Within a step D is updated first, and a bad update of D spoils G's loss.
        culprits = [term for term in bad if term != "g_loss"] or bad
        self._diverge(step, f"{' and '.join(culprits)} became NaN or infinite at step {at}")

    def _diverge(self, step: int, what: str) -> None:
        self._end("diverged", step, reason=what)
        saved = self.run.checkpoints
        kept = f"the last good checkpoint is {saved[-1]}" if saved else "no checkpoint yet"
        raise RunError(
            f"The run diverged: {what} ({step * self.images_a_step / 1000:g} kimg); {kept}. "
            "Try a lower learning rate (--optimizer adam:learning_rate=0.0002,beta_1=0.0) "
            "or stronger penalties (--penalty r1:gamma=1 --penalty r2:gamma=1)."
        )

    def _snapshot(self, model: GANModel, index: int, step: int) -> None:
        self._save(model, index, step)
        self._show(model, step)

    def _show(self, model: GANModel, step: int) -> None:
        """Sheet, measures and plot of a snapshot; measures only where there are none."""
        if not backend.leads():
            return
        self._save_sheet(model, self._sheet_name(step))
        if self.metrics and self.measures.get("step") != step:
            self._measure(model, step)
        # Imported here: Matplotlib takes half a second that a first tick need not wait.
        from ganzoo.training.plot import loss_plot

        lines = self.run.lines("metrics.jsonl")
        loss_plot(self.run.path / "loss.png", lines, self.schedule, model.penalty_names)

    def _save(self, model: GANModel, index: int, step: int) -> None:
        if step == self.saved:
            return
        self._lap()
        name = checkpoint_name(step * self.images_a_step / 1000)
        variables = model.named_variables()
        arrays = {key: keras.ops.convert_to_numpy(v.value) for key, v in variables.items()}
        manifest = {
            "step": step,
            "kimg": step * self.images_a_step / 1000,
            "stage": index,
            "resolution": self.schedule[index].resolution,
            "alpha": alpha(model),
            "seconds": round(self.seconds, 3),
            "backend": backend.name,
            "device": backend.device(),
            "devices": backend.devices(),
            "versions": versions(),
        }
        try:
            checkpoint.check_finite(arrays)
            if backend.leads():
                checkpoint.save(self.run.path / "checkpoints" / name, arrays, manifest)
            self.saved = step
        except RunError as error:
            self._diverge(step, str(error))

    def _measure(self, model: GANModel, step: int) -> None:
        """Score samples of the averaged generator; this time is not the training's."""
        from ganzoo.metrics.evaluate import headline

        self._lap()
        size = model.generator.input_shape[-1]
        latents = samples.draw_latents(self.seed, "metrics", self.metrics, size)
        measures = self.evaluator(samples.generate(model.ema_generator, latents))
        figures = {
            "step": step,
            "kimg": step * self.images_a_step / 1000,
            "seconds": round(self.seconds, 3),
            **measures,
        }
        self.run.add("measures.jsonl", figures)
        self.measures = figures
        self._say(headline(measures))
        self.clock = time.perf_counter()

    @cached_property
    def evaluator(self) -> "Evaluator":
        """What scores samples against the run's data."""
        from ganzoo.metrics.evaluate import Evaluator

        return Evaluator(self.images, count=self.metrics, option="--metrics")

    def _sheet_name(self, step: int) -> str:
        return f"fakes{checkpoint_name(step * self.images_a_step / 1000)}.png"

    def _save_sheet(self, model: GANModel, name: str) -> None:
        size = model.generator.input_shape[-1]
        latents = samples.draw_latents(self.seed, "sheet", SHEET, size)
        images = samples.generate(model.ema_generator, latents)
        images = samples.enlarge(images, self.schedule[-1].resolution)
        save_png(sheet(images), self.run.path / name)

    def _stop(self, step: int, number: int) -> None:
        self._say(f"stopped by a signal, saved at {step * self.images_a_step / 1000:g} kimg")
        wait_for_all()
        raise Interrupted(
            number,
            f"Stopped and saved. Go on with: ganzoo train --resume {self.run.path}",
        )

    def _end(self, status: str, step: int, **more: Any) -> dict[str, Any]:
        result = {
            "status": status,
            "step": step,
            "kimg": step * self.images_a_step / 1000,
            "seconds": round(self.seconds, 3),
            **more,
            "figures": self.figures,
            "measures": self.measures,
        }
        self.run.write_json("result.json", result)
        wait_for_all()
        return result

    def _say(self, text: str) -> None:
        self.progress.message(text)
        self.run.log(text)


def _check_positive(**numbers: float) -> None:
    for name, number in numbers.items():
        if not 0 < number < float("inf"):
            raise InputError(f"--{name} is a positive number. Received: {number}.")


def last_good(run: Run, report: Callable[[str], None]) -> checkpoint.Saved | None:
    """The newest checkpoint that is not damaged, or `None`."""
    for folder in reversed(run.checkpoints):
        try:
            return checkpoint.load(folder)
        except InputError as error:
            report(f"{error} Going back to the one before.")
    return None


def alpha(model: GANModel) -> float:
    """Share of the newest layers, 0 to 1; 1 where nothing fades."""
    return 1.0 if model.fade is None else float(model.fade.alpha)


def checkpoint_name(kimg: float) -> str:
    """Sortable: `000040`, or `000040.512` between whole thousands."""
    whole = f"{int(kimg):06d}"
    return whole if kimg == int(kimg) else f"{whole}.{round(kimg % 1 * 1000):03d}"


def versions() -> Mapping[str, str]:
    """Versions of what decides the numbers."""
    return {
        "ganzoo": ganzoo.__version__,
        "keras": keras.__version__,
        "numpy": np.__version__,
        backend.name: backend.version,
        "python": platform.python_version(),
    }
