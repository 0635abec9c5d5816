"""WGAN-GP in ganzoo's own loop, as `ganzoo train` runs it between two ticks."""

import itertools

from remote import STEPS, options, serve

from ganzoo import backend
from ganzoo.training.loop import STEPS_A_CALL
from ganzoo.training.order import DataOrder
from ganzoo.training.trainer import Trainer

SCHEDULES = {28: "28:1", 56: "28:1,56:1"}


def main() -> None:
    """Train a piece at each request."""
    parser = options(__doc__)
    parser.add_argument("--precision", required=True)
    given = parser.parse_args()
    batch = given.batch
    trainer = Trainer(
        loss="wgan-gp",
        penalties=(),
        precision=given.precision,
        schedule=SCHEDULES[given.px],
        grow=False,
        batch=batch,
    ).prepare()
    model, order = trainer.build(0), DataOrder(len(trainer.images), 0)
    play = backend.repeat(model, trainer.images.images, STEPS_A_CALL)
    starts = itertools.count(0, STEPS_A_CALL * batch)

    def call():
        for _ in range(STEPS // STEPS_A_CALL):
            play(order.rows(next(starts), STEPS_A_CALL, batch))
            int(model.iteration)  # Waits for the device, as the trainer does.
        figures = model.figures.result()
        return {key: figures[key] for key in ("d_loss", "g_loss")}

    networks = {"generator": model.generator, "discriminator": model.discriminator}
    serve(call, **{name: network.count_params() for name, network in networks.items()})


if __name__ == "__main__":
    main()
