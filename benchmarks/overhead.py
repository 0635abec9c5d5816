"""ganzoo's loop against a bare one, written by hand for the same networks, loss and batch.

    KERAS_BACKEND=jax python benchmarks/overhead.py --out benchmarks/results/overhead-jax.json

The bare loops are `benchmarks/bare/*.py`: WGAN-GP with an average of the generator, as one
writes it for one backend. ganzoo counts, fades, logs and watches for NaN besides.
"""

import importlib

import keras
from timing import arguments, interleave, publish, ratio, sizes
from workers.ganzoo_loop import SCHEDULES

from ganzoo import backend
from ganzoo.data.image_set import ImageSet
from ganzoo.data.load import load
from ganzoo.training.loop import STEPS_A_CALL
from ganzoo.training.order import DataOrder
from ganzoo.training.trainer import Trainer


def models(size: int, batch: int, data: ImageSet):
    """ganzoo's loop and the bare one, each with networks of its own."""
    bare = importlib.import_module(f"bare.{backend.name}")
    # A trainer each: the models of one trainer share their layers.
    model, other = (
        Trainer(
            loss="wgan-gp",
            penalties=(),
            batch=batch,
            schedule=SCHEDULES[size],
            grow=False,
            images=data,
        )
        .prepare()
        .build(0)
        for _ in range(2)
    )
    latent_size = model.generator.input_shape[-1]
    images = data.images
    return (
        backend.repeat(model, images, STEPS_A_CALL),
        bare.make(
            other.generator, other.discriminator, other.ema_generator, images, latent_size
        ),
        model,
    )


def main() -> None:
    parser = arguments(__doc__)
    sizes(parser, px=(28, 56), batch=(16, 64))
    options = parser.parse_args()
    rows = []
    for size in options.px:
        data = load("unown", size)
        for batch in options.batch:
            ours, bare, model = models(size, batch, data)
            indices = DataOrder(len(data), 0).rows(0, STEPS_A_CALL, batch)

            def ganzoo(ours=ours, model=model, indices=indices):
                ours(indices)
                int(keras.ops.convert_to_numpy(model.iteration))  # Waits for the device.

            seconds = interleave(
                {"ganzoo": ganzoo, "bare": lambda: bare(indices)},  # noqa: B023
                options.rounds,
            )
            middle, low, high = ratio(seconds["ganzoo"], seconds["bare"])
            rows.append(
                {
                    "backend": backend.name,
                    "px": size,
                    "batch": batch,
                    "ganzoo ms": 1000 * float(min(seconds["ganzoo"])) / STEPS_A_CALL,
                    "bare ms": 1000 * float(min(seconds["bare"])) / STEPS_A_CALL,
                    "ratio": middle,
                    "from": low,
                    "to": high,
                }
            )
    publish("ganzoo's loop against a bare one, WGAN-GP", rows, options.out)


if __name__ == "__main__":
    main()
