"""What a step of the default networks costs, and how near it comes to the machine's peak.

    KERAS_BACKEND=torch python benchmarks/step.py --loss rpgan --out step.json

The peak is a large float32 matrix product on the same backend, in a process of its own that
takes turns with the training. Operations of a step are as `ganzoo.training.cost` counts them,
of dense layers and convolutions alone.
"""

import keras
import numpy as np
from remote import REST, Remote
from timing import arguments, interleave, publish, ratio, sizes

from ganzoo import backend
from ganzoo.data.load import load
from ganzoo.training.loop import STEPS_A_CALL
from ganzoo.training.order import DataOrder
from ganzoo.training.trainer import Trainer

# Pixels, whether they fade: a schedule of which the last stage is timed.
STAGES = {(28, "no"): "28:1", (56, "no"): "28:1,56:1", (56, "yes"): "28:1,56:1000:1000"}


def training(trainer: Trainer):
    """A call of `STEPS_A_CALL` steps in the trainer's last stage."""
    model = trainer.build(len(trainer.schedule) - 1)
    play = backend.repeat(model, trainer.images.images, STEPS_A_CALL)
    order = DataOrder(len(trainer.images), trainer.seed)
    rows = order.rows(0, STEPS_A_CALL, trainer.images_a_step)

    def call():
        play(rows)
        int(keras.ops.convert_to_numpy(model.iteration))  # Waits for the device.

    return call


def row(trainer: Trainer, product: Remote, rounds: int) -> dict[str, object]:
    """Figures of the trainer's last stage, beside the product's."""
    calls = {"training": training(trainer), "product": product}
    seconds = interleave(calls, rounds, pause=REST)
    step = seconds["training"] / STEPS_A_CALL
    shown = trainer.images_a_step
    flops = trainer.flops[-1] * shown
    at_peak = seconds["product"] * flops / product.about["flops"]
    middle, low, high = ratio(at_peak, step)
    return {
        "ms a step": 1000 * float(np.median(step)),
        "images/s": shown / float(np.median(step)),
        "GFLOP a step": flops / 1e9,
        "peak GFLOP/s": flops / 1e9 / float(np.median(at_peak)),
        "share of peak": middle,
        "from": low,
        "to": high,
    }


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--loss", default="wgan-gp", help="With the penalties it brings.")
    sizes(parser, px=(28, 56), batch=(16, 64))
    given = parser.parse_args()
    product, rows = Remote("product"), []
    for (px, fades), schedule in STAGES.items():
        for batch in given.batch if px in given.px else ():
            images = load("unown", px)
            settings = {"loss": given.loss, "batch": batch, "schedule": schedule}
            trainer = Trainer(**settings, images=images).prepare()
            terms = {"backend": backend.name, "px": px, "fades": fades, "batch": batch}
            rows.append(terms | row(trainer, product, given.rounds))
    product.close()
    title = f"A step of {given.loss} on {backend.device()}, its operations counted"
    publish(title, rows, given.out)


if __name__ == "__main__":
    main()
