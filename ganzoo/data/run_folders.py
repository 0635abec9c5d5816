"""Folders that ganzoo wrote: a run's sheets and plots are no images to learn from."""

from collections.abc import Iterable
from pathlib import Path

# What lies beside `config.json` in a run, and beside `comparison.json` in a comparison.
BESIDE_CONFIG = ("checkpoints", "log.txt", "fakes_init.png", "metrics.jsonl", "losses.jsonl")
COMPARISON = "comparison.json"


def is_made_here(folder: Path) -> bool:
    """Whether a folder is a run, a comparison, or holds nothing but runs."""
    if _is_run(folder):
        return True
    try:
        inside = [entry for entry in folder.iterdir() if not entry.name.startswith(".")]
    except OSError:
        return False
    return bool(inside) and all(entry.is_dir() and _is_run(entry) for entry in inside)


def is_run_in(names: Iterable[str]) -> bool:
    """Whether files of a folder or of a packed one, by their paths with `/`, are a run's."""
    paths = set(names)
    folders = [path.removesuffix("config.json") for path in paths if _ends(path, "config.json")]
    return any(
        path.startswith(folder) and path.removeprefix(folder).split("/")[0] in BESIDE_CONFIG
        for folder in folders[:100]
        for path in paths
    )


def _ends(path: str, name: str) -> bool:
    return path == name or path.endswith(f"/{name}")


def _is_run(folder: Path) -> bool:
    if (folder / COMPARISON).is_file():
        return True
    if not (folder / "config.json").is_file():
        return False
    return any((folder / name).exists() for name in BESIDE_CONFIG)
