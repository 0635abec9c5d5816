"""Whether a backend computes on its device what the processor's float64 says.

Some accelerators give wrong convolutions without an error. Each check computes one thing that
a training needs, at the sizes of the default networks, and the same thing in NumPy.

    KERAS_BACKEND=jax python -m ganzoo.doctor.arithmetic     # one JSON line
"""

import json
from collections.abc import Callable
from typing import Any

import numpy as np

# Relative to the largest value. GPUs multiply float32 at 10 bits by default (TF32: 1e-3).
TOLERANCE = 1e-2
SIDE = 28


def check_all() -> dict[str, Any]:
    """Version, device and precision of the running backend, and the error of each check.

    Returns:
        `errors` holds the largest difference from float64 by name of the check, as a share of
        the largest value; infinite where the result is not finite.
    """
    from ganzoo import backend

    return {
        "backend": backend.name,
        "version": backend.version,
        "device": backend.device(),
        "precision": backend.precision(),
        "errors": {name: _error(*check()) for name, check in CHECKS.items()},
    }


def _error(found: Any, expected: np.ndarray) -> float:
    import keras

    values = np.asarray(keras.ops.convert_to_numpy(keras.ops.stop_gradient(found)), np.float64)
    if values.shape != expected.shape or not np.isfinite(values).all():
        return float("inf")
    return float(np.abs(values - expected).max() / np.abs(expected).max())


def _normal(*shape: int) -> np.ndarray:
    return np.random.default_rng(shape).normal(size=shape).astype("float32")


def _product() -> tuple[Any, np.ndarray]:
    from keras import ops

    a, b = _normal(256, 300), _normal(300, 200)
    return ops.matmul(a, b), a.astype("float64") @ b


def _halved() -> tuple[Any, np.ndarray]:
    from keras import ops

    from ganzoo import backend

    images, kernel = _normal(8, SIDE, SIDE, 24), _normal(4, 4, 24, 32)
    return backend.halve(ops.convert_to_tensor(images), kernel), halve(images, kernel)


def _doubled() -> tuple[Any, np.ndarray]:
    from keras import ops

    from ganzoo import backend

    images, kernel = _normal(8, SIDE, SIDE, 24), _normal(4, 4, 16, 24)
    return backend.double(ops.convert_to_tensor(images), kernel), double(images, kernel)


def _gradient() -> tuple[Any, np.ndarray]:
    """Of the sum of squares of a convolution: twice its transpose."""
    from ganzoo import backend

    images, kernel = _normal(4, SIDE, SIDE, 8), _normal(4, 4, 8, 16)
    gradient = _slope(lambda x: backend.halve(x, kernel) ** 2, images)
    return gradient, 2 * double(halve(images, kernel), kernel)


def _penalty() -> tuple[Any, np.ndarray]:
    """Of the squared slopes of sum((x * w) ** 3) / 3 with respect to w; they are x^2 w^3."""
    import keras

    from ganzoo import backend

    x, w = _normal(64, 32), keras.Variable(_normal(32))

    def squared_slopes():
        slopes = _slope(lambda y: keras.ops.multiply(y, w) ** 3 / 3, x)
        return keras.ops.sum(slopes**2), {}

    with keras.StatelessScope([(w, w.value)]):  # JAX asks for it.
        _, _, (gradient,) = backend.value_and_grad(squared_slopes, [w], [w])
    exact = x.astype("float64"), _normal(32).astype("float64")
    return gradient, 6 * (exact[0] ** 4 * exact[1] ** 5).sum(0)


def _slope(fn: Callable[[Any], Any], x: Any) -> Any:
    """d sum(fn(x)) / dx."""
    from keras import ops

    from ganzoo import backend

    _, gradient = backend.with_input_gradient(
        lambda y: ops.sum(fn(y)), ops.convert_to_tensor(x)
    )
    return gradient()


CHECKS: dict[str, Callable[[], tuple[Any, np.ndarray]]] = {
    "matrix product": _product,
    "strided convolution": _halved,
    "transposed convolution": _doubled,
    "gradient of a convolution": _gradient,
    "gradient of a gradient": _penalty,
}


def halve(images: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """The 4 x 4 convolution with stride 2 of even images, in float64: [N, H/2, W/2, F]."""
    padded = np.pad(images.astype("float64"), ((0, 0), (1, 1), (1, 1), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (4, 4), (1, 2))[:, ::2, ::2]
    return np.einsum("nhwcij,ijcf->nhwf", windows, kernel.astype("float64"), optimize=True)


def double(images: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """The transpose of `halve`, in float64: [N, H, W, C] to [N, 2H, 2W, F]."""
    n, height, width, _ = images.shape
    padded = np.zeros((n, 2 * height + 2, 2 * width + 2, kernel.shape[2]))
    for i in range(4):
        for j in range(4):
            tap = images.astype("float64") @ kernel[i, j].astype("float64").T
            padded[:, i : i + 2 * height : 2, j : j + 2 * width : 2] += tap
    return padded[:, 1:-1, 1:-1]


if __name__ == "__main__":
    print(json.dumps(check_all()))
