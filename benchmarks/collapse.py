"""How many modes of ring8 and grid25 each variant recovers, counted as in arXiv:1705.07761.

    KERAS_BACKEND=jax python benchmarks/collapse.py --out benchmarks/results/collapse.csv

All variants have the same networks, points, latents and number of steps; the plain GAN has no
penalty. 2,500 samples of each run are looked at: those within three standard deviations of a
mode are of high quality, and a mode with one such sample is reached. A row is written when its
run ends, with the command that makes the run again; rows that are there already are kept, so
that a table that was stopped goes on.
"""

import argparse
import csv
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import ganzoo
from ganzoo.metrics.modes import modes
from ganzoo.metrics.point_features import PointFeatures
from ganzoo.provenance import commit
from ganzoo.training.settings import command

SAMPLES = 2500
COMMON = {
    "architecture": "mlp:width=64,latent_size=8",
    "batch": 128,
    "schedule": "1:1280",
    "optimizer": "adam:learning_rate=0.001,beta_1=0.0,beta_2=0.99",
    "ema": 8.0,
    "tick": 640.0,
    "snap": 1280.0,
}
BOTH = ["r1:gamma=0.01", "r2:gamma=0.01"]
CELLS: dict[str, dict[str, Any]] = {
    "plain": {"loss": "non-saturating", "penalties": []},
    "plain minimax": {"loss": "minimax", "penalties": []},
    "wgan-gp": {"loss": "wgan-gp:weight=1.0", "penalties": []},
    "r1, r2": {"loss": "non-saturating", "penalties": BOTH},
    "rpgan, r1, r2": {"loss": "rpgan", "penalties": BOTH},
    "hinge, r1, r2": {"loss": "hinge", "penalties": BOTH},
    "lsgan, r1, r2": {"loss": "lsgan", "penalties": BOTH},
}
COLUMNS = (
    *("data", "variant", "seed", "reached", "modes", "high_quality", "kl", "seconds"),
    *("command", "backend", "commit"),
)


def row(data: Any, features: PointFeatures, cell: str, seed: int) -> dict[str, Any]:
    """Train one run and count the modes that it reaches."""
    settings = COMMON | CELLS[cell] | {"seed": seed}
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        trainer = ganzoo.Trainer(data=data.name, images=data, **settings)
        run = trainer.new_run(folder)
        trainer.train(run)
        points = ganzoo.load(run.path).sample(SAMPLES)
        config = run.config
    found = modes(features.of(points)[1])
    return {
        "data": data.name,
        "variant": cell,
        "seed": seed,
        "reached": found.reached,
        "modes": found.covered,
        "high_quality": round(found.recognised, 4),
        "kl": round(found.kl, 4),
        "seconds": round(time.monotonic() - began, 1),
        "command": command(config),
        "backend": config["backend"],
        "commit": commit(),
    }


def table(rows: list[dict[str, Any]]) -> str:
    """Markdown: of each variant the fewest, the median and the most modes over the seeds."""
    cells: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for each in rows:
        cells[each["data"], each["variant"]].append(each)
    lines = [
        "| data | variant | seeds | modes reached | high quality (%) |",
        "|---|---|--:|--:|--:|",
    ]
    for (data, cell), found in cells.items():
        reached = sorted(int(each["reached"]) for each in found)
        quality = sorted(100 * float(each["high_quality"]) for each in found)
        spread = f"{reached[len(reached) // 2]} ({reached[0]} to {reached[-1]})"
        lines.append(
            f"| {data} | {cell} | {len(found)} | {spread} | {quality[len(quality) // 2]:.1f} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", nargs="+", default=["ring8", "grid25"])
    parser.add_argument("--cells", nargs="+", default=list(CELLS), choices=list(CELLS))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--out", type=Path, required=True, help="The CSV file.")
    parser.add_argument("--seconds", type=float, default=1e9, help="Begin no run after these.")
    given = parser.parse_args()
    rows = list(csv.DictReader(given.out.open())) if given.out.is_file() else []
    done, began = {(r["data"], r["variant"], int(r["seed"])) for r in rows}, time.monotonic()
    for name in given.data:
        data = ganzoo.data.load(name, resolution=1)
        features = PointFeatures(data)
        for seed in range(given.seeds):
            for cell in given.cells:
                late = time.monotonic() - began > given.seconds
                if (name, cell, seed) in done or late:
                    continue
                rows.append(row(data, features, cell, seed))
                with given.out.open("w", newline="") as file:
                    writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
                    writer.writeheader()
                    writer.writerows(rows)
    print(table(rows))


if __name__ == "__main__":
    main()
