"""Seconds that a training takes: measured step by step, or estimated from its operations."""

import time
from typing import Any

from keras import ops

from ganzoo import backend
from ganzoo.models.generative_model import GenerativeModel
from ganzoo.training.steps import step_runner


def seconds_a_step(trainer: Any, model: GenerativeModel, steps: int = 8) -> float:
    """Seconds of one step of `model`, over a few steps after the slow ones."""
    play = step_runner(model, trainer.images, trainer.order, trainer.images_a_step, steps)
    calls = -(-backend.slow_steps(model.rhythm()) // steps)
    for call in range(calls):
        play(call * steps, steps)
    int(model.iteration)  # Waits for the device.
    start = time.perf_counter()
    play(calls * steps, steps)
    int(model.iteration)
    return (time.perf_counter() - start) / steps


def expected_seconds(trainer: Any) -> float | None:
    """Seconds of the whole training, from its operations and the rate of a matrix product here.

    An estimate, made in a tenth of a second; `seconds_a_step` measures. `None` on a GPU, where
    networks this small wait for launches rather than for arithmetic, and on several devices.
    """
    if backend.device() != "cpu" or backend.device_count() > 1:
        return None
    return trainer.total_flops / (backend.SHARE_OF_PEAK * product_rate())


def product_rate(side: int = 1024, rounds: int = 3) -> float:
    """Operations a second of a float32 matrix product [side, side], the best of some rounds."""
    factor = ops.full((side, side), 1.0 / side)
    seconds = []
    for _ in range(rounds + 1):  # The first one warms up.
        start = time.perf_counter()
        float(ops.matmul(factor, factor)[0, 0])  # Waits for the device.
        seconds.append(time.perf_counter() - start)
    return 2 * side**3 / min(seconds[1:])
