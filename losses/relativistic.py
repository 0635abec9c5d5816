"""Scores relative to those of the other kind, which the relativistic average losses share."""

from typing import Any

from keras import ops


def than_average(real: Any, fake: Any) -> tuple[Any, Any]:
    """How much higher each score is than the mean of the other kind, both shaped as before.

    The means are over the batch of this device, and gradients go through them.
    """
    return real - ops.mean(fake), fake - ops.mean(real)
