"""What recording a step saves on PyTorch: the same training with and without.

    python benchmarks/recorded.py --out benchmarks/results/recorded.json

`wgan-gp` with the R1 that it brings; the training that is recorded and the one that is not
take turns in one process.
"""

import os
import sys

os.environ["KERAS_BACKEND"] = "torch"

import numpy as np
from timing import arguments, interleave, publish, ratio, sizes

from ganzoo import backend
from ganzoo.backend import torch_trace
from ganzoo.data.load import load
from ganzoo.training.loop import STEPS_A_CALL
from ganzoo.training.trainer import Trainer

SCHEDULES = {28: "28:1", 56: "28:1,56:1"}
EAGER_STEPS = {"recorded": torch_trace.EAGER_STEPS, "eager": sys.maxsize}


def training(px: int, batch: int, eager_steps: int):
    """A call of `STEPS_A_CALL` steps at `px`, recorded after `eager_steps`."""
    torch_trace.EAGER_STEPS = eager_steps
    trainer = Trainer(
        loss="wgan-gp", batch=batch, schedule=SCHEDULES[px], images=load("unown", px)
    )
    model = trainer.build(len(trainer.schedule) - 1)
    play = backend.repeat(model, trainer.images.images, STEPS_A_CALL)
    rows = trainer.order.rows(0, STEPS_A_CALL, batch)
    return lambda: play(rows)


def row(px: int, batch: int, rounds: int) -> dict[str, object]:
    """Both at one size."""
    calls = {name: training(px, batch, steps) for name, steps in EAGER_STEPS.items()}
    seconds = interleave(calls, rounds)
    middle, low, high = ratio(seconds["recorded"], seconds["eager"])
    return {
        "px": px,
        "batch": batch,
        **{
            f"{name}, ms a step": 1000 * float(np.median(each)) / STEPS_A_CALL
            for name, each in seconds.items()
        },
        "ratio": middle,
        "from": low,
        "to": high,
    }


def main() -> None:
    parser = arguments(__doc__, rounds=10)
    sizes(parser, px=(28, 56), batch=(16, 64))
    given = parser.parse_args()
    rows = [row(px, batch, given.rounds) for px in given.px for batch in given.batch]
    publish(f"Recorded steps beside eager ones on {backend.device()}", rows, given.out)


if __name__ == "__main__":
    main()
