"""What losses, penalties and architectures have in common."""

import inspect
import math
from collections.abc import Iterable, Mapping, Sequence
from numbers import Integral, Real
from typing import Any, Self

from ganzoo.errors import InputError
from ganzoo.files.names import brief

LARGEST = 2**31 - 1  # What a whole number of 32 bits holds, as backends count.
LARGEST_FLOAT = 3.4e38  # What a float32 holds, as backends compute.


def check_whole(least: int = 1, most: int = LARGEST, **numbers: Any) -> None:
    """Raises `InputError` if one of `numbers` is not a whole number from `least` to `most`."""
    for name, number in numbers.items():
        if not _is_whole(number) or number < least:
            raise InputError(
                f"`{name}` is a whole number, {least} or more. Received: {brief(number)}"
            )
        if number > most:
            raise InputError(
                f"`{name}` is a whole number, {most} or less. Received: {brief(number)}"
            )


def check_seed(seed: Any) -> None:
    """Raises `InputError` if a seed is not a whole number; it may be of any size and sign."""
    if not _is_whole(seed):
        raise InputError(f"`seed` is a whole number. Received: {brief(seed)}")


def whole_or_none(**number: Any) -> int | None:
    """One number as an `int`, or `None`; raises `InputError` if it is neither, or below 1."""
    ((name, given),) = number.items()
    if given is None:
        return None
    check_whole(**{name: given})
    return int(given)


def check_not_negative(**numbers: Any) -> None:
    """Raises `InputError` if one of `numbers` is negative, too large or not a number."""
    for name, number in numbers.items():
        if not _is_number(number) or number < 0:
            raise InputError(f"`{name}` is a number, 0 or more. Received: {brief(number)}")
        _check_size(name, number)


def check_number(**numbers: Any) -> None:
    """Raises `InputError` if one of `numbers` is not a finite number, or too large."""
    for name, number in numbers.items():
        if not _is_number(number):
            raise InputError(f"`{name}` is a number. Received: {brief(number)}")
        _check_size(name, number)


def check_positive(**numbers: Any) -> None:
    """Raises `InputError` if one of `numbers` is not a finite number above 0, or too large."""
    for name, number in numbers.items():
        if not _is_number(number) or not number > 0:
            raise InputError(f"`{name}` is a number above 0. Received: {brief(number)}")
        _check_size(name, number)


def check_between(least: float, most: float, /, **numbers: Any) -> None:
    """Raises `InputError` if one of `numbers` is not a number from `least` to `most`."""
    for name, number in numbers.items():
        if not _is_number(number) or not least <= number <= most:
            raise InputError(
                f"`{name}` is a number from {least} to {most}. Received: {brief(number)}"
            )


def check_flag(**flags: Any) -> None:
    """Raises `InputError` if one of `flags` is not `True` or `False`."""
    for name, flag in flags.items():
        if not isinstance(flag, bool):
            raise InputError(f"`{name}` is True or False. Received: {brief(flag)}")


def _is_whole(number: Any) -> bool:
    return isinstance(number, Integral) and not isinstance(number, bool)


def _is_number(number: Any) -> bool:
    """Whether it is a number, and neither infinite nor NaN."""
    if isinstance(number, bool) or not isinstance(number, Real):
        return False
    return isinstance(number, Integral) or math.isfinite(number)


def _check_size(name: str, number: Any) -> None:
    if abs(number) > LARGEST_FLOAT:
        raise InputError(
            f"`{name}` is a number up to {LARGEST_FLOAT:g} in size. Received: {brief(number)}"
        )


def check_choice(among: Iterable[str], **values: Any) -> None:
    """Raises `InputError` if one of `values` is none of those."""
    known = list(among)
    for name, value in values.items():
        if value not in known:
            raise InputError(f"`{name}` is one of {', '.join(known)}. Received: {brief(value)}")


class Variant:
    """Something that its constructor's keywords make again, as Keras's layers are.

    Attributes:
        choices: Of each option that is one of a few names, the names. Tests of all variants
            try each of them.
    """

    choices: Mapping[str, Sequence[str]] = {}

    def check_choices(self, **values: Any) -> None:
        """Raises `InputError` if an option of `choices` is none of its names."""
        for option in values.keys() & self.choices.keys():  # Others a subclass has set itself.
            check_choice(self.choices[option], **{option: values[option]})

    def taken(self, config: Mapping[str, Any]) -> dict[str, Any]:
        """Of a parent's `get_config` what this constructor takes: it may set others itself."""
        own = inspect.signature(type(self)).parameters
        return {key: value for key, value in config.items() if key in own}

    def get_config(self) -> dict[str, Any]:
        """The constructor's keywords, so that `from_config` gives an equal one."""
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """One made with these keywords."""
        return cls(**config)

    def __repr__(self) -> str:
        options = ", ".join(f"{k}={v!r}" for k, v in self.get_config().items())
        return f"{type(self).__name__}({options})"
