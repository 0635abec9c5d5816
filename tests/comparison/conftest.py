"""Comparisons without trainings: results drawn at random, with a known truth."""

import shutil

import numpy as np
import pytest

from ganzoo.comparison.runs.results import Results, sample_path
from ganzoo.comparison.runs.rows import CELL_SETTINGS, RunRow, Snapshot
from ganzoo.data.forms import FORMS, draw
from ganzoo.metrics.measures import FIGURES, MEASURES

FINAL = {
    "kid": 0.4,
    "frechet": 9.0,
    "sliced_wasserstein": 12.0,
    "modes": 26.0,
    "reached": 27.0,
    "recognised": 0.9,
    "as_asked": 0.88,
    "kl": 0.05,
    "precision": 0.81,
    "recall": 0.62,
    "density": 0.77,
    "coverage": 0.7,
    "vendi": 7.5,
    "memorisation": 0.01,
    "memorisation_deviation": 0.04,
    "authenticity": 0.62,
    "near_copies": 0.002,
    "sharpness": 1.9,
}
FIRST = {"kid": 40.0, "frechet": 300.0, "kl": 2.5, "modes": 2.0, "near_copies": 0.3}
FLOOR = {"kid": -0.004, "frechet": 0.8, "modes": 28.0, "recognised": 0.985, "kl": 0.004}
FLOOR |= {"precision": 0.93, "recall": 0.92, "density": 1.0, "coverage": 0.96}
FLOOR |= {"sliced_wasserstein": 0.4, "vendi": 8.6, "authenticity": 0.63}
FLOOR |= {"memorisation": 0.0, "near_copies": 0.0, "sharpness": 2.0}


@pytest.fixture
def comparison():
    return make


def make(cells, seeds=5, failed=(), missing=(), curves=True, **settings):
    """Results of `cells`, a dict of name: how much worse than the others, such as 1.0.

    A value may be a dict with `worse`, `growth`, `speed` and columns of `RunRow`.
    `failed` and `missing` hold pairs of cell and seed.
    """
    runs, snapshots = [], []
    for number, (name, given) in enumerate(cells.items()):
        given = dict(given) if isinstance(given, dict) else {"worse": given}
        worse, speed = given.pop("worse", 1.0), given.pop("speed", 1.0)
        draw = given.pop("draw", number)
        for seed in range(seeds):
            rng = np.random.default_rng([seed, draw])
            status = "missing" if (name, seed) in missing else "done"
            status = "diverged" if (name, seed) in failed else status
            curve = draw_curve(name, seed, status, worse, speed, rng) if curves else []
            snapshots += curve
            row = {"fingerprint": f"{draw:02x}{seed:02x}{'9c' * 4}"} | given
            runs.append(make_run(name, seed, status, worse, speed, rng, curve, row))
    return Results(
        make_settings(list(cells), seeds, runs) | settings, tuple(runs), tuple(snapshots)
    )


def draw_measures(worse, rng, progress=1.0):
    factor = worse * np.exp(0.15 * rng.normal())
    final = dict.fromkeys(FIGURES)
    for name in FINAL:
        better = name in MEASURES and MEASURES[name].direction >= 0
        value = FINAL[name] * (factor**-0.3 if better else factor)
        first = FIRST.get(name, 0.05)
        value = value + (first - value) * (1 - progress) ** 3
        final[name] = float(value)
    final["modes"] = float(min(28, round(final["modes"])))
    final["recognised"] = min(0.99, final["recognised"])
    return final


def draw_curve(name, seed, status, worse, speed, rng):
    if status == "missing":
        return []
    last = 4 if status == "diverged" else 7
    return [
        Snapshot(
            name,
            seed,
            30.0 * (i + 1),
            float(speed * 80 * (i + 1) * (1 + 0.03 * rng.random())),
            draw_measures(worse, rng, (i + 1) / 7),
        )
        for i in range(last)
    ]


