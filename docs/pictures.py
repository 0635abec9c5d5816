"""The README's pictures, from a run: `python docs/pictures.py runs/00000-unown-wgan-gp`.

That of the losses is made from `benchmarks/results/quick`.
"""

import sys
from pathlib import Path

import numpy as np

from ganzoo.comparison.runs.results import Results, sample_path
from ganzoo.data.forms import FORMS, draw
from ganzoo.data.sheet import plain_sheet, save_png, sheet
from ganzoo.training.run import Run

HERE = Path(__file__).parent
TILE, GAP = 56, 2
SECONDS = (0, 30, 60, 120, 300, 600)  # Of the rows of the strip: the nearest sheets.


def forms():
    """The 28 forms of the drawn set."""
    images = np.stack([draw(form) for form in FORMS])[..., None]
    return sheet(images, columns=14, gap=4)


def strip(run, count=14):
    """The first samples of some sheets: one latent a column, time downwards."""
    rows = [tiles(plain_sheet(path))[:count] for path in moments(run)]
    return sheet(np.concatenate(rows), columns=count, gap=GAP)


def losses(count=14):
    """Samples of each loss at the first seed: one latent a column, a loss a row."""
    folder = HERE.parent / "benchmarks" / "results" / "quick"
    results = Results.read(folder)
    sheets = [folder / sample_path(cell, results.seeds[0]) for cell in results.cells]
    rows = [tiles(plain_sheet(path))[:count] for path in sheets]
    print("\n".join(results.cells))
    return sheet(np.concatenate(rows), columns=count, gap=GAP)


def moments(run):
    """The sheets nearest to `SECONDS` of training; prints when each was made."""
    ticks = {line["kimg"]: line["seconds"] for line in run.lines("losses.jsonl")}
    sheets = {0.0: run.path / "fakes_init.png"}
    for path in run.path.glob("fakes0*.png"):
        kimg = min(ticks, key=lambda kimg: abs(kimg - float(path.stem[5:])))
        sheets[ticks[kimg]] = path
    chosen = dict.fromkeys(min(sheets, key=lambda s: abs(s - wanted)) for wanted in SECONDS)
    for seconds in chosen:
        print(f"{seconds:5.0f} s  {sheets[seconds].name}")
    return [sheets[seconds] for seconds in chosen]


def tiles(picture):
    """The images of a sample sheet, [N, TILE, TILE, 1]."""
    pixels, step = np.array(picture), TILE + GAP
    corners = [
        (top, left)
        for top in range(GAP, pixels.shape[0], step)
        for left in range(GAP, pixels.shape[1], step)
    ]
    return np.stack([pixels[t : t + TILE, x : x + TILE] for t, x in corners])[..., None]


if __name__ == "__main__":
    run = Run.open(sys.argv[1])
    save_png(forms(), HERE / "unown.png")
    save_png(losses(), HERE / "losses.png")
    save_png(strip(run), HERE / "growth.png")
