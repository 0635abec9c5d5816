"""The discriminator's cross-entropy, which minimax and non-saturating share."""

from typing import Any

from keras import ops

from ganzoo.errors import InputError


def cross_entropy(real: Any, fake: Any, label_smoothing: float = 0.0) -> Any:
    """-E[log D(x)] - E[log(1 - D(G(z)))], with D = sigmoid of the logits.

    Goodfellow et al., arXiv:1406.2661, equation 1. With `label_smoothing` s, real
    images have the target 1 - s and fakes keep 0 (Salimans et al.,
    arXiv:1606.03498, section 3.4).
    """
    is_real = ops.mean(ops.softplus(-real))  # -log D(x)
    is_fake = ops.mean(ops.softplus(fake))  # -log(1 - D(G(z)))
    if not label_smoothing:
        return is_real + is_fake
    doubt = ops.mean(ops.softplus(real))  # -log(1 - D(x))
    return (1 - label_smoothing) * is_real + label_smoothing * doubt + is_fake


def check_label_smoothing(value: float) -> float:
    """Raises `InputError` unless 0 <= value < 0.5."""
    if not 0 <= value < 0.5:
        raise InputError(f"`label_smoothing` must be in [0, 0.5). Received: {value}")
    return value
