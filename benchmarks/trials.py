"""One line a run: with which settings it was trained, and what its last snapshot gave.

    python benchmarks/trials.py RUN... --commit COMMIT --out benchmarks/results/trials.csv

Run it on the machine that trained.
"""

import argparse
import csv
import json
from pathlib import Path

from ganzoo.provenance import hardware
from ganzoo.training.settings import without_derived

SETTINGS = ("loss", "penalties", "optimizer", "architecture")
TERMS = ("data", "schedule", "batch", "seed", "backend", "ganzoo", "keras")
FIGURES = ("verdict", "modes", "recognised", "kid", "frechet", "coverage", "near_copies")


def line(run: Path, commit: str) -> dict[str, object]:
    """Settings, terms and figures of a run folder."""
    config = json.loads((run / "config.json").read_text(encoding="utf-8"))
    measures = json.loads((run / "result.json").read_text(encoding="utf-8"))["measures"]
    own = {key: config[key] for key in (*SETTINGS, *TERMS)}
    own["penalties"] = " ".join(own["penalties"])
    own["precision"] = config["architecture"].partition("precision=")[2].partition(",")[0]
    own["architecture"] = without_derived(own["architecture"])
    own["command"] = config["command"].partition(" --outdir")[0]
    figures = {key: measures[key] for key in FIGURES}
    return own | figures | {"commit": commit, "hardware": hardware()}


def main() -> None:
    """Write the CSV file."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("runs", nargs="+", type=Path)
    parser.add_argument("--commit", required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    lines = [line(run, options.commit) for run in options.runs]
    with options.out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, lines[0])
        writer.writeheader()
        writer.writerows(lines)


if __name__ == "__main__":
    main()
