"""One line a run: with which settings it was trained, and what its last snapshot gave.

    python benchmarks/trials.py runs/* --out benchmarks/results/trials.csv
    python benchmarks/trials.py --read benchmarks/results/trials.csv

The second command prints the lines as the table of `docs/recommendations.md`.
"""

import argparse
import csv
import json
from pathlib import Path

from ganzoo.provenance import hardware
from ganzoo.training.settings import without_derived

SETTINGS = ("loss", "penalties", "optimizer", "architecture")
TERMS = ("data", "schedule", "batch", "seed", "backend", "ganzoo", "keras", "command")
FIGURES = ("verdict", "modes", "recognised", "kid", "frechet", "coverage", "near_copies")
SHOWN = {"recognised": ".3f", "frechet": ".2f", "coverage": ".3f", "near_copies": ".2f"}


def line(run: Path, commit: str) -> dict[str, object]:
    """Settings, terms and figures of a run folder."""
    config = json.loads((run / "config.json").read_text(encoding="utf-8"))
    measures = json.loads((run / "result.json").read_text(encoding="utf-8"))["measures"]
    own = {key: config[key] for key in (*SETTINGS, *TERMS)}
    own["penalties"] = " ".join(own["penalties"])
    own["precision"] = config["architecture"].partition("precision=")[2].partition(",")[0]
    own["architecture"] = without_derived(own["architecture"])
    figures = {key: measures[key] for key in FIGURES}
    return own | figures | {"commit": commit, "hardware": hardware()}


def table(lines: list[dict[str, str]]) -> str:
    """Lines of a CSV file as Markdown."""
    heads = ("Loss", "Penalties", "Gradient's norm", "Verdict", "Modes", *map(_head, SHOWN))
    rows = [" | ".join(heads), "|".join("---" for _ in heads), *map(_row, lines)]
    return "\n".join(f"| {row} |" for row in rows)


def _head(figure: str) -> str:
    return figure.replace("_", "-").capitalize()


def _row(found: dict[str, str]) -> str:
    norm = "at most 1" if "clipnorm" in found["optimizer"] else "any"
    figures = (f"{float(found[key]):{form}}" for key, form in SHOWN.items())
    shown = (found["loss"], found["penalties"] or "none", norm, found["verdict"])
    return " | ".join((*shown, found["modes"], *figures))


def main() -> None:
    """Write the CSV file of the runs, or print the one that was written."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("runs", nargs="*", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--read", type=Path)
    parser.add_argument("--commit", default="")
    options = parser.parse_args()
    if options.read:
        with options.read.open(encoding="utf-8", newline="") as file:
            print(table(list(csv.DictReader(file))))
        return
    lines = [line(run, options.commit) for run in options.runs]
    with options.out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, lines[0])
        writer.writeheader()
        writer.writerows(lines)


if __name__ == "__main__":
    main()
