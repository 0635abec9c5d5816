"""CSV files with known columns: numbers are finite numbers, empty is `None`.

A text that a spreadsheet would take for a formula, such as `=1+1`, is written with a quote
before it; `read_csv` takes that quote away again.
"""

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganzoo.errors import InputError
from ganzoo.files.atomic import atomic
from ganzoo.files.names import brief, clean
from ganzoo.files.read import read_bytes
from ganzoo.old_names import COLUMNS

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)
LARGEST = 1e30  # of a number: figures beyond it are damage, and sums of them no numbers
FORMULA = re.compile(r"'*[=+\-@]")  # how a text begins that a spreadsheet would run


@dataclass(frozen=True)
class Column:
    """One column."""

    name: str  # As in the first line.
    kind: str  # `"text"`, `"number"` or `"integer"`.
    required: bool = False  # Whether no field may be empty.
    options: tuple[str, ...] = ()  # Texts of which a field is one; empty for any.
    negative: bool = True  # Whether a number may be below 0.
    later: bool = False  # Whether files of earlier versions lack it; its fields are empty then.

    def read(self, text: str) -> Any:
        """The value of a field: `None` for an empty number, `""` for an empty text.

        A `ValueError` says what the field should be.
        """
        if not text:
            if self.required:
                raise ValueError("must not be empty")
            return "" if self.kind == "text" else None
        if self.options and text not in self.options:
            raise ValueError(f"must be {', '.join(self.options)}, not {brief(text)}")
        if self.kind == "text":
            if text != clean(text):
                raise ValueError(f"must be one line without control characters: {brief(text)}")
            return text[1:] if text[0] == "'" and FORMULA.match(text) else text
        pattern, make = (INTEGER, int) if self.kind == "integer" else (NUMBER, float)
        if not pattern.fullmatch(text) or not math.isfinite(make(text)):
            what = "an integer" if make is int else "a finite number"
            raise ValueError(f"must be {what} or empty, not {brief(text)}")
        value = make(text)
        if abs(value) > LARGEST or (value < 0 and not self.negative):
            least = "" if self.negative else "0 or more and "
            raise ValueError(f"must be {least}at most {LARGEST:g}, not {brief(text)}")
        return value

    def write(self, value: Any) -> str:
        """The field of a value, texts in one line; `ValueError` if `read` would not take it."""
        if value is None:
            text = ""
        elif self.kind == "number":
            text = repr(float(value))
        else:
            text = clean(str(value))
            text = f"'{text}" if FORMULA.match(text) else text
        self.read(text)
        return text


def read_csv(path: Path, columns: Sequence[Column]) -> list[dict[str, Any]]:
    """The rows, each with a further key `line`: the file and line, for messages.

    An `InputError` names a column that is missing, unknown or doubled, or an unusable field.
    """
    try:
        text = read_bytes(path).decode("utf-8-sig")
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        return list(_rows(path, reader, columns))
    except FileNotFoundError as error:
        raise InputError(
            f"There is no {path}. Run `ganzoo compare` again with the same --out: "
            "it writes the file from the runs that are done."
        ) from error
    except InputError:
        raise
    except (OSError, csv.Error, ValueError) as error:
        raise InputError(f"{path} is not a CSV file in UTF-8 ({error}).") from error


def _rows(path: Path, reader: Any, columns: Sequence[Column]) -> Iterable[dict[str, Any]]:
    known = {column.name: column for column in columns}
    header = [COLUMNS.get(name, name) for name in next(reader, [])]
    missing = {c.name: c.read("") for c in columns if c.later and c.name not in header}
    for name in known:
        if name not in missing and header.count(name) != 1:
            what = "is missing" if name not in header else "stands twice"
            raise InputError(f"{path}, line 1: the column {name!r} {what}.")
    if extra := [name for name in header if name not in known]:
        raise InputError(
            f"{path}, line 1: the column {brief(extra[0])} is not known. Remove it."
        )
    for fields in reader:
        line = f"{path}, line {reader.line_num}"
        if len(fields) != len(header):
            raise InputError(f"{line} has {len(fields)} fields, not {len(header)}.")
        row: dict[str, Any] = {"line": line, **missing}
        for name, text in zip(header, fields, strict=True):
            try:
                row[name] = known[name].read(text)
            except ValueError as error:
                raise InputError(f"{line}: {name!r} {error}.") from error
        yield row


def write_csv(path: Path, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> None:
    """Write a file that `read_csv` and pandas read, whole or not at all.

    An `InputError` names a value that does not fit its column, as NaN and infinity do not.
    """
    with atomic(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([column.name for column in columns])
        for row in rows:
            writer.writerow([_field(path, column, row.get(column.name)) for column in columns])


def _field(path: Path, column: Column, value: Any) -> str:
    try:
        return column.write(value)
    except (TypeError, ValueError) as error:
        raise InputError(f"{path.name}: {column.name!r} {error}.") from error
