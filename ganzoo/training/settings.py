"""The settings of a training: the one place that describes them.

From it follow the keys of `config.json` and of TOML files with their checks, the options of
`ganzoo train` and `ganzoo compare`, what a comparison's files say of its runs, and the command
that makes a run again. A new setting is a line here, a keyword of `Trainer`, and the code that
uses it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ganzoo import architectures, augmentations, conditions, data, losses, models
from ganzoo.backend_choice import BACKENDS
from ganzoo.data.reading import Reading
from ganzoo.spec import parse, write
from ganzoo.training.setting import (
    FLAG,
    Kind,
    Setting,
    choice,
    is_whole,
    number,
    table,
    text,
    texts,
    whole,
)

OWN = "own"  # In a comparison: penalties as they are recommended for each loss.
GROWTHS = ("progressive", "direct")  # What tables call `grow` true and false.
PRESET = "the preset's"
LOSS = "the loss's"
# Options of an architecture that follow from other settings, or are settings of their own.
DERIVED = ("channels", "base", "seed", "precision")


def without(architecture: str, *options: str) -> str:
    """The spec of an architecture without some of its options."""
    name, found = parse(architecture)
    return write(name, {key: value for key, value in found.items() if key not in options})


def without_derived(architecture: str) -> str:
    """The spec of an architecture without the options in `DERIVED`."""
    return without(architecture, *DERIVED)


def _without_seed(architecture: str) -> str:
    """The spec that all seeds of a cell share."""
    return without(architecture, "seed")


def _without_classes(condition: str) -> str:
    """The spec of a condition without what follows from the data."""
    return without(condition, "classes")


def _is_sha256(value: str) -> bool:
    return len(value) == 64 and set(value) <= set("0123456789abcdef")


def _are_lengths(value: Any) -> bool:
    positive = number(0, above=True)
    return isinstance(value, list) and all(
        isinstance(each, dict)
        and each.keys() == {"step", "kimg"}
        and is_whole(each["step"])
        and positive.allows(each["kimg"])
        for each in value
    )


SHA256 = text("64 hexadecimal digits", check=_is_sha256)
LENGTHS = Kind(object, "a list of steps and kimg", check=_are_lengths)


def _reading_words(value: Any) -> list[str]:
    return Reading.of(value).options


_ALL = (
    Setting(
        "loss",
        text('a loss with its options, such as "hinge"'),
        "What the discriminator and the generator minimise, of a model that has them.",
        "Losses",
        of_model=True,
        default="non-saturating",
        by_model=True,
        metavar="NAME",
        registry=losses.registry,
        plural="losses",
    ),
    Setting(
        "model",
        text('a kind of model, such as "gan"'),
        "The kind of model, or your own as my_module:MyGAN.",
        "Models",
        default="gan",
        metavar="NAME:k=v",
        registry=models.registry,
        needed=False,
        plural="models",
    ),
    Setting(
        "penalties",
        texts('a list of penalties, such as ["r1:gamma=0.1,every=1"]'),
        "A term beside the loss of the discriminator or the generator; may be repeated. Those "
        "given replace the recommended ones. none: only what is in the loss's formula, as gp "
        "is in wgan-gp's.",
        "Penalties",
        default=(),
        default_text="those recommended for the loss",
        option="penalty",
        metavar="NAME:k=v",
        registry=losses.penalties.registry,
        recommended=True,
        by_model=True,
        of_model=True,
        plural="penalties",
    ),
    Setting(
        "architecture",
        text('an architecture, such as "progressive-dcgan"'),
        "Networks and their options.",
        "Architectures",
        default="progressive-dcgan",
        default_text="progressive-dcgan, or what the loss or the model needs",
        recommended=True,
        option="arch",
        metavar="NAME:k=v",
        registry=architectures.registry,
        plural="architectures",
        compare_option="archs",
        by_model=True,
        as_field=_without_seed,
    ),
    Setting(
        "condition",
        text('a condition, such as "labels"'),
        "What a person may ask the generator for: labels for a class of the images, text for "
        "what a caption says.",
        "Conditions",
        default_text="none",
        metavar="NAME:k=v",
        registry=conditions.registry,
        needed=False,
        of_model=True,
        plural="conditions",
        as_field=_without_classes,
    ),
    Setting(
        "augment",
        text('an augmentation, such as "ada"'),
        "Change all images that D is shown, for small sets: diffaugment, ada, apa.",
        "Augmentation",
        default_text="none",
        metavar="NAME:k=v",
        registry=augmentations.registry,
        needed=False,
        of_model=True,
        plural="augments",
    ),
    Setting(
        "precision",
        choice(("auto", "float32", "bfloat16")),
        "What layers compute in; auto: the faster one here. Weights, losses and penalties "
        "stay float32.",
        default_text=PRESET,
        recorded=False,
    ),
    Setting(
        "data",
        text("the name or the path of a set of images"),
        "A data set's name, or your images: a folder, zip, npz or npy.",
        "Data",
        default="unown",
        metavar="NAME|PATH",
        registry=data.sets,
        decides=False,  # The images' checksum does.
    ),
    Setting(
        "reading",
        table("an object of choices how images are read"),
        label="Reading of images",
        needed=False,
        as_field=_reading_words,
        as_words=_reading_words,
    ),
    Setting(
        "schedule",
        text('stages as text, such as "28:136,56:184:50"'),
        "Stages: resolution, kimg, and of these the kimg of fade-in: 28:60,56:60:24.",
        "Schedule (px:kimg:fade)",
        default="28:136,56:184:50",
        default_text=PRESET,
        metavar="RES:KIMG[:FADE],...",
    ),
    Setting(
        "init",
        text("a run and its checkpoint, as RUN@000040"),
        "Begin with the weights of RUN's newest checkpoint, or of another one, as @000040. "
        "Then the default for --arch is RUN's, and for --schedule RUN's last resolution alone.",
        metavar="RUN[@CHECKPOINT]",
        needed=False,
        decides=False,  # The weights' checksum does.
        each=True,
    ),
    Setting(
        "grow",
        FLAG,
        "Train at the last resolution from the start.",
        "Growth",
        default=True,
        option="no-growth",
        plural="growth",
        column="growth",
        as_field=lambda grow: GROWTHS[not grow],
        fields=GROWTHS,
    ),
    Setting(
        "batch",
        whole(1),
        "Images per D update.",
        "Batch",
        option_least=2,  # Networks compare images within a batch.
        default=32,
        default_text=PRESET,
        by_model=True,
    ),
    Setting(
        "critic_steps",
        whole(1),
        "Updates of D per update of G.",
        "D updates per G update",
        default_text=LOSS,
        of_model=True,
    ),
    Setting(
        "optimizer",
        text('a Keras optimizer, such as "adam:learning_rate=0.001"'),
        "A Keras optimizer, for both players.",
        "Optimizer",
        default="adam:learning_rate=0.002,beta_1=0.0,beta_2=0.99,global_clipnorm=1.0",
        default_text="the one recommended for the loss",
        metavar="NAME:k=v",
        recommended=True,
        by_model=True,
    ),
    Setting(
        "ema",
        number(0),
        "Half-life of the averaged generator (EMA).",
        "Half-life of the average (kimg)",
        default=8.0,
        recommended=True,
        by_model=True,
        metavar="KIMG",
    ),
    Setting(
        "tick",
        number(0, above=True),
        "kimg between lines of figures.",
        default=5.0,
        default_text=PRESET,
        decides=False,
        metavar="KIMG",
    ),
    Setting(
        "snap",
        number(0, above=True),
        "kimg between checkpoints with sample sheets.",
        default=30.0,
        default_text=PRESET,
        decides=False,
        metavar="KIMG",
    ),
    Setting(
        "per_class",
        whole(1),
        "Training images per class.",
        "Training images per class",
        default_text="all",
        optional=True,
    ),
    Setting(
        "score",
        whole(0),
        "Score this many samples at each snapshot: modes, KID, coverage, ...",
        default=0,
        decides=False,
        old_name="metrics",
    ),
    Setting(
        "keep",
        whole(1),
        "Keep only the newest N checkpoints; an older one goes when N newer ones are whole on "
        "disk.",
        default_text="all",
        metavar="N",
        needed=False,
        optional=True,
        decides=False,
    ),
    Setting(
        "seed",
        whole(),
        "Decides everything random.",
        "Seeds",
        default=0,
        plural="seeds",
        each=True,
    ),
    Setting("lengthened", LENGTHS, default=(), offered=False, needed=False),
    Setting("init_sha256", SHA256, offered=False, needed=False),
    Setting(
        "backend",
        choice(BACKENDS),
        "Framework that does the arithmetic.",
        "Backend",
        default_text="KERAS_BACKEND, else tensorflow",
        keyword=False,
    ),
)
SETTINGS: dict[str, Setting] = {setting.name: setting for setting in _ALL}


def offered() -> Iterator[Setting]:
    """The settings that a person may give."""
    return (setting for setting in SETTINGS.values() if setting.offered)


def varied() -> Iterator[Setting]:
    """The settings of which a comparison makes its cells, by one option each."""
    return (setting for setting in offered() if setting.plural and setting.registry)


def shared() -> Iterator[Setting]:
    """The settings that `ganzoo compare` takes for all cells."""
    return (
        setting
        for setting in offered()
        if setting.keyword and not setting.plural and not setting.each
    )


def tabled() -> list[Setting]:
    """The settings that a comparison records of each run, those that it varies first."""
    found = [s for s in offered() if s.recorded and s.decides and s.keyword]
    return sorted(found, key=lambda setting: not setting.plural)


def command(config: Mapping[str, Any]) -> str:
    """The command line that trains with a config's settings.

    Example:
        >>> command({"loss": "hinge", "penalties": [], "grow": False, "seed": 3})
        'ganzoo train --loss hinge --penalty none --no-growth --seed 3'
    """
    found = (
        setting.command(config.get(setting.name))
        for setting in SETTINGS.values()
        if setting.name in config
    )
    return " ".join(["ganzoo train", *(word for words in found for word in words)])
