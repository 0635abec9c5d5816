"""What the devices and processes that train one run must agree on."""

from ganzoo import backend
from ganzoo.errors import InputError


def divisible(batch: int) -> int:
    """`batch`, which all devices share equally; raises `InputError` if they cannot."""
    if batch % backend.device_count():
        raise InputError(
            f"{backend.device_count()} devices cannot share --batch {batch} equally. It is the "
            f"images of all of them: give a multiple of {backend.device_count()}."
        )
    return batch


def check_same_step(step: int) -> None:
    """Raises `InputError` if another process found a checkpoint of a later step."""
    if backend.all_reduce_max(step) != step:
        raise InputError(
            "The processes do not see the same checkpoints. Keep the run on a disk that all "
            "of them share."
        )


def wait_for_all() -> None:
    """Waits for every process; launchers kill all when one exits."""
    backend.all_reduce_max(0)
