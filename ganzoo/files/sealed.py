"""JSON objects under a checksum of their own."""

import hashlib
import json
from typing import Any

KEY = "checksum"


def seal(content: dict[str, Any]) -> dict[str, Any]:
    """`content` with its checksum beside it."""
    return content | {KEY: _checksum(content)}


def unseal(content: dict[str, Any]) -> dict[str, Any]:
    """`content` without its checksum, which may be missing, as in files of earlier versions.

    Raises:
        ValueError: If the checksum is wrong.
    """
    rest = {key: value for key, value in content.items() if key != KEY}
    if KEY in content and content[KEY] != _checksum(rest):
        raise ValueError("wrong checksum")
    return rest


def _checksum(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
