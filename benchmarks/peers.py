"""ganzoo's loop against what one writes by hand: Keras's `fit`, and PyTorch.

    python benchmarks/peers.py --out benchmarks/results/peers.json

Each is WGAN-GP with the same networks, batch, Adam and an average of the generator, in a
process of its own with its framework's own threads; they take turns on the machine.
ganzoo runs on the backend of KERAS_BACKEND, in float32 as the peers do and in `auto`, the
precision that its presets take. On TensorFlow, `fit` runs as Keras compiles it by
default, which is with XLA, and without. The PyTorch loop has no Keras in it.
"""

import importlib.metadata
import itertools
import math
import os
from collections.abc import Sequence
from typing import Any

import numpy as np
from remote import REST, STEPS, Remote
from timing import arguments, interleave, publish, ratio, sizes

BACKEND = os.environ.setdefault("KERAS_BACKEND", "tensorflow")


def loops(px: int, batch: int, precisions: Sequence[str]) -> dict[str, Remote]:
    """ganzoo's loop, once a precision, and its peers, each waiting for its turn."""
    task = {"px": px, "batch": batch}
    found = {p: Remote("ganzoo_loop", **task, precision=p) for p in precisions}
    if BACKEND == "tensorflow":
        found["Keras fit"] = Remote("keras_fit", **task)
        found["Keras fit, no XLA"] = Remote("keras_fit", **task, xla="no")
    found["PyTorch"] = Remote("torch_loop", **task)
    return found


def check(found: dict[str, Remote]) -> None:
    """Ends the program unless all have the same weights and none went wrong."""
    first = next(iter(found.values()))
    for name, loop in found.items():
        if loop.about != first.about:
            raise SystemExit(f"{name} has {loop.about} weights, ganzoo {first.about}.")
        if not all(map(math.isfinite, loop.answer.values())):
            raise SystemExit(f"{name} trained to {loop.answer}: these timings mean nothing.")


def rows(px: int, batch: int, rounds: int, precisions: Sequence[str]) -> list[dict[str, Any]]:
    """A row for each of ganzoo's precisions and each peer."""
    found = loops(px, batch, precisions)
    seconds = interleave(found, rounds, pause=REST)
    check(found)
    for loop in found.values():
        loop.close()
    shown = STEPS * batch
    table = []
    peers = [name for name in found if name not in precisions]
    for precision, peer in itertools.product(precisions, peers):
        ours, theirs = seconds[precision], seconds[peer]
        middle, low, high = ratio(theirs, ours)
        table.append(
            {
                "ganzoo": f"{BACKEND} {precision}",
                "px": px,
                "batch": batch,
                "peer": peer,
                "ganzoo images/s": shown / float(np.median(ours)),
                "peer images/s": shown / float(np.median(theirs)),
                "ratio": middle,
                "from": low,
                "to": high,
            }
        )
    return table


def main() -> None:
    parser = arguments(__doc__)
    sizes(parser, px=(28,), batch=(16, 64))
    parser.add_argument(
        "--precision",
        nargs="+",
        choices=("float32", "bfloat16", "auto"),
        default=("float32", "auto"),
        help="Of ganzoo; the peers compute in float32.",
    )
    given = parser.parse_args()
    table = [
        row
        for px in given.px
        for batch in given.batch
        for row in rows(px, batch, given.rounds, given.precision)
    ]
    torch = importlib.metadata.version("torch")
    publish("Images a second: ganzoo and its peers, WGAN-GP", table, given.out, torch=torch)


if __name__ == "__main__":
    main()
