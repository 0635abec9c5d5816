"""The fingerprint of a run: a hash of everything that decides its figures."""

import functools
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import ganzoo
from ganzoo import architectures, backend, losses
from ganzoo.data.image_set import ImageSet
from ganzoo.spec import parse
from ganzoo.training.config import variants
from ganzoo.versions import versions

# Parts of the package that no figure of a run depends on.
FOLDERS = ("callbacks", "cli", "comparison", "demo", "doctor", "export", "hub", "tracking")
TRAINED = ("directions.py", "loaded_run.py", "projection.py", "rejection.py", "style_mixing.py")
STARTING = ("backend_choice.py", "notebook.py", "provenance.py", "start.py")
IRRELEVANT = (*FOLDERS, *TRAINED, *STARTING)


def fingerprint(config: dict[str, Any], held_out: ImageSet | None = None) -> str:
    """Twelve hexadecimal digits that name a run.

    Args:
        config: Its `Trainer.config`, which holds the sha256 of the training images.
        held_out: Images that its measures compare with, of a set that has some.
    """
    content: dict[str, Any] = {
        "config": config,
        "code": code_fingerprint(),
        "versions": dict(versions()),
        "device": backend.device(),
    }
    if held_out is not None and config["score"]:
        content["held_out"] = held_out.sha256
    if plugins := plugin_fingerprints(config):
        content["plugins"] = plugins
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]


@functools.cache
def code_fingerprint() -> str:
    """sha256 of the source that runs, in hexadecimal."""
    found = hashlib.sha256()
    for package in (ganzoo, losses, architectures):
        folder = Path(package.__path__[0])
        for path in sorted(folder.rglob("*.py")):
            if path.relative_to(folder).parts[0] not in IRRELEVANT:
                found.update(path.relative_to(folder).as_posix().encode() + b"\0")
                found.update(path.read_bytes() + b"\0")
    return found.hexdigest()


def plugin_fingerprints(config: dict[str, Any]) -> dict[str, str]:
    """sha256 of the file of each class from outside the package, by module; often none.

    The files of classes that it derives from count too; what else a file imports does not.
    """
    found = {}
    for _, registry, spec in variants(config):
        for cls in registry.find(parse(spec)[0]).__mro__:
            if cls.__module__.startswith("ganzoo."):
                break
            path = Path(getattr(sys.modules[cls.__module__], "__file__", None) or "")
            if path.is_file():
                found[cls.__module__] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found
