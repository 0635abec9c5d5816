"""Specs: a name and its options as one text, such as `r1:gamma=0.1`."""

import ast
import math
from collections.abc import Mapping
from typing import Any

from ganzoo.errors import InputError

FIRST = {"hf": "name"}  # The option that may stand without its key, by the spec's name.


def parse(spec: str) -> tuple[str, dict[str, Any]]:
    """Split `NAME:key=value,key=value` into the name and typed arguments.

    The first option of a name in `FIRST` stands without its key: `hf:ylecun/mnist,split=test`.
    `NAME` may be a path `package.module:Class`. Values are read as Python
    literals (`0.1`, `True`, `(1, 2)`) and as `true`, `false`, `inf` and `nan`, anything
    else as a string.

    Raises:
        InputError: If an argument is not of the form `key=value`, or a key comes twice.
    """
    parts = spec.split(":")
    # `package.module:Class` or `module:Class`, where `r1:gamma` forgets its value.
    path = (
        len(parts) > 1 and "=" not in parts[1] and ("." in parts[0] or parts[1][:1].isupper())
    )
    name, rest = (":".join(parts[:2]), parts[2:]) if path else (parts[0], parts[1:])
    arguments: dict[str, Any] = {}
    for item in split_outside(":".join(rest), ":,") if rest else []:
        key, equals, value = item.partition("=")
        bare = not equals or not key.strip().isidentifier()
        if bare and name in FIRST and not arguments:
            key, equals, value = FIRST[name], "=", item
        if key.strip() in arguments:
            raise InputError(f"{key.strip()} is given twice in {spec!r}. Give it once.")
        if not equals or not key.strip().isidentifier():
            raise InputError(
                f"{item!r} in {spec!r} is not an option. Write NAME:key=value,key=value."
            )
        arguments[key.strip()] = _literal(value.strip())
    return name, arguments


def split_outside(text: str, at: str) -> list[str]:
    """The pieces of `text` between characters of `at` that no bracket or quote encloses."""
    depth, quote, escaped, pieces = 0, "", False, [""]
    for character in text:
        opens = character in "'\"" and not pieces[-1][-1:].isalnum()  # Other than in don't.
        outside = not quote and not depth
        if quote:
            quote = "" if character == quote and not escaped else quote
            escaped = character == "\\" and not escaped
        elif opens:
            quote = character
        else:
            depth = max(0, depth + (character in "([{") - (character in ")]}"))
        if character in at and outside:
            pieces.append("")
        else:
            pieces[-1] += character
    return pieces


WORDS = {"true": True, "false": False, "inf": math.inf, "-inf": -math.inf, "nan": math.nan}


def _literal(text: str) -> Any:
    if text in WORDS:
        return WORDS[text]
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return text


def write(name: str, options: Mapping[str, Any]) -> str:
    """The text that `parse` reads as `name` and `options`."""
    items = ",".join(f"{key}={_written(value)}" for key, value in options.items())
    return f"{name}:{items}" if items else name


def _written(value: Any) -> str:
    """The text that `parse` reads as `value`; short where that is clear."""
    if getattr(value, "shape", None) == ():  # A number of NumPy's.
        value = value.item()
    text = str(value)
    clear = split_outside(f"{text},x", ":,") == [text, "x"] and text == text.strip()
    return text if clear and repr(_literal(text)) == repr(value) else repr(value)
