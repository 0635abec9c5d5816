"""A Keras optimizer from its spec."""

import inspect
from collections.abc import Sequence
from numbers import Real
from typing import Any

import keras

from ganzoo import backend
from ganzoo.errors import InputError
from ganzoo.spec import parse
from ganzoo.training.learning_rate import lengthened_decay
from ganzoo.variant import check_flag, check_number


def _check_numbers(kind: type[Any], options: dict[str, Any]) -> None:
    """Raises `TypeError` where something else stands for a number; Keras would in a step."""
    known = inspect.signature(kind).parameters
    for key, value in options.items():
        if key in known and isinstance(known[key].default, bool):
            check_flag(**{key: value})
        wanted = key in known and isinstance(known[key].default, int | float)
        if key != "name" and (
            isinstance(value, str) or (wanted and not isinstance(value, Real))
        ):
            raise TypeError(f"{key} is a number, not {value!r}")
        if isinstance(value, bool) or value is None or isinstance(value, str):
            continue
        check_number(**{key: value})


def make_optimizer(
    spec: str, steps: int = 0, shorter: Sequence[tuple[int, int]] = ()
) -> keras.optimizers.Optimizer:
    """The optimizer of a spec such as `"adam:learning_rate=0.001,beta_1=0.0"`.

    Args:
        spec: Name of a Keras optimizer and its keywords.
        steps: If not 0, the rate falls to a tenth over the second half of so many.
        shorter: Pairs (at, steps): what `steps` was before step `at`.

    Raises:
        ganzoo.errors.InputError: If Keras does not know it or an option.
    """
    name, options = parse(spec)
    try:
        kind = type(keras.optimizers.get(name))
        _check_numbers(kind, options)
        rate = float(options.get("learning_rate", kind().learning_rate))
        if not 0 < rate < float("inf"):
            raise ValueError(f"learning_rate is a positive number, not {rate:g}")
        options["learning_rate"] = lengthened_decay(rate, steps, shorter) if steps else rate
        return backend.faster(kind)(**options)
    except (ValueError, TypeError) as error:
        raise InputError(
            f"The optimizer {spec!r} cannot be made: {error}. "
            "Write for example adam:learning_rate=0.001,beta_1=0.0."
        ) from error
