r"""A table as LaTeX, for `\usepackage{booktabs}`."""

from collections.abc import Iterable

from ganzoo.comparison.report.table import Entry, Table

SPECIAL = str.maketrans(
    {character: rf"\{character}" for character in "{}&%$#_"}
    | {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        '"': r"\textquotedbl{}",
        "−": "$-$",
        "–": "--",
        "×": r"$\times$",
        "Δ": r"$\Delta$",
        "∞": r"$\infty$",
        "↓": r"$\downarrow$",
        "↑": r"$\uparrow$",
    }
)


def latex(table: Table) -> str:
    """A `table` environment, as wide as the page."""
    columns = "".join("r" if column.numeric else "l" for column in table.columns)
    lines = [
        "% Needs \\usepackage{booktabs,graphicx}",
        r"\begin{table*}",
        r"\centering",
        rf"\caption{{{escape(table.caption)}}}",
        r"\resizebox{\textwidth}{!}{%",
        rf"\begin{{tabular}}{{{columns}}}",
        r"\toprule",
        _row([escape(column.label) for column in table.columns]),
        r"\midrule",
        *(_row(map(_entry, row)) for row in table.rows),
        *[r"\midrule"] * bool(table.foot),
        *(_row(map(_entry, row)) for row in table.foot),
    ]
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}}", r"\end{table*}", ""])


def escape(text: str) -> str:
    """`text` in one line, as LaTeX prints it letter by letter."""
    return " ".join(text.split()).translate(SPECIAL)


def _row(fields: Iterable[str]) -> str:
    return " & ".join(fields) + r" \\"


def _entry(entry: Entry) -> str:
    note = rf" {{\scriptsize ({escape(entry.note)})}}" if entry.note else ""
    return escape(entry.text) + note
