"""What recording a step saves on PyTorch: the same training with and without.

    python benchmarks/recorded.py --out benchmarks/results/recorded.json

`wgan-gp` with the R1 that it brings; the training that is recorded and the one that is not
take turns in one process.
"""

import os
import sys

os.environ["KERAS_BACKEND"] = "torch"

import numpy as np
from step import STAGES, training
from timing import arguments, interleave, publish, ratio, sizes

from ganzoo import backend
from ganzoo.backend import torch_trace
from ganzoo.data.load import load
from ganzoo.training.loop import STEPS_A_CALL
from ganzoo.training.trainer import Trainer

EAGER_STEPS = {"recorded": torch_trace.EAGER_STEPS, "eager": sys.maxsize}


def call(px: int, batch: int, eager_steps: int):
    """A call of `STEPS_A_CALL` steps at `px`, recorded after `eager_steps`."""
    torch_trace.EAGER_STEPS = eager_steps
    images = load("unown", px)
    schedule = STAGES[px, "no"]
    trainer = Trainer(loss="wgan-gp", batch=batch, schedule=schedule, images=images)
    return training(trainer.prepare())


def row(px: int, batch: int, rounds: int) -> dict[str, object]:
    """Both at one size."""
    calls = {name: call(px, batch, steps) for name, steps in EAGER_STEPS.items()}
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