def make_run(name, seed, status, worse, speed, rng, curve, given):
    settings = {setting.column: setting.field(None) for setting in CELL_SETTINGS}
    settings |= {"loss": name, "penalties": "", "architecture": "progressive-dcgan:width=16"}
    settings |= {key: given[key] for key in settings.keys() & given.keys()}
    base = {"growth": "progressive", "run": f"runs/{name}-{seed}", "settings": settings}
    base |= {key: given[key] for key in given.keys() - settings.keys()}
    command = f"ganzoo train --loss {settings['loss']} --seed {seed} --preset quick"
    command += " --data unown"
    command += " --no-growth" * (base["growth"] == "direct")
    base = {"command": command} | base
    if status == "missing":
        return RunRow(name, seed=seed, status=status, **base)
    measures = curve[-1].measures if curve else draw_measures(worse, rng)
    kimg, seconds = (curve[-1].kimg, curve[-1].seconds) if curve else (210.0, 560.0 * speed)
    cost = {"kimg": kimg, "seconds": seconds, "d_updates": int(kimg * 62.5)}
    cost |= {"g_updates": int(kimg * 62.5), "flops": 3.4e12 * kimg, "parameters": 812_345}
    if status == "diverged":
        reason = "d_loss became NaN or infinite at step 7421"
        return RunRow(name, seed=seed, status=status, reason=reason, **(cost | base))
    weights = rng.dirichlet(np.full(28, 8.0 / worse))
    counts = tuple(int(n) for n in rng.multinomial(1000, weights))
    modes = measures["modes"]
    verdict = {"verdict": "healthy" if modes >= 20 else "collapsed"}
    if modes < 20:
        verdict["reason"] = f"{modes:g} of 28 modes"
    row = {"count": 1000, "measures": measures, "histogram": counts} | verdict | cost | base
    return RunRow(name, seed=seed, status=status, **row)


def make_settings(cells, seeds, runs):
    return {
        "format": 1,
        "title": "Losses on unown",
        "cells": cells,
        "reference": cells[0],
        "losses": sorted({run.settings["loss"] for run in runs}),
        "penalties": [],
        "architectures": ["progressive-dcgan:width=16"],
        "growth": sorted({run.growth for run in runs}, reverse=True),
        "seeds": list(range(seeds)),
        "preset": "quick",
        "schedule": "28:100,56:110:40",
        "batch": 16,
        "optimizer": "adam:learning_rate=0.001,beta_1=0.0,beta_2=0.99",
        "ema": 2.0,
        "data": "unown",
        "data_sha256": "6f1b" * 16,
        "classes": list(FORMS),
        "images": 1000,
        "feature_kind": "classifier trained on unown",
        "features": "a41c" * 16,
        "floor": FLOOR,
        "ganzoo": "0.1.0",
        "keras": "3.15.1",
        "backend": "tensorflow",
        "backend_version": "2.21.0",
        "python": "3.11.9",
        "commit": "0123456789abcdef",
        "device": "CPU",
        "hardware": "2 cores of an x86-64 processor",
        "created": "2026-01-31",
        "command": "ganzoo compare --losses wgan-gp,lsgan --seeds 0-4 --preset quick --out DIR",
    }


@pytest.fixture
def add_samples():
    return draw_samples


def draw_samples(results, folder):
    """A sheet for each run that was made: drawn forms, some of them gone wrong."""
    from ganzoo.data.sheet import save_png, sheet

    (folder / "samples").mkdir(exist_ok=True)
    forms = np.stack([draw(name, 56) for name in FORMS])
    forms = forms.reshape(len(FORMS), 56, 56, -1)[..., :1]
    for run in results.runs:
        if run.status == "missing":
            continue
        rng = np.random.default_rng([run.seed, len(run.cell)])
        images = forms[np.random.default_rng(run.seed).integers(0, 28, 56)].astype(float)
        noise = 160 if run.failed else 25
        images = np.clip(images + noise * rng.normal(size=images.shape), 0, 255)
        save_png(sheet(images.astype(np.uint8)), folder / sample_path(run.cell, run.seed))


@pytest.fixture(scope="session")
def drawn_folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("drawn")
    results = make(TYPICAL, failed=[("hinge", 3)])
    results.write(path)
    draw_samples(results, path)
    return path


@pytest.fixture
def folder(drawn_folder, tmp_path):
    """The folder of a comparison as it is in life: four cells, five seeds, one failure."""
    return shutil.copytree(drawn_folder, tmp_path / "comparison")


TYPICAL = {
    "wgan-gp": {"speed": 1.4},
    "lsgan": {"worse": 1.05},
    "hinge": {"worse": 1.3},
    "minimax": {"worse": 6.0},
}
