"""What losses, penalties and architectures have in common."""

import math
from collections.abc import Iterable
from numbers import Integral, Real
from typing import Any, Self

from ganzoo.errors import InputError


def check_whole(least: int = 1, **numbers: Any) -> None:
    """Raises `InputError` if one of `numbers` is not a whole number of `least` or more."""
    for name, number in numbers.items():
        if not isinstance(number, Integral) or number < least:
            raise InputError(
                f"`{name}` is a whole number, {least} or more. Received: {number!r}"
            )


def check_not_negative(**numbers: Any) -> None:
    """Raises `InputError` if one of `numbers` is negative, infinite or not a number."""
    for name, number in numbers.items():
        if not isinstance(number, Real) or not 0 <= float(number) < float("inf"):
            raise InputError(f"`{name}` is a number, 0 or more. Received: {number!r}")


def check_number(**numbers: Any) -> None:
    """Raises `InputError` if one of `numbers` is not a finite number."""
    for name, number in numbers.items():
        if not isinstance(number, Real) or not math.isfinite(number):
            raise InputError(f"`{name}` is a number. Received: {number!r}")


def check_positive(**numbers: Any) -> None:
    """Raises `InputError` if one of `numbers` is not a finite number above 0."""
    for name, number in numbers.items():
        if not isinstance(number, Real) or not 0 < float(number) < float("inf"):
            raise InputError(f"`{name}` is a number above 0. Received: {number!r}")


def check_choice(among: Iterable[str], **values: Any) -> None:
    """Raises `InputError` if one of `values` is none of those."""
    known = list(among)
    for name, value in values.items():
        if value not in known:
            raise InputError(f"`{name}` is one of {', '.join(known)}. Received: {value!r}")


class Variant:
    """Something that its constructor's keywords make again, as Keras's layers are."""

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
