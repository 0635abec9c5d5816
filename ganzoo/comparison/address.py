"""The address of a run: a digest of everything that decides its figures."""

import functools
import hashlib
import json
from pathlib import Path
from typing import Any

import ganzoo
from ganzoo import architectures, backend, losses
from ganzoo.training.trainer import versions

# Parts of the package that no figure of a run depends on.
IRRELEVANT = ("cli", "comparison")


@functools.cache
def code_digest() -> str:
    """sha256 of the source that runs, in hexadecimal."""
    digest = hashlib.sha256()
    for package in (ganzoo, losses, architectures):
        folder = Path(package.__path__[0])
        for path in sorted(folder.rglob("*.py")):
            if path.relative_to(folder).parts[0] not in IRRELEVANT:
                digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
                digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def address(config: dict[str, Any]) -> str:
    """Twelve hexadecimal digits that name a run.

    Args:
        config: `Trainer.config`, which holds the data's sha256.
    """
    content = {
        "config": config,
        "code": code_digest(),
        "versions": dict(versions()),
        "device": backend.device(),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]
