"""Images from disk against images in memory: how fast they come, and what a step takes.

    python benchmarks/streaming.py --images 20000 --out benchmarks/results/streaming.json

A folder of PNG files is made first. Streamed images are decoded once into a file and read
from there; beside that stand ways to decode them anew for each batch: Pillow in threads,
tf.data, and grain where it is installed. The peak is that of a whole process which loads the
folder and trains.
"""

import argparse
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from timing import arguments, interleave, publish, ratio

from ganzoo import data
from ganzoo.cores import available_cores
from ganzoo.training.order import DataOrder
from ganzoo.training.steps import step_runner
from ganzoo.training.trainer import Trainer

PX, BATCH, STEPS = 28, 16, 16  # Steps a call.
CALLS = 16  # Of which a round reads the images.
WAYS = {"in memory": False, "streamed": True}


def make_folder(folder: Path, count: int) -> None:
    """`count` images of the drawn Unown, a class a subfolder."""
    drawn = data.load("unown", PX)
    for name in drawn.classes:
        (folder / str(drawn.classes.index(name))).mkdir(parents=True)
    for i in range(count):
        k = i % len(drawn)
        path = folder / str(drawn.labels[k]) / f"{i:07}.png"
        Image.fromarray(drawn.images[k][..., 0]).save(path)


def readers(folder: Path) -> dict[str, Callable[[], Any]]:
    """Ways to read the images of the same rows, `CALLS * STEPS * BATCH` of them."""
    files = sorted(folder.rglob("*.png"), key=lambda file: (file.parent.name, file.name))
    kept, streamed = (data.load(folder, PX, stream=stream) for stream in WAYS.values())
    rows = DataOrder(len(files), 0).rows(0, CALLS * STEPS, BATCH)
    wanted = [str(files[row]) for row in rows.ravel()]
    pool = ThreadPoolExecutor(len(available_cores()))

    def calls(images):
        return lambda: [images[call] for call in rows.reshape(CALLS, STEPS, BATCH)]

    ways = {"in memory": calls(kept.images), "streamed": calls(streamed.images)}
    ways["decoded anew, Pillow"] = lambda: list(pool.map(open_image, wanted, chunksize=BATCH))
    ways["decoded anew, tf.data"] = lambda: list(tf_data(wanted))
    if importlib.util.find_spec("grain"):
        ways["decoded anew, grain"] = lambda: list(grain_data(wanted, open_image))
        ways["streamed, grain"] = lambda: list(
            grain_data(rows.ravel(), streamed.images.__getitem__)
        )
    for name, way in ways.items():  # All give the same images.
        found = np.concatenate([np.asarray(part).reshape(-1, PX, PX, 1) for part in way()])
        assert np.array_equal(found, kept.images[rows.ravel()]), name
    return ways


def open_image(path: str) -> np.ndarray:
    return np.asarray(Image.open(path))[..., None]


def tf_data(paths: list[str]) -> Iterator[np.ndarray]:
    import tensorflow as tf

    files = tf.data.Dataset.from_tensor_slices(paths)
    images = files.map(lambda p: tf.io.decode_png(tf.io.read_file(p)), tf.data.AUTOTUNE)
    return images.batch(BATCH).prefetch(tf.data.AUTOTUNE).as_numpy_iterator()


def grain_data(what: Any, read: Callable[[Any], np.ndarray]) -> Iterator[np.ndarray]:
    import grain

    images = (
        grain.MapDataset.source(what)
        .map(read)
        .to_iter_dataset(grain.ReadOptions(num_threads=len(available_cores())))
    )
    return iter(images.batch(BATCH))


def training(folder: str | Path, stream: bool) -> Callable[[], None]:
    """A function that plays the next call of a training and waits for it."""
    trainer = Trainer(data=str(folder), schedule=f"{PX}:1", batch=BATCH, stream=stream)
    trainer.prepare()
    model, images = trainer.build(0), trainer.images
    play = step_runner(model, images, trainer.order, trainer.images_a_step, STEPS)

    def call():
        play(int(model.iteration), STEPS)
        int(model.iteration)  # Waits for the device.

    return call


def peak_memory(folder: Path, way: str) -> float:
    """MB in use at most, in a process of its own."""
    command = [sys.executable, __file__, "--peak", str(folder), way]
    return float(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def print_peak(folder: str, way: str) -> None:
    train = training(folder, WAYS[way])
    for _ in range(CALLS):
        train()
    status = Path("/proc/self/status").read_text()  # Linux only.
    print(int(re.search(r"VmHWM:\s+(\d+)", status)[1]) * 1024 / 1e6)


def table(folder: Path, rounds: int) -> list[dict[str, Any]]:
    """One row a way of reading; the ratio is that of the seconds of a step to in memory."""
    read = interleave(readers(folder), rounds)
    step = interleave({way: training(folder, stream) for way, stream in WAYS.items()}, rounds)
    rows = []
    for way, seconds in read.items():
        row: dict[str, Any] = {
            "way": way,
            "images/s": round(CALLS * STEPS * BATCH / float(np.median(seconds))),
        }
        keys = ("ms a step", "ratio", "from", "to", "peak MB")
        if way in step:
            middle = 1000 * float(np.median(step[way])) / STEPS
            ratios = ratio(step[way], step["in memory"])
            row |= dict(zip(keys, (middle, *ratios, peak_memory(folder, way)), strict=True))
        rows.append(row | {key: "" for key in keys if key not in row})
    return rows


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--images", type=int, default=20_000)
    parser.add_argument("--peak", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peak:
        print_peak(*options.peak)
        return
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["GANZOO_CACHE"] = str(Path(temporary) / "cache")
        folder = Path(temporary) / "images"
        make_folder(folder, options.images)
        start = time.perf_counter()
        data.load(folder, PX, stream=True)
        seconds = time.perf_counter() - start
        print(f"decoded once: {options.images / seconds:,.0f} images/s")
        rows = table(folder, options.rounds)
    size = f"{options.images:,} images of {PX} px, {options.images * PX**2 / 1e6:.0f} MB"
    publish(f"Reading and training, {size}, batch {BATCH}", rows, options.out)


if __name__ == "__main__":
    main()
