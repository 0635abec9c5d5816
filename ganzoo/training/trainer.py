"""A training: its settings, and the networks of its stages."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras

import ganzoo
from ganzoo import architectures, backend, conditions, losses
from ganzoo.architectures.architecture import Architecture
from ganzoo.conditions.condition import Condition
from ganzoo.cores import available_cores
from ganzoo.data.image_set import ImageSet
from ganzoo.data.load import is_name, load
from ganzoo.data.reading import Reading
from ganzoo.errors import InputError
from ganzoo.losses import penalties as penalty_registry
from ganzoo.losses.loss import Loss, check_critic_steps
from ganzoo.losses.penalties.penalty import Penalty
from ganzoo.models.choice import Choice
from ganzoo.models.generative_model import GenerativeModel
from ganzoo.schedule import Schedule, Stage
from ganzoo.spec import parse
from ganzoo.training.carry_over import drop_fade, grow
from ganzoo.training.config import HISTORY
from ganzoo.training.init import InitialWeights, absolute, weight_shapes
from ganzoo.training.lengthen import check_lengthened, shorter_stages
from ganzoo.training.loop import Loop
from ganzoo.training.optimizer import make_optimizer
from ganzoo.training.order import DataOrder
from ganzoo.training.processes import divisible
from ganzoo.training.progress import PlainProgress, Silent
from ganzoo.training.recommendations import recommended
from ganzoo.training.run import CONFIG, Run
from ganzoo.training.settings import SETTINGS
from ganzoo.training.stage_cost import StageCost, stage_cost
from ganzoo.training.timetable import Timetable
from ganzoo.variant import check_flag, check_not_negative, check_positive, check_whole

if TYPE_CHECKING:
    from ganzoo.metrics.evaluate import Evaluator

UNLABELLED = (
    "A condition asks for classes, and {}. Give a set with classes, such as a folder with a "
    "subfolder for each, or leave the condition out."
)


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
        architecture: Spec of an architecture. Its channels, base and seed, and its classes
            if it asks for them, are set from the data, the schedule and the run's seed.
        precision: What layers compute in, `"float32"`, `"bfloat16"`, or `"auto"` for what is
            faster here; `None`: what `architecture` says. The config records it there.
        data: Name of a data set, or path of a folder, zip, npz or npy.
        schedule: Stages as `RESOLUTION:KIMG[:FADE],...`.
        grow: `False` trains at the last resolution from the start, with the networks
            and the budget of the whole schedule.
        batch: Images of one discriminator update, over all devices.
        optimizer: Spec of a Keras optimizer, used by both players; `None`: what is
            recommended for the loss, see `ganzoo.training.recommendations`.
        ema: Half-life of the averaged generator in kimg; `None`: the same.
        critic_steps: Discriminator updates per generator update; `None`: the loss's.
        tick: kimg between lines of figures.
        snap: kimg between checkpoints and sample sheets.
        per_class: Training images per class of an expanded set; `None`: all.
        reading: How images of one's own are read, see `ganzoo.data.Reading`, or its choices.
        condition: What a person may ask the generator for: a `Condition`, or its spec, such
            as `"labels"`; its classes are those of the data. `None`: nothing.
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
        reading: Reading | Mapping[str, Any] | None = None,
        condition: str | Condition | None = None,
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
        check_positive(tick=tick, snap=snap)
        check_flag(grow=grow)
        check_whole(0, score=score)
        if keep is not None:
            check_whole(keep=keep)
        check_whole(-(2**63), 2**63 - 1, seed=seed)
        if per_class is not None:
            check_whole(per_class=per_class)
        self.choice = Choice.of(model)
        steps = None if critic_steps == 1 else critic_steps
        self._condition = None if condition is None else self._checked_condition(condition)
        self._check_taken(
            loss=loss,
            penalties=penalties or None,
            critic_steps=steps,
            condition=self._condition,
        )
        self.loss = None
        if self.choice.takes("loss"):
            self.loss = losses.get(loss or SETTINGS["loss"].default)
        own = recommended(self.loss)
        penalties = own["penalties"] if penalties is None else penalties
        self.penalties = penalty_registry.get_all(penalties)
        self.full_schedule = Schedule.parse(schedule)
        self.schedule = self.full_schedule if grow else self.full_schedule.without_growth()
        self.grow = grow
        check_whole(batch=batch)
        self.batch = divisible(int(batch))
        self.optimizer = own["optimizer"] if optimizer is None else optimizer
        self.ema = own["ema"] if ema is None else ema
        check_not_negative(ema=self.ema)
        if critic_steps is None:
            critic_steps = 1 if self.loss is None else self.loss.critic_steps
        check_critic_steps(critic_steps)
        self.critic_steps = int(critic_steps)
        self.timetable = Timetable(self.schedule, self.images_a_step)
        self.data = data if is_name(data) else str(Path(data).expanduser().absolute())
        self.reading = Reading.of(reading)
        if self._condition is not None and not self.reading.labels:
            raise InputError(UNLABELLED.format(f"{self.data!r} is read without labels"))
        self._images, self._source, self._stream = images, data, stream
        self.per_class = None if per_class is None else int(per_class)
        self.tick = tick
        self.snap = snap
        self.keep = None if keep is None else int(keep)
        self.lengthened = check_lengthened(lengthened)
        self.score = int(score)
        self.seed = int(seed)
        self.init = None if init is None else absolute(init)
        self.init_sha256 = init_sha256
        self._new_init = init is not None and init_sha256 is None
        if self._new_init:
            self.init_sha256 = self.initial_weights.sha256
            self.init = self.initial_weights.where  # With the checkpoint's name.
        self._architecture = architecture, precision
        parse(architecture)
        self._data_sha256 = recorded.pop("data_sha256", None)
        self._check_recorded(recorded)
        self._prepared = self.begun = False

    def _check_taken(self, **given: Any) -> None:
        """Raises `InputError` for settings that the kind of model has no use for."""
        unused = [
            key
            for key, value in given.items()
            if value is not None and not self.choice.takes(key)
        ]
        if unused:
            raise InputError(
                f"The model {self.choice.name!r} has no use for {' and '.join(unused)}. Leave "
                f"{'it' if len(unused) == 1 else 'them'} out."
            )

    def _checked_condition(self, condition: str | Condition) -> str | None:
        """The spec of a condition, or `None` if it asks for nothing."""
        if not isinstance(condition, str):
            condition = conditions.registry.spec(conditions.get(condition))
        takes = conditions.registry.takes(condition, "classes")
        free = takes and "classes" not in parse(condition)[1]
        found = conditions.get(condition, {"classes": 2} if free else {})
        return condition if found.asks else None

    @cached_property
    def condition(self) -> Condition | None:
        """What the generator is asked for, fitted to the images.

        Raises:
            ganzoo.errors.InputError: If the images have no labels, or other classes than it.
        """
        if self._condition is None:
            return None
        if not self.images.labelled:
            raise InputError(UNLABELLED.format(f"the images of {self.data!r} have no labels"))
        if not conditions.registry.takes(self._condition, "classes"):
            return conditions.get(self._condition)
        classes = len(self.images.classes)
        given = parse(self._condition)[1].get("classes", classes)
        if given != classes:
            raise InputError(
                f"The condition's classes follow from the data: there are {classes} here, not "
                f"{given}. Leave them out of the condition."
            )
        return conditions.get(self._condition, {"classes": classes})

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
        if self.score:
            _ = self.evaluator  # Raises where the images are too few, not at a snapshot.
        if self._new_init:
            model = self._model(self.schedule[0])
            self.initial_weights.check(weight_shapes(model), self.architecture)
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

    @cached_property
    def order(self) -> DataOrder:
        """The order in which the images are shown."""
        return DataOrder(len(self.images), self.seed)

    @cached_property
    def architecture(self) -> Architecture:
        """What makes the networks, fitted to the images, the schedule and the seed."""
        return self._make_architecture(*self._architecture)

    @property
    def title(self) -> list[str]:
        """Specs of the model unless it is a plain GAN, loss, penalties, and condition."""
        return [
            *([] if self.choice.spec == "gan" else [self.choice.spec]),
            *([] if self.loss is None else [losses.registry.spec(self.loss)]),
            *(penalty_registry.registry.spec(penalty) for penalty in self.penalties),
            *([] if self.condition is None else [conditions.registry.spec(self.condition)]),
        ]

    def _make_architecture(self, spec: str, precision: str | None) -> Architecture:
        own = parse(spec)[1]
        derived: dict[str, Any] = {
            "channels": self.images.channels,
            "base": self.full_schedule[0].resolution,
            "seed": self.seed,
        }
        if self.init is not None:
            # Sizes of networks follow from it: the source's, which a recorded spec holds.
            derived["base"] = own.get("base") or self.initial_weights.base
        if architectures.registry.takes(spec, "classes"):
            # With a condition the latent need not choose among classes, only within one.
            asked = self.condition is not None
            derived["classes"] = 1 if asked else self.images.class_count
        if precision == "auto":
            free = "precision" not in own and architectures.registry.takes(spec, "precision")
            precision = backend.precision() if free else None
            own_penalties = () if self.loss is None else self.loss.penalties
            if free and any(p.float32 for p in (*own_penalties, *self.penalties)):
                precision = "float32"
        if precision is not None:
            derived["precision"] = precision
        for key, given in own.items():
            if key in derived and given != derived[key]:
                raise InputError(
                    f"The architecture's {key} follows from the data, the schedule, --seed "
                    f"and --precision: it is {derived[key]} here, not {given}. Leave it out "
                    "of --arch."
                )
        architecture = architectures.get(spec, derived)
        architecture.condition = self.condition
        return architecture

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
        keys = ("model", "loss", "penalties", "critic_steps", "condition")
        specs = [self.config.get(key) for key in keys]
        return repr((architectures.registry.describe(self.architecture), options, specs))

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
    def images_a_step(self) -> int:
        """Real images that one step shows to the discriminator."""
        return self.batch * self.critic_steps

    @property
    def total_flops(self) -> float:
        """Operations of the whole training, an estimate."""
        stages = zip(self.schedule, self.flops, strict=True)
        return sum(1000 * stage.kimg * flops for stage, flops in stages)

    def _check_recorded(self, recorded: dict[str, Any]) -> None:
        """What a config records beyond keywords must still be true."""
        made_with = recorded.pop("backend", backend.name)
        if made_with != backend.name:
            raise InputError(
                f"The run was made with {made_with} and this is {backend.name}. "
                f"Resume it with --backend {made_with}."
            )
        for known in (HISTORY, "classes", "ganzoo", "keras", "command"):
            recorded.pop(known, None)
        if recorded:
            raise InputError(f"Unknown settings: {', '.join(recorded)}.")

    @property
    def config(self) -> dict[str, Any]:
        """Everything that decides the run, with no default left out."""
        asked = self.condition
        return {
            "model": self.choice.spec,
            "loss": self.loss and losses.registry.spec(self.loss),
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
            **({"reading": self.reading.choices} if self.reading.choices else {}),
            **({"condition": conditions.registry.spec(asked)} if asked else {}),
            "score": self.score,
            "keep": self.keep,
            "seed": self.seed,
            "lengthened": self.lengthened,
            **({"init": self.init, "init_sha256": self.init_sha256} if self.init else {}),
            "data_sha256": self.images.sha256,
            "classes": list(self.images.classes) if self.images.labelled else [],
            "backend": backend.name,
            "ganzoo": ganzoo.__version__,
            "keras": keras.__version__,
        }

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
        *networks, fade = self.architecture(stage, self.choice.kind.roles)
        return self.choice.make(
            networks,
            loss=self.loss,
            penalties=self.penalties,
            critic_steps=self.critic_steps,
            condition=self.condition,
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
        penalties = self.config["penalties"]
        specs = [spec for spec in self.title if spec not in penalties]
        words = [self.images.name, *(parse(spec)[0].rpartition(":")[2] for spec in specs)]
        run = Run.create(outdir, "-".join([*words, desc] if desc else words))
        run.write_json(CONFIG, self.config | recorded)
        return run

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
        self.prepare()
        self.begun = True
        return Loop(self, run).train()

    @cached_property
    def evaluator(self) -> "Evaluator":
        """What scores samples against the run's data."""
        from ganzoo.metrics.evaluate import Evaluator

        return Evaluator(self.images, count=self.score, option="--score")
