"""A trained generator as a few files, and a run made of them again.

config.json              the run's settings
checkpoint.json          which checkpoint: its manifest
generator.safetensors    the averaged weights under the names of checkpoints
samples.png              a sheet of samples, if the run has one
README.md                the card
"""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PureWindowsPath
from typing import Any

from ganzoo.data.load import is_name
from ganzoo.errors import InputError
from ganzoo.files.atomic import atomic
from ganzoo.files.names import brief
from ganzoo.files.read import LARGEST_PARSED, explained, kind, read_bytes, read_json
from ganzoo.hub.card import card
from ganzoo.training import checkpoint
from ganzoo.training.run import CHECKPOINTS, CONFIG, Run
from ganzoo.training.saved import checked, folder_of

WEIGHTS, MANIFEST, PICTURE, CARD = (
    "generator.safetensors",
    "checkpoint.json",
    "samples.png",
    "README.md",
)
FILES = (CONFIG, MANIFEST, WEIGHTS, PICTURE, CARD)
# What makes images: averages of the weights, what a sampler remembers, and how far it is.
KEPT, COUNTERS = ("ema/", "ema_", "memory/"), ("fade", "iteration", "images_seen")
REMEDY = "Push the run again, or pull another revision."


def write_release(run: Run, folder: Path, title: str, name: str | None = None) -> None:
    """Write the files of a run's checkpoint.

    Args:
        run: The run.
        folder: An empty folder.
        title: What the card calls it, such as `"somebody/letters"`.
        name: Name of the checkpoint; `None` for the newest.

    Raises:
        InputError: If there is no such checkpoint, or it is damaged.
    """
    from safetensors.numpy import save_file

    arrays, manifest, config = checked(run, name)
    kept = {key: array for key, array in arrays.items() if _is_kept(key)}
    save_file(kept, folder / WEIGHTS)
    settings = _without_paths(manifest[checkpoint.SETTINGS])
    said = {"name": folder_of(run, name).name, "manifest": manifest}
    said["manifest"] = manifest | {checkpoint.SETTINGS: settings}
    _write_json(folder / MANIFEST, said)
    config = _without_paths(config)
    _write_json(folder / CONFIG, config)
    if picture := _picture(run, manifest["kimg"]):
        shutil.copyfile(picture, folder / PICTURE)
    text = card(title, config, manifest, run.result or {}, bool(picture))
    (folder / CARD).write_text(text, encoding="utf-8")


def read_release(folder: Path, path: Path) -> Run:
    """Make a run of the files of a release: images can be made of it, training cannot go on.

    Args:
        folder: The files.
        path: The run's folder, which does not exist.

    Raises:
        InputError: If a file is missing or is not what `write_release` wrote, or its config
            names a module that has not been allowed: see `ganzoo.trust`.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    missing = [each for each in (CONFIG, MANIFEST, WEIGHTS) if not (folder / each).is_file()]
    if missing:
        raise InputError(f"It is no generator of ganzoo: it lacks {', '.join(missing)}.")
    if links := [each for each in FILES if (folder / each).is_symlink()]:
        raise InputError(
            f"{folder / links[0]} is a link, which is not followed. Put the file itself there."
        )
    with explained(folder / CONFIG, advice=REMEDY):
        settings = read_bytes(folder / CONFIG, LARGEST_PARSED)
    try:
        said = read_json(folder / MANIFEST)
        name, manifest = said["name"], dict(said["manifest"])
        arrays = load_file(folder / WEIGHTS)
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise InputError(f"Its weights cannot be read: {error}. {REMEDY}") from error
    if not (isinstance(name, str) and checkpoint.NAME.fullmatch(name)):
        raise InputError(f"{MANIFEST} names no checkpoint. {REMEDY}")
    if strange := [key for key in arrays if not _is_kept(key)]:
        raise InputError(f"{WEIGHTS} holds {brief(strange[0])}, no weight of a generator.")
    manifest.pop("sha256", None)
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic(path) as temporary:
        temporary.mkdir()
        (temporary / CONFIG).write_bytes(settings)
        checkpoint.save(temporary / CHECKPOINTS / name, arrays, manifest)
        with _of(folder, temporary):
            checked(Run(temporary))  # As strict as of any other run.
        if (folder / PICTURE).is_file():
            shutil.copyfile(folder / PICTURE, temporary / PICTURE)
    return Run(path)


@contextmanager
def _of(folder: Path, temporary: Path) -> Iterator[None]:
    """What is wrong with the run that is being made is wrong with the release."""
    try:
        yield
    except InputError as error:
        said = str(error).removesuffix(checkpoint.REMEDY).strip()
        raise InputError(f"{said.replace(str(temporary), str(folder))} {REMEDY}") from error


def _without_paths(config: Mapping[str, Any]) -> dict[str, Any]:
    """Settings without the folders of the machine, which are nobody's business.

    Of the path of a data set, and of a run whose weights were the first ones, the last part
    stays. The command goes.
    """
    shared = {key: value for key, value in config.items() if key != "command"}
    for key in ("data", "init"):
        if shared.get(key) and not (key == "data" and is_name(shared[key])):
            shared[key] = PureWindowsPath(shared[key]).name
    return shared


def _is_kept(name: str) -> bool:
    return name.startswith(KEPT) or name in COUNTERS


def _picture(run: Run, kimg: float) -> Path | None:
    """The sheet of the checkpoint, or the last one before it."""
    sheets = {}
    for path in run.path.glob("fakes[0-9]*.png"):
        at = path.stem.removeprefix("fakes")
        if kind(path) == "a file" and checkpoint.NAME.fullmatch(at) and float(at) <= kimg + 0.5:
            sheets[float(at)] = path
    return sheets[max(sheets)] if sheets else None


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
