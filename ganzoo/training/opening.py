"""The lines that a training says before its first step."""

from typing import Any

from ganzoo import backend
from ganzoo.accelerators import idle
from ganzoo.cores import available_cores
from ganzoo.training.estimate import expected_seconds
from ganzoo.training.text import about


def opening(trainer: Any) -> list[str]:
    """The device and the expected time, then data, schedule, loss with penalties, and seed."""
    found = [_computes(trainer), idle(backend.device(), backend.name), _trains(trainer)]
    if len(trainer.images) < trainer.images_a_step:
        count = len(trainer.images)
        found.append(f"{count} images are fewer than a step shows: some come up in it twice")
    return [line for line in found if line]


def _computes(trainer: Any) -> str:
    """Backend, device, precision and expected time."""
    device, count, cores = backend.device(), backend.device_count(), len(available_cores())
    if device == "cpu":
        device = f"cpu, {cores} core{'s' * (cores != 1)}"
    where = f"{count} devices, {device}" if count > 1 else device
    precision = trainer.architecture.get_config().get("precision", "float32")
    seconds = expected_seconds(trainer)
    time = about(seconds) if seconds else "the first tick tells the time"
    return f"{backend.name} {backend.version} on {where}, {precision}: {time}"


def _trains(trainer: Any) -> str:
    data = trainer.images
    return (
        f"{len(data)} images of {data.name}, {data.channels} channel(s), "
        f"schedule {trainer.schedule}, {' + '.join(trainer.title)}, seed {trainer.seed}"
    )
