"""How long a step takes here: measured, for no formula knows the machine."""

import time
from typing import Any

from ganzoo import backend
from ganzoo.model import GANModel
from ganzoo.training.order import DataOrder


def seconds_a_step(trainer: Any, model: GANModel, steps: int = 8) -> float:
    """Seconds of one step of `model`, over a few steps after a first call."""
    order = DataOrder(len(trainer.images), trainer.seed)
    rows = order.rows(0, steps, trainer.images_a_step)
    play = backend.repeat(model, trainer.images.images, steps)
    play(rows)
    int(model.iteration)  # Waits for the device.
    start = time.perf_counter()
    play(rows)
    int(model.iteration)
    return (time.perf_counter() - start) / steps
