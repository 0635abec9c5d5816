"""A run as a file that the page plays, and what the page must know of it."""

import json
from pathlib import Path
from typing import Any

from ganzoo.demo.class_weights import WEIGHTS, take_class_weights
from ganzoo.errors import InputError
from ganzoo.export.export import export
from ganzoo.spec import parse
from ganzoo.training.asked import class_of
from ganzoo.training.run import Run

# What a person may type: all of ASCII and Latin-1 that can be seen.
TYPED = [chr(code) for code in (*range(0x21, 0x7F), *range(0xA1, 0x100))]


def write_model(
    run: Run, folder: Path, checkpoint: str | None = None, **making: Any
) -> dict[str, Any]:
    """Export a run into `folder`.

    Args:
        run: The run.
        folder: An existing folder.
        checkpoint: Name of the checkpoint; `None` for the newest.
        making: How images are made, see `ganzoo.training.trained.load_generator`.

    Returns:
        What the page needs: the file's name, its title, the shape of latents and images, the
        classes, and the class of each character.
    """
    import onnx

    number = len(list(folder.glob("*.onnx")))
    path = folder / f"model-{number}.onnx"
    export(run, path, checkpoint, **making)
    said = {each.key: each.value for each in onnx.load(path).metadata_props}
    if onnx_input(path, "words"):
        raise InputError(
            f"{run.path} is asked in words, and the page has no place for them. Show a run "
            "with labels or without a condition; ganzoo generate takes prompts."
        )
    asks = bool(onnx_input(path, "labels"))
    classes = json.loads(said["classes"]) if asks else []
    mixes = asks and take_class_weights(path)
    return {
        "file": path.name,
        "title": _title(said),
        "run": said["run"],
        "latents": json.loads(said["latent_size"]),
        "categories": json.loads(said["categories"]),
        "resolution": json.loads(said["resolution"]),
        "channels": json.loads(said["channels"]),
        "asked": (WEIGHTS if mixes else "labels") if asks else None,
        "classes": classes,
        "characters": {c: found for c in TYPED if (found := class_of(c, classes)) is not None},
        "licence": said["data_licence"],
    }


def onnx_input(path: Path, name: str) -> bool:
    """Whether the network of an ONNX file has an input of this name."""
    import onnx

    return name in [each.name for each in onnx.load(path).graph.input]


def _title(said: dict[str, str]) -> str:
    """A model's name on the page: what was trained, on what."""
    kind = said.get("loss") if said["model"].partition(":")[0] == "gan" else said["model"]
    names = [parse(kind or "gan")[0], parse(said["architecture"])[0]]
    return f"{names[0]} · {names[1]} · {said['data']}, {float(said['checkpoint']):g} kimg"
