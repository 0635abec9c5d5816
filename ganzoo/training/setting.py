"""What is said of one setting of a training, and how values are checked and written."""

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

from ganzoo.registry import Registry

LARGEST = 2**53  # The whole numbers that every JSON reader keeps.


def is_number(value: Any) -> TypeGuard[int | float]:
    """Whether a value from JSON is a number of a size that figures have; NaN is none."""
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return plain and -LARGEST <= value <= LARGEST


def is_whole(value: Any) -> TypeGuard[int]:
    """Whether a value from JSON is a whole number of such a size, 0 or more."""
    return isinstance(value, int) and is_number(value) and value >= 0


def is_texts(value: Any) -> bool:
    """Whether a value is a list of texts."""
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


@dataclass(frozen=True)
class Kind:
    """What the values of a setting are, in JSON and in TOML.

    Attributes:
        type: `str`, `bool`, `int`, `float`, `list` (of texts) or `dict`.
        noun: The type for a person: `"a whole number"`.
        words: What values are allowed, for a person; `noun` if empty.
        least: The least number.
        above: Whether the number must be above `least`.
        choices: The allowed texts; empty for any.
        check: Another condition on a value.
    """

    type: type
    noun: str
    words: str = ""
    least: float | None = None
    above: bool = False
    choices: tuple[str, ...] = ()
    check: Callable[[Any], bool] = lambda value: True

    def __str__(self) -> str:
        return self.words or self.noun

    def is_typed(self, value: Any) -> bool:
        """Whether a value is of the type, be it allowed or not; a whole number is a number."""
        if self.type is list:
            return is_texts(value)
        if self.type is float:
            return isinstance(value, int | float) and not isinstance(value, bool)
        return isinstance(value, self.type) and (
            self.type is bool or not isinstance(value, bool)
        )

    def allows(self, value: Any) -> bool:
        """Whether a value is of the type, and allowed."""
        if not self.is_typed(value) or not self.check(value):
            return False
        if self.least is not None:
            high = value > self.least if self.above else value >= self.least
            return is_number(value) and high
        return not self.choices or value in self.choices


def text(words: str = "", **more: Any) -> Kind:
    """Values are texts, of which `words` says more."""
    return Kind(str, "a text", words, **more)


def choice(among: Sequence[str]) -> Kind:
    """Values are one of some texts."""
    return Kind(str, "a text", f"one of {', '.join(among)}", choices=tuple(among))


def texts(words: str) -> Kind:
    """Values are lists of texts."""
    return Kind(list, "a list of texts", words)


def table(words: str) -> Kind:
    """Values are tables, which are objects in JSON."""
    return Kind(dict, "a table", words)


def whole(least: int | None = None) -> Kind:
    """Values are whole numbers, `least` or more."""
    words = "a whole number" if least is None else f"a whole number, {least} or more"
    return Kind(int, "a whole number", words, least)


def number(least: float, above: bool = False) -> Kind:
    """Values are numbers, `least` or more, or above it."""
    words = f"a number above {least:g}" if above else f"a number, {least:g} or more"
    return Kind(float, "a number", words, least, above)


FLAG = Kind(bool, "true or false")


@dataclass(frozen=True)
class Setting:
    """One setting of a training.

    Attributes:
        name: The keyword of `Trainer`, the key in `config.json` and in TOML files.
        kind: What its values are.
        meaning: What it means, in the help of the command line.
        label: What a person reads in a report.
        default: What holds where neither a person, a preset nor the loss says something.
        default_text: What the help says of that; the default itself if `None`.
        option: Its option without dashes; the name if empty. One that begins with `no-`
            switches a setting off that is `True` by default.
        offered: Whether it has an option and may stand in a TOML file.
        option_least: The least number that the option takes, where that is more than the
            least one in a config.
        metavar: What stands for the value in the help.
        registry: What knows the names among the values, where these are specs.
        keyword: Whether `Trainer` takes it, rather than the process that makes a trainer.
        recommended: Whether the table of recommendations, or a loss, may say what holds
            where a person does not; `Trainer`'s own default is `None` then.
        by_model: Whether a kind of model may say the same, in its `recommended`.
        recorded: Whether `config.json` has it, rather than another setting's value.
        needed: Whether every `config.json` has it.
        optional: Whether it may be `None`.
        of_model: Whether only models whose constructor takes it have it; a config of another
            model has no such key.
        decides: Whether the training depends on it, so that a run keeps it.
        each: Whether it is of one run, so that a comparison cannot set it.
        plural: Where a comparison varies it: the list's key in `comparison.json`, and the
            option of `ganzoo compare` if `compare_option` is empty.
        compare_option: That option, where its name is another.
        column: Its column in `results.csv`; the name if empty.
        old_name: What earlier versions called it.
        as_field: From a value in a config to the text in that column, where it is another.
        fields: The texts that may stand there; empty for any.
        as_words: From a value in a config to words of a command line; by `option` if `None`.
    """

    name: str
    kind: Kind
    meaning: str = ""
    label: str = ""
    default: Any = None
    default_text: str | None = None
    option: str = ""
    offered: bool = True
    option_least: int | None = None
    metavar: str | None = None
    registry: Registry[Any] | None = None
    keyword: bool = True
    recommended: bool = False
    by_model: bool = False
    recorded: bool = True
    needed: bool = True
    optional: bool = False
    of_model: bool = False
    decides: bool = True
    each: bool = False
    plural: str = ""
    compare_option: str = ""
    column: str = ""
    old_name: str = ""
    as_field: Callable[[Any], Any] | None = None
    fields: tuple[str, ...] = ()
    as_words: Callable[[Any], list[str]] | None = None

    def __post_init__(self) -> None:
        own = {"option": self.name.replace("_", "-"), "column": self.name}
        own["compare_option"] = self.plural
        for attribute, value in own.items():
            object.__setattr__(self, attribute, getattr(self, attribute) or value)

    @property
    def words(self) -> str:
        """What values are allowed, for messages: `"a whole number, 1 or more, or null"`."""
        return f"{self.kind}{', or null' if self.optional else ''}"

    @property
    def help(self) -> str:
        """The text of its option: meaning and default."""
        said = self.default_text
        if said is None:
            said = "" if isinstance(self.default, bool | tuple | None) else f"{self.default}"
            said = f"{self.default:g}" if isinstance(self.default, float) else said
        return f"{self.meaning} [default: {said}]" if said else self.meaning

    def allows(self, value: Any) -> bool:
        """Whether a value may stand in a config."""
        return self.kind.allows(value) or (self.optional and value is None)

    def command(self, value: Any) -> list[str]:
        """Words of a command line that give a config's value; none for `None`."""
        if self.as_words is not None:
            return [shlex.quote(word) for word in self.as_words(value)]
        if value is None or not self.offered:
            return []
        if self.kind is FLAG:
            return [f"--{self.option}"] * (value is not self.default)
        values = (value or ["none"]) if self.kind.type is list else [value]
        return [f"--{self.option} {shlex.quote(str(each))}" for each in values]

    @property
    def field_type(self) -> type:
        """The type in tables: `str`, `int` or `float`."""
        return self.kind.type if self.kind.type in (int, float) and not self.as_field else str

    def field(self, value: Any) -> Any:
        """What a table has for a config's value: a text, or a number or `None`."""
        if value is None:
            return "" if self.field_type is str else None
        value = value if self.as_field is None else self.as_field(value)
        if isinstance(value, bool):
            return str(value).lower()
        return " ".join(map(str, value)) if isinstance(value, list | tuple) else value
