"""Signs that a terminal or a file cannot show, such as a minus in Windows' cp1252.

Tables use a true minus, arrows and dashes. Where the encoding of the output lacks such a sign,
one in ASCII takes its place; without this, Python would end a command with a traceback.
"""

import codecs
import sys
import unicodedata
from typing import Any

PLAIN = {
    **{"−": "-", "–": "-", "—": "-", "‑": "-", "±": "+-", "×": "x", "·": ".", "…": "..."},
    **{"→": "->", "←": "<-", "↑": "^", "↓": "v", "≤": "<=", "≥": ">=", "≈": "~", "∞": "inf"},
    **{
        "ß": "ss",
        "“": '"',
        "”": '"',
        "‘": "'",
        "’": "'",
        "•": "*",
        "✓": "ok",
        "✗": "x",
        "▲": "^",
    },
    **{"─": "-", "━": "-", "╸": "-", "╺": "-", "│": "|", "┃": "|", "█": "#", "░": "."},
}


def in_ascii(text: str) -> str:
    """`text` in ASCII: known signs in words or the like, accents dropped, else a `?`."""
    return "".join(map(_one_in_ascii, text))


def _one_in_ascii(sign: str) -> str:
    if sign.isascii():
        return sign
    bare = unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode()
    return PLAIN.get(sign) or bare or "?"


def _replace(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return in_ascii(error.object[error.start : error.end]), error.end


codecs.register_error("ganzoo.ascii", _replace)


def write_what_can_be_shown() -> None:
    """Let standard output and standard error take any text, whatever their encoding."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="ganzoo.ascii")
