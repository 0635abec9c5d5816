"""The README's table, from a comparison: `python benchmarks/short_table.py FOLDER`."""

import sys
from math import isnan
from statistics import median

from ganzoo.comparison.results import Results
from ganzoo.errors import InputError

COLUMNS = {
    "forms of 28": ("forms", "{:.0f}"),
    "recognised": ("recognised", "{:.2f}"),
    "KID": ("kid", "{:z.3f}"),
    "coverage": ("coverage", "{:.2f}"),
    "near-copies": ("near_copies", "{:.2f}"),
    "seconds": ("seconds", "{:.0f}"),
}


def main(folder):
    """Print median (lowest to highest) over the seeds of each cell, in Markdown."""
    results = Results.read(folder)
    print(f"| cell | {' | '.join(COLUMNS)} |")
    print(f"|---|{'---:|' * len(COLUMNS)}")
    for cell in results.cells:
        runs = results.of(cell)
        print(f"| {cell} | {' | '.join(_spread(runs, *c) for c in COLUMNS.values())} |")


def _spread(runs, name, form):
    """Of the runs' figures; a failed run has the worst there is, as in `ganzoo report`."""
    found = [run.seconds if name == "seconds" else run.measure(name) for run in runs]
    values = sorted(value for value in found if value is not None and not isnan(value))
    if not values:
        return "–"
    low, middle, high = (form.format(v) for v in (values[0], median(values), values[-1]))
    return middle if low == high else f"{middle} ({low} to {high})"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    try:
        main(sys.argv[1])
    except InputError as error:
        raise SystemExit(str(error)) from None
