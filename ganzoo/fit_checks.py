"""What `fit` refuses before its first step; Keras says so after an epoch, or never."""

from typing import Any

import keras

from ganzoo.errors import InputError

MEASURE = (
    "Measure samples: ganzoo.metrics.Evaluator(data)(samples), or in `fit` "
    "callbacks=[ganzoo.callbacks.Measures(data)]."
)
NO_EVALUATION = (
    "A GAN's losses do not say how good its images are, so `evaluate`, `validation_data` and "
    f"`validation_split` measure nothing. {MEASURE}"
)


def refuse_validation(validation_split: float, validation_data: Any) -> None:
    """Raises `InputError` if there is anything to validate with."""
    if validation_split or validation_data is not None:
        raise InputError(NO_EVALUATION)


def refuse_weights(**weights: Any) -> None:
    """Raises `InputError` if images or classes are given weights, which no loss has."""
    for name, value in weights.items():
        if value is not None:
            raise InputError(
                f"A GAN's losses weigh all images alike: `{name}` would change nothing. Leave "
                "it out, or repeat the images that matter more."
            )


def callback_list(callbacks: Any) -> list[keras.callbacks.Callback]:
    """The callbacks of `fit`, of whatever form, as a list.

    Raises:
        InputError: If one of them could do nothing in this training.
    """
    if callbacks is None:
        return []
    if isinstance(callbacks, keras.callbacks.CallbackList):
        callbacks = callbacks.callbacks
    found = list(callbacks) if isinstance(callbacks, list | tuple) else [callbacks]
    for callback in found:
        _check_monitor(callback)
    # First those whose figures others watch.
    return sorted(found, key=lambda each: not getattr(each, "adds_figures", False))


def _check_monitor(callback):
    monitor, mode = getattr(callback, "monitor", None), getattr(callback, "mode", None)
    used = getattr(callback, "save_best_only", True)  # Others use it whatever they save.
    if not isinstance(monitor, str) or not used:
        return
    name = type(callback).__name__
    if monitor.startswith("val_"):
        raise InputError(
            f"{name} watches {monitor!r}, and there is no validation. Give it "
            'monitor="kid", mode="min" beside ganzoo.callbacks.Measures(data), or a figure of '
            'the logs such as monitor="g_loss".'
        )
    if mode == "auto" and monitor != "loss":
        raise InputError(
            f"{name} watches {monitor!r}, and nobody knows whether less of it is better. Give "
            f'{name} mode="min" or mode="max".'
        )


def check_schedules(
    callbacks: list[keras.callbacks.Callback], optimizers: list[keras.optimizers.Optimizer]
) -> None:
    """Raises `InputError` if a callback sets a rate that an optimizer's schedule decides."""
    setters = keras.callbacks.LearningRateScheduler | keras.callbacks.ReduceLROnPlateau
    for callback in callbacks:
        for optimizer in optimizers:
            if isinstance(callback, setters) and has_schedule(optimizer):
                raise InputError(
                    f"{type(callback).__name__} sets learning rates, and that of the "
                    f"{optimizer.name} follows a schedule. Give its optimizer a number."
                )


def has_schedule(optimizer: keras.optimizers.Optimizer) -> bool:
    """Whether the rate is a function of the step."""
    return isinstance(optimizer.get_config()["learning_rate"], dict)
