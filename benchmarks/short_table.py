"""The README's table, from a comparison: `python benchmarks/short_table.py FOLDER`."""

import csv
import sys
from collections import defaultdict
from pathlib import Path
from statistics import median

COLUMNS = {
    "forms of 28": ("forms", "{:.0f}"),
    "recognised": ("recognised", "{:.2f}"),
    "KID": ("kid", "{:.3f}"),
    "coverage": ("coverage", "{:.2f}"),
    "seconds": ("seconds", "{:.0f}"),
}


def main(folder):
    """Print median (lowest to highest) over the seeds of each cell, in Markdown."""
    cells = defaultdict(list)
    with (Path(folder) / "results.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            cells[row["cell"]].append(row)
    print(f"| cell | {' | '.join(COLUMNS)} |")
    print(f"|---|{'---:|' * len(COLUMNS)}")
    for cell, rows in cells.items():
        print(f"| {cell} | {' | '.join(_spread(rows, *c) for c in COLUMNS.values())} |")


def _spread(rows, name, form):
    values = sorted(float(row[name]) for row in rows if row[name])
    if not values:
        return "–"
    low, middle, high = (form.format(v) for v in (values[0], median(values), values[-1]))
    return middle if low == high else f"{middle} ({low} to {high})"


if __name__ == "__main__":
    main(sys.argv[1])
