"""A run's generator as a file, which is played once before it is kept."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras

from ganzoo import export as formats
from ganzoo.errors import InputError, RunError, first_line
from ganzoo.export.check import check
from ganzoo.export.format import Format
from ganzoo.export.metadata import describe
from ganzoo.export.silence import silence
from ganzoo.files.atomic import atomic
from ganzoo.networks import asked_shape, class_count, latent_size
from ganzoo.training.run import Run
from ganzoo.training.saved import folder_of
from ganzoo.training.trained import load_generator


@dataclass(frozen=True)
class Exported:
    """What was exported.

    Attributes:
        path: The file, or the folder.
        format: Its format.
        latent_size: Numbers of a latent.
        classes: Classes that can be asked for; 0 where none can.
        words: Words of a caption at most; 0 where it is not asked in words.
        image_shape: Height, width and channels of an image.
        difference: Largest difference of a pixel from ganzoo's own images, in levels of 255;
            `None` where the format's runtime is not installed and nobody played the file.
    """

    path: Path
    format: Format
    latent_size: int
    classes: int
    words: int
    image_shape: tuple[int, int, int]
    difference: int | None


def export(
    run: Run, path: str | Path, checkpoint: str | None = None, **making: Any
) -> Exported:
    """Write the averaged generator of a checkpoint, in the format that `path` ends in.

    The file is played by the format's own runtime and compared with ganzoo's images; one that
    differs is not kept.

    Args:
        run: The run.
        path: A new file, or a new folder.
        checkpoint: Name of the checkpoint, such as `"000040"`; `None` for the newest.
        making: How images are made, see `ganzoo.training.trained.load_generator`.

    Raises:
        InputError: If `path` exists or has an unknown ending, a package is missing, Keras runs
            on another backend than the format needs, or there is no such checkpoint.
        RunError: If the generator cannot be written in this format, or the file does not give
            ganzoo's images.
    """
    path = Path(path)
    form = formats.find(path)
    _check(form, path)
    name = folder_of(run, checkpoint).name  # Once: a run that trains gets newer ones.
    generator = load_generator(run, name, **making)
    metadata = describe(run, name, generator)
    with atomic(path) as temporary:
        _write(form, generator, temporary, metadata)
        difference = check(form, temporary, generator) if form.playable else None
    size, classes = latent_size(generator, labels=None), class_count(generator)
    words = sum(asked_shape(generator) or ())
    return Exported(path, form, size, classes, words, generator.output_shape[1:], difference)


def _check(form: Format, path: Path) -> None:
    if path.exists():
        raise InputError(f"{str(path)!r} is there already. Give a new name.")
    form.check_writers()
    if form.backend not in (None, keras.backend.backend()):
        raise InputError(
            f"{form.title} is written by {form.backend}, and Keras runs on "
            f"{keras.backend.backend()} here. Export in a process with "
            f"KERAS_BACKEND={form.backend}."
        )


def _write(form: Format, generator: keras.Model, path: Path, metadata: dict) -> None:
    try:
        with silence():
            form.write(generator, path, metadata)
    except (OSError, MemoryError):
        raise  # Of the disk and the machine, not of the format.
    except Exception as error:  # Converters raise classes of their own.
        raise RunError(
            f"The generator cannot be written as {form.title}: {first_line(error)}"
        ) from error
