"""How long a step takes here: measured, for no formula knows the machine."""

import time
from typing import Any

from ganzoo.model import GANModel
from ganzoo.training.steps import step_runner


def seconds_a_step(trainer: Any, model: GANModel, steps: int = 8) -> float:
    """Seconds of one step of `model`, over a few steps after a first call."""
    play = step_runner(
        model, trainer.images.images, trainer.order, trainer.images_a_step, steps
    )
    play(0, steps)
    int(model.iteration)  # Waits for the device.
    start = time.perf_counter()
    play(steps, steps)
    int(model.iteration)
    return (time.perf_counter() - start) / steps
