"""A training: its settings, and the networks of its stages."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras

import ganzoo
from ganzoo import architectures, backend, conditions
from ganzoo.architectures.architecture import Architecture
from ganzoo.augmentations.augmentation import Augmentation
from ganzoo.conditions.checks import UNLABELLED
from ganzoo.conditions.condition import Condition
from ganzoo.cores import available_cores
from ganzoo.data.domains import check_domains
from ganzoo.data.image_set import ImageSet
from ganzoo.data.load import is_name, load
from ganzoo.data.reading import Reading
from ganzoo.data.sheet import by_turns, full_grid
from ganzoo.errors import InputError
from ganzoo.losses.loss import Loss
from ganzoo.losses.penalties.penalty import Penalty
from ganzoo.models.generative_model import GenerativeModel
from ganzoo.schedule import Schedule, Stage
from ganzoo.spec import parse
from ganzoo.tracking.tracking import Tracking
from ganzoo.training.carry_over import drop_fade, grow
from ganzoo.training.config import KEYS, check_recorded
from ganzoo.training.fitted_architecture import fitted_architecture
from ganzoo.training.init import InitialWeights, absolute
from ganzoo.training.lengthen import check_lengthened, shorter_stages
from ganzoo.training.loop import Loop
from ganzoo.training.model_settings import ModelSettings
from ganzoo.training.optimizer import make_optimizer
from ganzoo.training.order import DataOrder, DomainOrder
from ganzoo.training.processes import check_shared, divisible
from ganzoo.training.progress import PlainProgress, Silent
from ganzoo.training.recommendations import settings_for
from ganzoo.training.run import CONFIG, Run
from ganzoo.training.stage_cost import StageCost, stage_cost
from ganzoo.training.timetable import Timetable
from ganzoo.variant import (
    check_flag,
    check_not_negative,
    check_positive,
    check_whole,
    whole_or_none,
)

if TYPE_CHECKING:
    from ganzoo.metrics.evaluate import Evaluator
    from ganzoo.metrics.translation_evaluator import TranslationEvaluator
    from ganzoo.tracking.tracker import Tracker


class Trainer:
    """One training, from settings that are plain text and numbers.

    The keywords are the settings that `ganzoo.training.settings` describes, as `config.json`
    records them: `Trainer(**run.config)` is the same training again. Images are read and
    networks built when something asks for them; `prepare` does both, and raises what speaks
    against the training before a run has a folder.

    Args:
        model: The kind of model: a name, a spec, or a class that derives from
            `ganzoo.GenerativeModel`.
        loss: A `Loss`, or its spec, such as `"wgan-gp:weight=10"`; `None`: the default of
            kinds that have a loss. It had the highest coverage of seven at each seed
            (`benchmarks/results/quick`).
        penalties: Further penalties, or their specs; `None`: those that are
            recommended for the loss.
        architecture: Spec of an architecture; `None`: what is recommended for the model. Its
            channels, base and seed, and its classes if it asks for them, are set from the
            data, the schedule and the run's seed.
        precision: What layers compute in, `"float32"`, `"bfloat16"`, or `"auto"` for what is
            faster here; `None`: what `architecture` says. The config records it there.
        data: Name of a data set, or path of a folder, zip, npz or npy.
        schedule: Stages as `RESOLUTION:KIMG[:FADE],...`.
        grow: `False` trains at the last resolution from the start, with the networks
            and the budget of the whole schedule.
        batch: Images of one discriminator update, over all devices; `None`: what is recommended
            for the model.
        optimizer: Spec of a Keras optimizer, used by all networks; `None`: what is
            recommended for the loss and the model, see `ganzoo.training.recommendations`.
        ema: Half-life of the averaged generator in kimg; `None`: the same.
        critic_steps: Discriminator updates per generator update; `None`: the loss's.
        tick: kimg between lines of figures.
        snap: kimg between checkpoints and sample sheets.
        per_class: Training images per class of an expanded set; `None`: all.
        reading: How images of one's own are read, see `ganzoo.data.Reading`, or its choices.
        condition: What a person may ask the generator for: a `Condition`, or its spec, such
            as `"labels"`; its classes are those of the data. `None`: nothing.
        augment: How the images that the discriminator is shown are changed: an `Augmentation`,
            or its spec, such as `"ada"`. `None`: not at all.
        score: Images that are measured at each snapshot; 0 for none.
        keep: How many checkpoints stay, the newest ones; `None`: all.
        seed: Decides initial weights, latents, data order and penalties.
        lengthened: When the run got longer, see `ganzoo.training.lengthen`.
        init: A run whose weights the first stage begins with, and `@` and the name of one of
            its checkpoints if that is not to be the newest: see `ganzoo.training.init`.
        init_sha256: Checksum of that checkpoint's arrays; a different one is refused.
        stream: Whether the images stay on disk, see `ganzoo.data.load`. The run is the
            same bit for bit, so its config does not say.
        images: The images of `data`, where they have been loaded already.
        progress: What shows the run to a person.

    Raises:
        ganzoo.errors.InputError: If something given cannot be used.

    Example:

    ```python
    trainer = ganzoo.Trainer(
        loss="hinge",
        architecture="progressive-dcgan:width=4",
        schedule="8:0.1,16:0.1:0.05",
        per_class=4,
    )
    run = trainer.new_run("runs")
    result = trainer.train(run)
    assert result["status"] == "done"
    images = ganzoo.load(run.path).sample(16)
    ```
    """

    def __init__(
        self,
        *,
        model: str | type = "gan",
        loss: str | Loss | None = None,
        penalties: str | Iterable[str | Penalty] | None = None,
        architecture: str | None = None,
        precision: str | None = None,
        data: str = "unown",
        schedule: str = "28:136,56:184:50",
        grow: bool = True,
        batch: int | None = None,
        optimizer: str | None = None,
        ema: float | None = None,
        critic_steps: int | None = None,
        tick: float = 5.0,
        snap: float = 30.0,
        per_class: int | None = None,
        reading: Reading | Mapping[str, Any] | None = None,
        condition: str | Condition | None = None,
        augment: str | Augmentation | None = None,
        score: int = 0,
        keep: int | None = None,
        seed: int = 0,
        lengthened: Sequence[Mapping[str, Any]] = (),
        init: str | None = None,
        init_sha256: str | None = None,
        stream: bool | None = None,
        images: ImageSet | None = None,
        progress: PlainProgress | None = None,
        **recorded: Any,
    ):
        self.progress = (backend.is_main_process() and progress) or Silent()
        self.model_settings = ModelSettings.of(
            model, loss, penalties, critic_steps, condition, augment
        )
        own = settings_for(self.model_settings.choice.kind, self.loss)
        self.optimizer = own["optimizer"] if optimizer is None else optimizer
        self.ema = own["ema"] if ema is None else ema
        check_not_negative(ema=self.ema)
        self.ema = float(self.ema)
        self.reading = Reading.of(reading)
        if self.model_settings.condition is not None and not self.reading.labels:
            raise InputError(UNLABELLED.format(f"{data!r} is read without labels"))
        self.data = data if is_name(data) else str(Path(data).expanduser().absolute())
        self.per_class = whole_or_none(per_class=per_class)
        self._images, self._source, self._stream = images, data, stream
        check_flag(grow=grow)
        batch = own["batch"] if batch is None else batch
        check_whole(batch=batch)
        self.grow = grow
        self.full_schedule = Schedule.parse(schedule)
        self.schedule = self.full_schedule if grow else self.full_schedule.without_growth()
        check_shared(self._kind, self.model_settings.choice.name)
        self.batch = divisible(int(batch))
        self.timetable = Timetable(self.schedule, self.images_a_step)
        self.lengthened = check_lengthened(lengthened)
        check_positive(tick=tick, snap=snap)
        check_whole(0, score=score)
        check_whole(-(2**63), 2**63 - 1, seed=seed)
        self.tick, self.snap = float(tick), float(snap)  # 80 and 80.0 are one run.
        self.score, self.seed = int(score), int(seed)
        self.keep = whole_or_none(keep=keep)
        self._set_init(init, init_sha256)
        architecture = own["architecture"] if architecture is None else architecture
        parse(architecture)
        self._architecture = architecture, precision
        self._data_sha256 = recorded.pop("data_sha256", None)
        check_recorded(recorded, backend.name)
        self._prepared = self.begun = False

    def _set_init(self, init: str | None, sha256: str | None) -> None:
        """Take the name and the checksum of the first weights, or find them out."""
        self.init = None if init is None else absolute(init)
        self.init_sha256 = sha256
        self._new_init = init is not None and sha256 is None
        if self._new_init:
            self.init_sha256 = self.initial_weights.sha256
            self.init = self.initial_weights.where  # With the checkpoint's name.

    @property
    def loss(self) -> Loss | None:
        """What each player minimises; `None` of a model that has no loss."""
        return self.model_settings.loss

    @property
    def penalties(self) -> tuple[Penalty, ...]:
        """Penalties beside the loss's own."""
        return self.model_settings.penalties

    @cached_property
    def condition(self) -> Condition | None:
        """What the generator is asked for, fitted to the images.

        Raises:
            ganzoo.errors.InputError: If the images have no labels, or other classes than it.
        """
        if self.model_settings.condition is None:
            return None
        return self.model_settings.fitted_condition(self.images, self.data)

    def prepare(self) -> "Trainer":
        """Read the images and build the networks once.

        Returns:
            The trainer. Called again it does nothing more.

        Raises:
            ganzoo.errors.InputError: If the images are others than the run began with, too few
                to be scored, or the networks cannot be made or trained here.
        """
        if self._prepared:
            return self
        backend.share_cores(len(available_cores()))  # Before an optimizer makes variables.
        make_optimizer(self.optimizer)
        if self._data_sha256 not in (None, self.images.sha256):
            raise InputError(
                f"The images of {self.data!r} are not those that the run began with (sha256 "
                f"{self.images.sha256[:12]}, not {self._data_sha256[:12]}). Bring those back, "
                "or start a new run."
            )
        if self._translates:
            self._check_translation()
        if self.score:
            _ = self.evaluator  # Raises where the images are too few, not at a snapshot.
        if self._new_init:
            self.initial_weights.check(self._model(self.schedule[0]), self.architecture)
        _ = self.costs
        self._prepared = True
        return self

    @cached_property
    def images(self) -> ImageSet:
        """The images of `data`, at the last stage's resolution."""
        return self._images or load(
            self._source,
            resolution=self.full_schedule[-1].resolution,
            per_class=self.per_class,
            report=self.progress.message,
            stream=self._stream,
            reading=self.reading,
        )

    @property
    def shown_captions(self) -> list[str]:
        """Captions of the images that `reals.png` shows, in their order."""
        if self.images.captions is None:
            return []
        _, count = full_grid(self.images.class_count)
        return self.images.captions.rows(by_turns(self.images.labels)[:count])

    @cached_property
    def order(self) -> DataOrder | DomainOrder:
        """The order in which the images are shown."""
        if self._translates:
            return DomainOrder(self.images, self.seed, self._kind.paired)
        return DataOrder(len(self.images), self.seed)

    @property
    def _kind(self) -> Any:
        """The class of the model."""
        return self.model_settings.choice.kind

    @property
    def _translates(self) -> bool:
        return bool(self._kind.translates)

    def _check_translation(self) -> None:
        """Raises `InputError` where a model of two domains cannot be trained so."""
        check_domains(self.images, self.data, self._kind.paired)
        if self.batch % 2:
            raise InputError(
                f"Half of a batch is of each domain: give an even number, not {self.batch}."
            )

    @cached_property
    def architecture(self) -> Architecture:
        """What makes the networks, fitted to the images, the schedule and the seed."""
        spec, precision = self._architecture
        base = self.full_schedule[0].resolution
        if self.init is not None:
            # Sizes of networks follow from it: the source's, which a recorded spec holds.
            base = parse(spec)[1].get("base") or self.initial_weights.base
        return fitted_architecture(
            spec,
            precision,
            self.model_settings.loss,
            self.model_settings.all_penalties,
            self.condition,
            self.images.class_count,
            channels=self.images.channels,
            base=base,
            seed=self.seed,
        )

    @property
    def title(self) -> list[str]:
        """Specs of the model unless it is a plain GAN, and of what it is made with."""
        own = self.model_settings.specs()
        return [
            *([] if own["model"] == "gan" else [own["model"]]),
            *([own["loss"]] if "loss" in own else []),
            *own.get("penalties", []),
            *([own["augment"]] if "augment" in own else []),
            *([] if self.condition is None else [conditions.registry.spec(self.condition)]),
        ]

    @cached_property
    def costs(self) -> list[StageCost]:
        """Of each stage; raises `InputError` where its networks cannot be trained."""
        return [
            stage_cost(self._model, phases, self.batch, self._costs_follow_from())
            for index in range(len(self.schedule))
            if (phases := [phase for phase, _ in self.timetable.phases(index)])
        ]

    def _costs_follow_from(self) -> str:
        """All that networks and their steps depend on, but for seeds, as a text."""
        options = self.architecture.get_config() | {"seed": None}
        asked = self.condition and conditions.registry.spec(self.condition)
        networks = architectures.registry.describe(self.architecture)
        return repr((networks, options, self.model_settings.specs(), asked))

    @cached_property
    def flops(self) -> list[int]:
        """Operations of each stage for one real image."""
        return [cost.flops for cost in self.costs]

    @property
    def updates(self) -> Mapping[str, int]:
        """Updates of each network in a step, by role."""
        return self.costs[-1].updates

    @property
    def parameters(self) -> int:
        """Weights of the networks at the end of the schedule."""
        return self.costs[-1].parameters

    @property
    def flops_of_a_sample(self) -> int:
        """Operations for one image that is made at the end of the schedule."""
        return self.costs[-1].made

    @property
    def images_a_step(self) -> int:
        """Real images that one step shows."""
        return self.batch * (self.model_settings.critic_steps or 1)

    @property
    def total_flops(self) -> float:
        """Operations of the whole training, an estimate."""
        stages = zip(self.schedule, self.flops, strict=True)
        return sum(1000 * stage.kimg * flops for stage, flops in stages)

    @property
    def config(self) -> dict[str, Any]:
        """Everything that decides the run, with no default left out.

        A setting is not there where the model, or another setting, has no use for it.
        """
        found = self.model_settings.specs() | {
            "architecture": architectures.registry.spec(self.architecture),
            "data": self.data,
            "schedule": str(self.full_schedule),
            "grow": self.grow,
            "batch": self.batch,
            "optimizer": self.optimizer,
            "ema": self.ema,
            "tick": self.tick,
            "snap": self.snap,
            "per_class": self.per_class,
            "score": self.score,
            "keep": self.keep,
            "seed": self.seed,
            "lengthened": self.lengthened,
            "data_sha256": self.images.sha256,
            "classes": list(self.images.classes) if self.images.labelled else [],
            "backend": backend.name,
            "ganzoo": ganzoo.__version__,
            "keras": keras.__version__,
        }
        if self.reading.choices:
            found["reading"] = self.reading.choices
        if self.condition is not None:
            found["condition"] = conditions.registry.spec(self.condition)
            if self.condition.shape:
                found["captions"] = self.shown_captions
        if self.init is not None:
            found |= {"init": self.init, "init_sha256": self.init_sha256}
        return {key: found[key] for key in KEYS if key in found}

    @cached_property
    def initial_weights(self) -> InitialWeights:
        """The weights of `init`.

        Raises:
            InputError: If they cannot be read, or are others than `init_sha256` says.
        """
        assert self.init is not None
        return InitialWeights.read(self.init, self.init_sha256)

    # The model of a stage.

    def build(
        self, index: int, previous: GenerativeModel | None = None, fading: bool = True
    ) -> GenerativeModel:
        """The model of stage `index`.

        Args:
            index: Number of the stage.
            previous: The model of the stage before, from which it grows.
            fading: Whether the stage's old paths are there, if it has any.
        """
        model = self._model(
            self.schedule[index] if fading else self.schedule[index].without_fade
        )
        model.compile(*self._optimizers(index, model.updates().values()))
        if previous is not None:
            grow(previous, model)
        return model

    def _model(self, stage: Stage) -> GenerativeModel:
        own = self.model_settings
        *networks, fade = self.architecture(stage, own.choice.kind.roles)
        return own.choice.make(
            networks,
            loss=own.loss,
            penalties=own.penalties,
            critic_steps=own.critic_steps,
            condition=self.condition,
            augment=own.augment,
            fade=fade,
            ema=self.ema,
            seed=self.seed,
        )

    def without_fade(self, model: GenerativeModel, index: int) -> GenerativeModel:
        """The model of stage `index` that goes on without old paths where `model` faded in.

        `model` itself if it has none, or if its architecture cannot leave them out.
        """
        if model.fade is None:
            return model
        without = self.build(index, fading=False)
        return without if drop_fade(model, without) else model

    def _optimizers(
        self, index: int, updates: Iterable[int]
    ) -> list[keras.optimizers.Optimizer]:
        # The rate falls in the last stage alone: earlier ones only prepare it.
        last = index == len(self.schedule) - 1
        steps = self.timetable.steps(self.schedule[index].kimg) if last else 0
        shorter = shorter_stages(self.timetable, self.lengthened) if last else []
        return [
            make_optimizer(
                self.optimizer, times * steps, [(times * at, times * n) for at, n in shorter]
            )
            for times in updates
        ]

    # The run.

    def new_run(
        self, outdir: str | Path = "runs", desc: str | None = None, **recorded: Any
    ) -> Run:
        """A new folder for this training: its number, data, model, loss and `desc`.

        Args:
            outdir: Where the folder is made.
            desc: A few words for the end of its name.
            recorded: What the config records beside the settings.

        Raises:
            ganzoo.errors.InputError: If the training cannot be done, see `prepare`, or the
                folder cannot be made.
        """
        self.prepare()
        penalties = self.config.get("penalties", ())
        specs = [spec for spec in self.title if spec not in penalties]
        words = [self.images.name, *(parse(spec)[0].rpartition(":")[2] for spec in specs)]
        run = Run.create(outdir, "-".join([*words, desc] if desc else words))
        run.write_json(CONFIG, self.config | recorded)
        return run

    def train(self, run: Run, track: "str | Iterable[str | Tracker]" = ()) -> dict[str, Any]:
        """Train in `run`'s folder, from its last checkpoint where it has one.

        Args:
            run: The run.
            track: Who else is told of figures and sheets, by name, such as `"tensorboard"`: see
                `ganzoo.tracking`.

        Returns:
            What `result.json` holds: status, kimg, seconds, the last figures.

        Raises:
            InputError: If it is called a second time, or a tracker is not installed.
            RunError: If a loss or a weight is no longer finite.
            Interrupted: If a signal stopped the run; its state is saved.
        """
        if self.begun:
            raise InputError(
                "This Trainer has trained, and its networks with it. Make another one to go on "
                "or to start anew: Trainer(**run.config)."
            )
        tracking = Tracking(track, self.progress.message)
        self.prepare()
        self.begun = True
        return Loop(self, run, tracking).train()

    @cached_property
    def evaluator(self) -> "Evaluator | TranslationEvaluator":
        """What scores samples or translations against the run's data."""
        from ganzoo.metrics.evaluate import Evaluator
        from ganzoo.metrics.translation_evaluator import TranslationEvaluator

        if self._translates:
            side, say = self.images.resolution, self.progress.message
            return TranslationEvaluator(self.data, side, self.per_class, self.score, say)
        return Evaluator(self.images, count=self.score, option="--score")
