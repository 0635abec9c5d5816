"""Your own images: a folder, a zip, an .npz or an .npy file.

The same from the command line:

    ganzoo train --data my_images --schedule 16:20,32:20:8
"""

import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

import ganzoo
from ganzoo.training.progress import progress


def draw_some(folder, count):
    """Stand-ins for your photographs: coloured discs, one subfolder a class."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:48, :64]
    for i in range(count):
        centre, radius = rng.uniform(16, 32, 2), rng.uniform(6, 14)
        inside = np.hypot(y - centre[0], x - centre[1]) < radius
        colour = rng.integers(80, 256, 3)
        picture = np.where(inside[..., None], colour, 20).astype("uint8")
        target = folder / ("small" if radius < 10 else "large")
        target.mkdir(exist_ok=True)
        Image.fromarray(picture).save(target / f"{i:03d}.png")


def main(outdir="runs", count=500, schedule="16:20,32:20:8", **settings):
    """Train on a folder of colour images that are neither square nor 32 pixels wide."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "circles"
        folder.mkdir()
        draw_some(folder, count)
        trainer = ganzoo.Trainer(
            data=str(folder),
            loss="hinge",
            penalties=["r1:gamma=0.1"],
            schedule=schedule,
            progress=progress(),
            **settings,
        )
        run = trainer.new_run(outdir)
        trainer.train(run)
    print(f"{trainer.images.channels} channels, classes {trainer.images.classes}: {run.path}")


if __name__ == "__main__":
    main()
