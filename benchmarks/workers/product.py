"""A large float32 matrix product, on the backend of KERAS_BACKEND with its own threads."""

import keras
from keras import ops
from remote import serve

from ganzoo import backend

PRODUCTS = 4


def main() -> None:
    """Multiply, again and again."""
    side = 2048 if backend.device() == "cpu" else 8192
    factor = keras.random.normal((side, side), stddev=side**-0.5)

    def call():
        x = factor
        for _ in range(PRODUCTS):
            x = ops.matmul(x, factor)
        return {"value": float(x[0, 0])}  # Waits for the device.

    serve(call, flops=PRODUCTS * 2 * side**3)


if __name__ == "__main__":
    main()
