"""The metadata of an exported file."""

from pathlib import PureWindowsPath
from typing import Any

import keras

import ganzoo
from ganzoo import conditions
from ganzoo.data import sets
from ganzoo.data.load import is_name
from ganzoo.networks import asked_shape, class_count, latent_size
from ganzoo.spec import parse
from ganzoo.training.run import Run
from ganzoo.training.walk import category_count


def describe(run: Run, checkpoint: str, generator: keras.Model) -> dict[str, Any]:
    """The metadata by name, as texts, numbers and lists.

    Args:
        run: The run that the generator is of.
        checkpoint: Name of the checkpoint.
        generator: Model from latents to images.
    """
    config = run.config
    size, classes = latent_size(generator, labels=None), class_count(generator)
    height, _, channels = generator.output_shape[1:]
    asked: dict[str, Any] = {}
    if classes:
        asked = {"labels": f"int32 [N], 0 to {classes - 1}: places in `classes`"}
    if shape := asked_shape(generator):
        said = f"int32 [N, {shape[0]}]: places in `known_words`, -1 after a caption's last one"
        known: Any = conditions.get(config["condition"])
        asked = {"words": said, "known_words": known.known}
    return {
        "latents": f"float32 [N, {size}], each number from the standard normal distribution",
        **asked,
        "images": f"float32 [N, {height}, {height}, {channels}], from -1 (black) to 1 (white)",
        "latent_size": size,
        "categories": category_count(generator),
        "resolution": height,
        "channels": channels,
        "classes": config.get("classes", []),
        "run": run.path.resolve().name,
        "checkpoint": checkpoint,
        "model": config.get("model", "gan"),
        **({"loss": config["loss"]} if "loss" in config else {}),
        "architecture": config["architecture"],
        "data": _data_name(config["data"]),
        "data_sha256": config["data_sha256"],
        "data_licence": _licence(config["data"]),
        "ganzoo": ganzoo.__version__,
    }


def _data_name(data: str) -> str:
    """A set's name; of a path the last part alone, for folders above are nobody's business."""
    return data if is_name(data) else PureWindowsPath(data).name  # Of any system's path.


def _licence(data: str) -> str:
    name, _ = parse(data) if is_name(data) else ("", {})
    return sets.find(name).licence if name in sets else "unknown"
