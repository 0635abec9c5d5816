"""Which settings does each loss do best with? The same 12 trials for each, and a table.

    python benchmarks/sweep.py --out benchmarks/results/sweep --jobs 2

Trials are six sets of penalties, beside a loss's own, at two learning rates, on 40 kimg at
28 px in batches of 16, with an average of 2 kimg and one seed. A trial that is done is not
repeated.
"""

import argparse
import itertools
import json
import subprocess
import sys
from pathlib import Path

from ganzoo.comparison.runs.results import Results

LOSSES = ("minimax", "non-saturating", "lsgan", "hinge", "wgan", "wgan-gp", "rpgan")
GAMMAS = (0.1, 0.3, 1.0)
EVERY = 4  # Steps between uses of a penalty: a training then takes a tenth less.
RATES = (0.001, 0.002)
FIGURES = {"modes": ".0f", "recognised": ".2f", "kid": ".3f", "coverage": ".2f"}
BEST = "coverage"  # What chooses: it falls when images are poor and when they are alike.
MADE = "- `{command}` at commit {commit} on {hardware}, {backend} {backend_version}, `{data}`"
TERMS = """\
seeds = "0"
data = {data}
schedule = "28:40"
batch = 16
ema = 2.0
snap = 40.0
score = 2000
"""
CELL = """
[[cells]]
name = {name}
loss = {loss}
penalties = {penalties}
optimizer = {optimizer}
"""


def priced(name, gamma):
    """A penalty as a spec."""
    return f"{name}:gamma={gamma},every={EVERY}"


R1 = [(priced("r1", gamma),) for gamma in GAMMAS]
R1_AND_R2 = [(priced("r1", gamma), priced("r2", gamma)) for gamma in GAMMAS[:2]]
PENALTIES = ((), *R1, *R1_AND_R2)
COMMON = (R1[-1], RATES[-1])  # The one setting of the second table.


def trial(penalties, rate):
    """The name of a trial."""
    return f"{' + '.join(penalties) or 'no penalty'}, rate {rate:g}"


def grid(loss, data):
    """The comparison of one loss with itself, as TOML."""
    text = TERMS.format(data=json.dumps(data))
    for penalties, rate in itertools.product(PENALTIES, RATES):
        optimizer = f"adam:learning_rate={rate},beta_1=0.0,beta_2=0.99"
        named = (trial(penalties, rate), loss, list(penalties), optimizer)
        keys = ("name", "loss", "penalties", "optimizer")
        cell = dict(zip(keys, map(json.dumps, named), strict=True))
        text += CELL.format(**cell)
    return text


def read(folder):
    """The one run of each trial, by the trial's name, and on what terms they were made."""
    results = Results.read(folder)
    return {run.cell: run for run in results.runs}, results.settings


def line(loss, name, run):
    """A row of a table, in Markdown."""
    found = ((run.measures.get(key), form) for key, form in FIGURES.items())
    figures = ("–" if value is None else f"{value:{form}}" for value, form in found)
    return f"| {loss} | {name} | {' | '.join(figures)} | {run.verdict or run.status} |"


def merit(item):
    """What chooses among named runs: healthy ones first, then by the figure."""
    run = item[1]
    found = run.measures.get(BEST)
    return run.verdict == "healthy", -1.0 if found is None else found


def report(folder):
    """All that is known of the losses with results in `folder`, in Markdown."""
    done = [loss for loss in LOSSES if (folder / loss / "results.csv").exists()]
    found = {loss: read(folder / loss) for loss in done}
    terms = [MADE.format(**settings) for _, settings in found.values()]
    text = tables({loss: runs for loss, (runs, _) in found.items()})
    return f"# Sweeps\n\n{text}\n\n## Made by\n\n" + "\n".join(terms) + "\n"


def tables(results):
    """Both tables: each loss at its best trial, and all at the common setting."""
    head = f"| loss | trial | {' | '.join(FIGURES)} | verdict |\n|---|---|{'---:|' * 4}---|"
    best = [line(loss, *max(runs.items(), key=merit)) for loss, runs in results.items()]
    name = trial(*COMMON)
    common = [line(loss, name, runs[name]) for loss, runs in results.items()]
    every = [line(loss, *item) for loss, runs in results.items() for item in runs.items()]
    count = len(PENALTIES) * len(RATES)
    parts = {
        f"Each loss at its best of {count} trials: healthy, then by {BEST}": best,
        "All with one setting": common,
        "Every trial": every,
    }
    return "\n\n".join(f"## {title}\n\n{head}\n" + "\n".join(parts[title]) for title in parts)


def main():
    """Run what is missing, and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("losses", nargs="*", default=LOSSES)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--data", default="unown-original")
    parser.add_argument("--jobs", default="1")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for loss in options.losses:
        terms = options.out / f"{loss}.toml"
        terms.write_text(grid(loss, options.data), encoding="utf-8")
        command = ["compare", str(terms), "--jobs", options.jobs]
        command += ["--out", str(options.out / loss)]
        subprocess.run([sys.executable, "-P", "-m", "ganzoo", *command], check=True)
        (options.out / "README.md").write_text(report(options.out), encoding="utf-8")


if __name__ == "__main__":
    main()
