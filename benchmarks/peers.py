"""ganzoo's loop against what one writes by hand: Keras's `fit`, and PyTorch.

    python benchmarks/peers.py --out benchmarks/results/peers.json

Each is WGAN-GP with the same networks, batch, Adam and an average of the generator, in a
process of its own with its framework's own threads; they take turns on the machine.
ganzoo runs on the backend of KERAS_BACKEND. On TensorFlow, `fit` runs as Keras compiles it by
default, which is with XLA, and without. The PyTorch loop has no Keras in it.
"""

import importlib.metadata
import math
import os

import numpy as np
from remote import REST, STEPS, Remote
from timing import arguments, interleave, publish, ratio, sizes

BACKEND = os.environ.setdefault("KERAS_BACKEND", "tensorflow")


def loops(px: int, batch: int) -> dict[str, Remote]:
    """ganzoo's loop and its peers, each waiting for its turn."""
    task = {"px": px, "batch": batch}
    found = {"ganzoo": Remote("ganzoo_loop", **task)}
    if BACKEND == "tensorflow":
        found["Keras fit"] = Remote("keras_fit", **task)
        found["Keras fit, no XLA"] = Remote("keras_fit", **task, xla="no")
    found["PyTorch"] = Remote("torch_loop", **task)
    return found


def check(found: dict[str, Remote]) -> None:
    """Ends the program unless all did the same work and none went wrong."""
    for name, loop in found.items():
        if loop.about != found["ganzoo"].about:
            raise SystemExit(
                f"{name} has {loop.about} weights, ganzoo {found['ganzoo'].about}."
            )
        if not all(map(math.isfinite, loop.answer.values())):
            raise SystemExit(f"{name} trained to {loop.answer}: these timings mean nothing.")


def rows(px: int, batch: int, rounds: int) -> list[dict[str, object]]:
    """A row a peer."""
    found = loops(px, batch)
    seconds = interleave(found, rounds, pause=REST)
    check(found)
    for loop in found.values():
        loop.close()
    ours = seconds.pop("ganzoo")
    shown = STEPS * batch
    table = []
    for name, theirs in seconds.items():
        middle, low, high = ratio(theirs, ours)
        table.append(
            {
                "ganzoo on": BACKEND,
                "px": px,
                "batch": batch,
                "peer": name,
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
    given = parser.parse_args()
    table = [
        row for px in given.px for batch in given.batch for row in rows(px, batch, given.rounds)
    ]
    torch = importlib.metadata.version("torch")
    publish("Images a second: ganzoo and its peers, WGAN-GP", table, given.out, torch=torch)


if __name__ == "__main__":
    main()
