"""The page as a folder: open it from any web server, on this machine or elsewhere."""

import json
import shutil
from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from ganzoo.demo import runtime
from ganzoo.demo.model_file import write_model
from ganzoo.training.run import Run

MODELS = "models.json"


def write_page(
    runs: Sequence[Run],
    folder: Path,
    runtime_folder: Path,
    checkpoint: str | None = None,
    **making: Any,
) -> list[dict[str, Any]]:
    """Write the page, a file for each run, and the runtime that plays them.

    Args:
        runs: Runs to choose among; the first is shown first.
        folder: A new folder; it is made.
        runtime_folder: A folder that holds `runtime.FILES`.
        checkpoint: Name of the checkpoint, of every run; `None` for the newest.
        making: How images are made, see `ganzoo.training.trained.load_generator`.

    Returns:
        What the page knows of each run.
    """
    with as_file(files("ganzoo.demo") / "static") as static:
        shutil.copytree(static, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "runtime").mkdir()
    for name in runtime.FILES:
        shutil.copyfile(runtime_folder / name, folder / "runtime" / name)
    (folder / "models").mkdir()
    models = [write_model(run, folder / "models", checkpoint, **making) for run in runs]
    text = json.dumps(models, ensure_ascii=False, indent=1)
    (folder / MODELS).write_text(text, encoding="utf-8")
    return models
