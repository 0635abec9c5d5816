"""What the devices and processes that train one run must agree on."""

from ganzoo import backend
from ganzoo.errors import InputError
from ganzoo.models.generative_model import GenerativeModel


def divisible(batch: int) -> int:
    """`batch`, which all devices share equally; raises `InputError` if they cannot."""
    if batch % backend.device_count():
        raise InputError(
            f"{backend.device_count()} devices cannot share --batch {batch} equally. It is the "
            f"images of all of them: give a multiple of {backend.device_count()}."
        )
    return batch


def check_shared(kind: type[GenerativeModel], name: str) -> None:
    """Raises `InputError` if several devices would train a kind of model that they cannot."""
    if kind.translates and backend.device_count() > 1:
        raise InputError(
            f"The model {name!r} trains on one device, and these are {backend.device_count()}. "
            "Start one process, with one device."
        )


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
