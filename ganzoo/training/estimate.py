"""Measured seconds per step."""

import time
from typing import Any

from ganzoo import backend
from ganzoo.model import GANModel
from ganzoo.training.steps import step_runner


def seconds_a_step(trainer: Any, model: GANModel, steps: int = 8) -> float:
    """Seconds of one step of `model`, over a few steps after the slow ones."""
    play = step_runner(
        model, trainer.images.images, trainer.order, trainer.images_a_step, steps
    )
    every = max((penalty.every for penalty in model.penalties), default=1)
    calls = -(-backend.slow_steps(every) // steps)
    for call in range(calls):
        play(call * steps, steps)
    int(model.iteration)  # Waits for the device.
    start = time.perf_counter()
    play(calls * steps, steps)
    int(model.iteration)
    return (time.perf_counter() - start) / steps
