r"""A table as LaTeX, for `\usepackage{booktabs}`."""

from ganzoo.comparison.report.tables import Entry, Table

SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
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


def latex(table: Table) -> str:
    """A `table` environment, as wide as the page."""
    columns = "".join("r" if column.numeric else "l" for column in table.columns)
    head = _row([escape(column.label) for column in table.columns])
    lines = [
        "% Needs \\usepackage{booktabs,graphicx}",
        r"\begin{table*}",
        r"\centering",
        rf"\caption{{{escape(table.caption)}}}",
        r"\resizebox{\textwidth}{!}{%",
        rf"\begin{{tabular}}{{{columns}}}",
        r"\toprule",
        head,
        r"\midrule",
        *(_row(list(map(_entry, row))) for row in table.rows),
    ]
    if table.foot:
        lines += [r"\midrule", *(_row(list(map(_entry, row))) for row in table.foot)]
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}}", r"\end{table*}", ""])


def escape(text: str) -> str:
    """`text` in one line, as LaTeX prints it letter by letter."""
    return "".join(SPECIAL.get(character, character) for character in " ".join(text.split()))


def _row(fields: list[str]) -> str:
    return " & ".join(fields) + r" \\"


def _entry(entry: Entry) -> str:
    note = rf" {{\scriptsize ({escape(entry.note)})}}" if entry.note else ""
    return escape(entry.text) + note
