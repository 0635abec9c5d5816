"""The loop: train, show, measure, save, until the schedule ends or a signal stops it."""

from typing import Any

import keras

from ganzoo import backend
from ganzoo.errors import InputError, RunError
from ganzoo.models.generative_model import NEVER, GenerativeModel
from ganzoo.tracking.tracking import Tracking
from ganzoo.training import checkpoint
from ganzoo.training import config as run_config
from ganzoo.training.clock import Clock
from ganzoo.training.interrupt import Interrupt, Interrupted
from ganzoo.training.processes import check_same_step, wait_for_all
from ganzoo.training.run import CHECKPOINTS, CONFIG, LOSSES, METRICS, RESULT, Run
from ganzoo.training.run_pictures import RunPictures
from ganzoo.training.scoring import score
from ganzoo.training.steps import step_runner
from ganzoo.training.text import tick_line
from ganzoo.versions import versions

STEPS_A_CALL = 16  # Steps between looks at the clock and at signals.


class Loop:
    """One pass of a trainer over its schedule, in a run's folder.

    Args:
        trainer: The `ganzoo.training.trainer.Trainer`, which builds the models.
        run: The folder; where it has a checkpoint, the loop goes on from there.
        tracking: Who else is told what the folder gets.
    """

    def __init__(self, trainer: Any, run: Run, tracking: Tracking):
        self.trainer = trainer
        self.schedule = trainer.schedule
        self.timetable = trainer.timetable
        self.progress = trainer.progress
        self.run = run
        self.tracking = tracking
        self.saved_step: int | None = None  # Of the newest checkpoint.
        self.clock = Clock()  # Counts up to the last lap.
        self.ticked = 0, 0.0  # Step and seconds at the last tick.
        self.slow_until = 0  # The last step that compiles.
        self.steady: tuple[int, float] | None = None  # Step and seconds at the first one after.
        self.figures: dict[str, Any] = {}
        self.measures: dict[str, Any] = {}
        self.pictures = RunPictures(trainer, run)

    def train(self) -> dict[str, Any]:
        """Train to the end of the schedule; see `Trainer.train`."""
        self.progress.start(self.schedule.kimg)
        self.tracking.begin(self.run.path, self.trainer.config)
        try:
            with Interrupt() as self.interrupt:
                model, first, step = self._begin()
                for index in range(first, len(self.schedule)):
                    if index > first:
                        model = self.trainer.build(index, previous=model)
                    self.ticked = step, self.clock.seconds
                    for stage, last in self.timetable.phases(index):
                        if step < last:
                            model = (
                                model if stage.fade else self.trainer.without_fade(model, index)
                            )
                            step = self._play(model, index, step, last)
        except OSError as error:
            raise RunError(
                f"{error.strerror or error}: {error.filename or self.run.path}. When that is "
                f"mended, go on with: ganzoo train --resume {self.run.path}"
            ) from error
        finally:
            self.tracking.end()
            self.progress.stop()
        return self._end("done", step)

    def _begin(self) -> tuple[GenerativeModel, int, int]:
        """The model, its stage and the step to go on from."""
        found = checkpoint.last_good(self.run.checkpoints, self.progress.message)
        check_same_step(found[1]["step"] if found else 0)
        self.saved_step = found[1]["step"] if found else None
        if (self.run.path / RESULT).exists() and self.run.result is None:
            self._say(f"{RESULT} is damaged: it is made again from the last checkpoint")
        if found is None:
            self.run.forget_after(0)
            model = self.trainer.build(0)
            if self.trainer.init:
                self._say(self.trainer.initial_weights.assign(model, self.trainer.architecture))
            if backend.is_main_process():
                self.pictures.reals()
                self.progress.sheet(self.pictures.fakes(model, 0, "fakes_init.png"))
            return model, 0, 0
        arrays, manifest = found
        self._check_fits(manifest)
        model = self.trainer.build(manifest["stage"], fading="fade" in arrays)
        checkpoint.restore(model.named_variables(), arrays)
        self.clock.go_on(manifest)
        self.run.forget_after(manifest["step"])
        self.figures = next(reversed(self.run.lines(LOSSES)), {})
        self.measures = next(reversed(self.run.lines(METRICS)), {})
        self._say(f"resumed from {manifest['kimg']:g} kimg")
        self.clock.start()
        if self.timetable.is_mark(manifest["step"], self.trainer.snap):
            self._show(model, manifest["step"])  # What stopped it may have come before.
        return model, manifest["stage"], manifest["step"]

    def _check_fits(self, manifest: dict[str, Any]) -> None:
        """Raises `InputError` if the checkpoint is not of this training."""
        where = self.run.path / CONFIG
        now = self.trainer.config | self._history()
        run_config.check_unchanged(manifest[checkpoint.SETTINGS], now, where, self._say)
        step, stage, ends = manifest["step"], manifest["stage"], [0, *self.timetable.stage_ends]
        if (
            stage >= len(self.schedule)
            or not ends[stage] <= step <= ends[stage + 1]
            or abs(self.timetable.kimg(step) - manifest["kimg"]) > 1e-6
        ):
            raise InputError(
                f"{where} has changed since the run began: its schedule, batch and "
                f"critic_steps do not lead to the checkpoint at step {step}, "
                f"{manifest['kimg']:g} kimg. Put back what it was, or start a new run."
            )

    def _history(self) -> dict[str, Any]:
        """What `Run.change` keeps in the config of the run, if it has one."""
        if not (self.run.path / CONFIG).is_file():
            return {}
        return {run_config.HISTORY: self.run.config.get(run_config.HISTORY, {})}

    def _play(self, model: GenerativeModel, index: int, step: int, last: int) -> int:
        """Train one model until the step `last`."""
        trainer, timetable = self.trainer, self.timetable
        end, size = timetable.stage_ends[index], timetable.images_a_step
        play = step_runner(model, trainer.images, trainer.order, size, STEPS_A_CALL)
        stage = self.schedule[index]
        self.slow_until, self.steady = step + backend.slow_steps(model.rhythm()), None
        self.progress.expect(stage.resolution, None)
        self.clock.start()
        while step < last:
            tick = min(end, timetable.after(step, trainer.tick))
            snap = min(end, timetable.after(step, trainer.snap))
            pause = min(tick, snap, last)
            while step < pause and not self._signal():
                play(step, min(STEPS_A_CALL, pause - step))
                step = int(model.iteration)
                self.progress.expect(stage.resolution, self._eta(index, step))
                self.progress.at(timetable.kimg(step))
            if step == tick:
                self._tick(model, index, step)
                # Before the first snapshot a person wants to see something, too.
                if (
                    step < snap
                    and timetable.kimg(step) < trainer.snap
                    and backend.is_main_process()
                ):
                    self.pictures.fakes(model, step)
            if step == snap:
                self._save(model, index, step)
                self._show(model, step)
            if number := self._signal():
                self._save(model, index, step)
                self._stop(step, number)
        if step < end:
            self.clock.lap()  # What follows builds networks, which is not training.
        return step

    def _signal(self) -> int:
        """The number of a signal that any of the processes received, or 0."""
        return backend.all_reduce_max(self.interrupt.received or 0)

    # Figures.

    def _tick(self, model: GenerativeModel, index: int, step: int) -> None:
        """One line of figures, since the last one."""
        self.clock.lap()
        self._check_finite(model, step)
        before, seconds = self.ticked
        kimg = self.timetable.kimg(step)
        sec_per_kimg = (self.clock.seconds - seconds) / (kimg - self.timetable.kimg(before))
        self.figures = {
            "step": step,
            "kimg": kimg,
            "resolution": self.schedule[index].resolution,
            "alpha": model.alpha,
            **{key: float(value) for key, value in model.figures.result().items()},
            **self.clock.times,
            "sec_per_kimg": round(sec_per_kimg, 4),
        }
        self.run.add(LOSSES, self.figures)
        self.tracking.figures(kimg, self.figures)
        eta = self._eta(index, step)
        if eta is None:
            eta = sec_per_kimg * self._kimg_left(index, kimg)
        self.progress.tick(self.figures, model.shown_terms(), eta)
        self.run.log(tick_line(self.figures, model.shown_terms(), eta))
        for metric in model.metrics:
            metric.reset_state()
        self.ticked = step, self.clock.seconds

    def _eta(self, index: int, step: int) -> float | None:
        """Seconds to the end by this stage's pace, without the steps that compile."""
        now = self.clock.now()
        if self.steady is None:
            if step >= self.slow_until:
                self.steady = step, now
            return None
        begin, seconds = self.steady
        if step <= begin:
            return None
        kimg = self.timetable.kimg(step)
        return (
            (now - seconds) / (kimg - self.timetable.kimg(begin)) * self._kimg_left(index, kimg)
        )

    def _kimg_left(self, index: int, kimg: float) -> float:
        """What is left to do, in kimg of the stage `index`; later ones weigh more."""
        own, *later = self.trainer.flops[index:]  # 0 where no layer's kind is counted.
        stages = zip(self.schedule[index + 1 :], later, strict=True)
        ahead = sum(stage.kimg * (flops / own if own else 1) for stage, flops in stages)
        end = sum(stage.kimg for stage in self.schedule[: index + 1])
        return max(0.0, end - kimg) + ahead  # The last step may go beyond the end.

    def _check_finite(self, model: GenerativeModel, step: int) -> None:
        first = keras.ops.convert_to_numpy(model.first_bad.value)
        if (first == NEVER).all():
            return
        at = int(first.min())
        bad = [term for term, f in zip(model.terms, first, strict=True) if f == at]
        culprits = " and ".join(model.culprits(bad))
        self._diverge(model, step, f"{culprits} became NaN or infinite at step {at}")

    # Snapshots.

    def _save(self, model: GenerativeModel, index: int, step: int) -> None:
        if step == self.saved_step:
            return
        self.clock.lap()
        kimg = self.timetable.kimg(step)
        variables = model.named_variables()
        arrays = {key: keras.ops.convert_to_numpy(v.value) for key, v in variables.items()}
        manifest = {
            "step": step,
            "kimg": kimg,
            "stage": index,
            "resolution": self.schedule[index].resolution,
            "alpha": model.alpha,
            **self.clock.times,
            "backend": backend.name,
            "device": backend.device(),
            "devices": backend.device_count(),
            "versions": versions(),
            checkpoint.SETTINGS: run_config.recorded(self.trainer.config),
        }
        try:
            checkpoint.check_finite(arrays)
            if backend.is_main_process():
                folder = self.run.path / CHECKPOINTS / self.timetable.name(step)
                checkpoint.save(folder, arrays, manifest)
                if self.trainer.keep:
                    checkpoint.prune(self.run.checkpoints, folder, self.trainer.keep)
            self.saved_step = step
        except RunError as error:
            self._diverge(model, step, str(error))

    def _show(self, model: GenerativeModel, step: int) -> None:
        """Save sheet and plot; score samples if that was not done yet."""
        if not backend.is_main_process():
            return
        sheet = self.pictures.fakes(model, step)
        self.progress.sheet(sheet)
        self.tracking.sheet(self.timetable.kimg(step), sheet)
        self.pictures.reconstructions(model, step)
        if self.trainer.score and self.measures.get("step") != step:
            self._measure(model, step)
        self.pictures.losses(model)

    def _measure(self, model: GenerativeModel, step: int) -> None:
        """Score what the averaged networks make; this time is not the training's."""
        self.clock.lap()
        measures, words = score(model, self.trainer)
        self.measures = {
            "step": step,
            "kimg": self.timetable.kimg(step),
            **self.clock.times,
            **measures,
        }
        self.run.add(METRICS, self.measures)
        self.tracking.figures(self.measures["kimg"], self.measures)
        self._say(words)
        self.clock.start()

    # Ends.

    def _diverge(self, model: GenerativeModel, step: int, what: str) -> None:
        self._end("diverged", step, reason=what)
        saved = self.run.checkpoints
        kept = f"the last good checkpoint is {saved[-1]}" if saved else "no checkpoint yet"
        raise RunError(
            f"The run diverged: {what} ({self.timetable.kimg(step):g} kimg); {kept}. "
            f"{model.remedy}"
        )

    def _stop(self, step: int, number: int) -> None:
        self._say(f"stopped by a signal, saved at {self.timetable.kimg(step):g} kimg")
        wait_for_all()
        raise Interrupted(
            number,
            f"Stopped and saved. Go on with: ganzoo train --resume {self.run.path}",
        )

    def _end(self, status: str, step: int, **more: Any) -> dict[str, Any]:
        result = {
            "status": status,
            "step": step,
            "kimg": self.timetable.kimg(step),
            **self.clock.times,
            **more,
            "figures": self.figures,
            "measures": self.measures,
        }
        self.run.end(result)
        wait_for_all()
        return result

    def _say(self, text: str) -> None:
        self.progress.message(text)
        self.run.log(text)
