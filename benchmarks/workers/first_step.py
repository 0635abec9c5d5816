"""Times one step of ganzoo's loop after another, the first one too."""

import argparse
import time

from remote import serve

from ganzoo import backend
from ganzoo.training.loop import STEPS_A_CALL
from ganzoo.training.order import DataOrder
from ganzoo.training.trainer import Trainer


def main() -> None:
    """A step of the schedule's last stage at each request."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schedule", required=True)
    trainer = Trainer(schedule=parser.parse_args().schedule).prepare()
    model = trainer.build(len(trainer.schedule) - 1)
    play = backend.repeat(model, trainer.images.images, STEPS_A_CALL)
    row = DataOrder(len(trainer.images), 0).rows(0, 1, trainer.images_a_step)

    def call():
        start = time.perf_counter()
        play(row)
        int(model.iteration)  # Waits for the device.
        return {"seconds": time.perf_counter() - start}

    serve(call)


if __name__ == "__main__":
    main()
