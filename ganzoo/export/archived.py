"""Metadata as a member of a zip file."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ganzoo.export.format import METADATA


def add_member(path: Path, metadata: Mapping[str, Any]) -> None:
    """Add `ganzoo.json` to a zip file, or to a file that becomes one by it.

    A zip file is read from its end, and LiteRT's from its beginning, so that a LiteRT file
    with a zip file at its end is both: LiteRT's own way to carry further files.
    """
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr(METADATA, json.dumps(metadata, indent=2) + "\n")
