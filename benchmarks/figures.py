"""Sentences with figures, made from `benchmarks/results`: `python benchmarks/figures.py`.

Prints each sentence, or row of a table, that a document takes from a file of results, and exits
with 1 if one of them does not stand there, word for word. `ganzoo claims README.md`
does so for what is said of comparisons.
"""

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ganzoo.comparison.runs.results import Results

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"


def rows(name: str) -> list[dict[str, Any]]:
    """The figures of a benchmark."""
    return json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))["rows"]


def row(name: str, **keys: Any) -> dict[str, Any]:
    """The one row of a benchmark that has these values."""
    (found,) = (r for r in rows(name) if all(r[key] == value for key, value in keys.items()))
    return found


def spread(found: dict[str, Any]) -> str:
    """A ratio with its interval."""
    return f"{found['ratio']:.2f} ({found['from']:.2f} to {found['to']:.2f})"


def between(values: list[float], form: str = ".2f") -> str:
    """The lowest and the highest value."""
    return f"{min(values):{form}} to {max(values):{form}}"


def peers() -> str:
    """Images a second beside Keras and PyTorch."""
    names = ("Keras fit", "Keras fit, no XLA", "PyTorch")
    own = {"ganzoo": "tensorflow float32", "px": 28}
    small = [spread(row("peers", **own, batch=16, peer=peer)) for peer in names]
    large = [f"{row('peers', **own, batch=64, peer=peer)['ratio']:.2f}" for peer in names]
    torch = [row("peers-torch", ganzoo="torch float32", batch=batch) for batch in (16, 64)]
    return (
        f"At 28 px with batches of 16 ganzoo shows {small[0]} times the images of Keras's "
        f"`fit`, {small[1]} times those of `fit` without XLA, and {small[2]} times those of "
        f"the PyTorch loop; with batches of 64, {large[0]}, {large[1]} and {large[2]} times. "
        f"On PyTorch ganzoo shows {spread(torch[0])} and {spread(torch[1])} times the images "
        "of that loop, which has no Keras in it."
    )


def loops() -> str:
    """The loop beside one written by hand."""
    tensorflow, torch, jax = (
        between([r["ratio"] for r in rows(f"overhead-{name}")])
        for name in ("tensorflow", "torch", "jax")
    )
    return (
        f"Its loop takes {tensorflow} times as long as the one written by hand in TensorFlow, "
        f"{torch} times in PyTorch, and {jax} in JAX (medians of four sizes; compiled anew, "
        "the same JAX program can take a tenth more or less)."
    )


def recorded() -> str:
    """Recorded steps on PyTorch."""
    a, b, c, d = (
        f"{row('recorded', px=px, batch=n)['ratio']:.2f}" for px in (28, 56) for n in (16, 64)
    )
    return (
        f"A recorded step on PyTorch takes {a} and {b} times as long as an eager one at 28 px "
        f"(batches of 16 and 64), and {c} and {d} times at 56."
    )


def steps() -> str:
    """Steps of the other backends beside TensorFlow's."""

    def ratios(backend: str) -> Iterator[float]:
        for px in (28, 56):
            for batch in (16, 64):
                one, other = (
                    row(f"step-{name}", px=px, batch=batch, fades="no")["ms a step"]
                    for name in (backend, "tensorflow")
                )
                yield one / other

    a, b, c, d = (f"{ratio:.2f}" for ratio in ratios("jax"))
    e, f, g, h = (f"{ratio:.1f}" for ratio in ratios("torch"))
    return (
        f"A step on JAX takes {a} and {b} times TensorFlow's at 28 px, and {c} and {d} times "
        f"at 56; one on PyTorch {e}, {f}, {g} and {h} times."
    )


def operations() -> str:
    """Operations of a step, and the share of the machine's peak."""
    small, large = (
        row("step-tensorflow", px=px, batch=16, fades="no")["GFLOP a step"] for px in (28, 56)
    )
    tensorflow, jax, torch = (
        between([r["share of peak"] for r in rows(f"step-{name}")])
        for name in ("tensorflow", "jax", "torch")
    )
    return (
        f"A step of `wgan-gp` is {small:.1f} and {large:.1f} GFLOP (batches of 16, 28 and 56 "
        f"px): {tensorflow} of a matrix product's rate on TensorFlow, {jax} on JAX, {torch} on "
        "PyTorch."
    )


def start() -> str:
    """How long until something is there."""
    what = ("first line", "fakes_init.png", "first sheet of fakes")
    soon = [f"{row('start', what=f'ganzoo train: {w}')['median']:.1f}" for w in what]
    first = [
        f"{row('start', what=f'ganzoo train, ever first: {w}')['median']:.1f}" for w in what
    ]
    help_text = row("start", what="ganzoo --help")["median"]
    return (
        f"`ganzoo train` says its first line after {soon[0]} s and writes `fakes_init.png` "
        f"after {soon[1]} and a sheet of fakes after {soon[2]}; {first[0]}, {first[1]} and "
        f"{first[2]} s where it first has to draw the data set. Help takes {help_text:.2f} s."
    )


def memory() -> str:
    """Peaks, rounded up to ten MiB."""

    def peak(backend: str, batch: int, images: int) -> float:
        return row("memory", backend=backend, batch=batch, images=images)["peak, MiB"]

    backends = ("tensorflow", "jax", "torch")
    small, large = ([_ten(peak(b, n, 1400)) for b in backends] for n in (16, 256))
    more = [_ten(peak(b, 16, 56000) - peak(b, 16, 1400)) for b in backends]
    return (
        f"A training takes about {small[0]} MiB of memory on TensorFlow, {small[1]} on JAX and "
        f"{small[2]} on PyTorch at most (28 to 56 px, batches of 16, 1,400 images), and "
        f"{large[0]}, {large[1]} and {large[2]} with batches of 256. 54,600 images more, which "
        f"are 163 MiB, add {more[0]}, {more[1]} and {more[2]}."
    )


def _ten(value: float) -> str:
    return f"{round(value, -1):,.0f}"


def streaming() -> str:
    """Images read from disk."""
    disk = row("streaming", way="streamed")
    rates = [
        row("streaming", way=f"decoded anew, {w}")["images/s"] for w in ("tf.data", "Pillow")
    ]
    return (
        f"A step on images read from disk takes {spread(disk)} times as long as on those in "
        f"memory; they come at {disk['images/s']:,.0f} a second, where tf.data decodes "
        f"{rates[0]:,.0f} PNG files and Pillow {rates[1]:,.0f}."
    )


def devices() -> str:
    """Two devices in one run."""
    efficiency = between([r["efficiency"] for r in rows("devices")])
    return (
        f"Two devices of a core each train {efficiency} "
        "times as fast as their cores would apart"
    )


def full() -> str:
    """The end of the one run of the full preset."""
    lines = (RESULTS / "full.jsonl").read_text(encoding="utf-8").splitlines()
    end = json.loads(lines[-1])
    return (
        f"in the end all {end['modes']} forms, {end['recognised']:.2f} recognised, KID "
        f"{end['kid']:.3f}, coverage {end['coverage']:.2f}, near-copies "
        f"{end['near_copies']:.2f}."
    )


def first_run() -> str:
    """What `ganzoo evaluate` says of the run in the README's picture."""
    end = json.loads((ROOT / "docs" / "growth.json").read_text(encoding="utf-8"))
    return (
        f"{end['verdict']}, all {end['modes']} forms, {100 * end['recognised']:.0f} % of "
        f"{end['count']:,} samples recognised, KID {end['kid']:.3f}, coverage "
        f"{end['coverage']:.2f}. {100 * end['near_copies']:.0f} % of the samples are "
        "near-copies of another one"
    )


def of_runs(folder: str, cell: str, measure: str, form: str = ".2f") -> str:
    """The lowest and the highest final figure of a cell's runs."""
    runs = Results.read(RESULTS / folder).of(cell)
    low, high = (f"{f(run.measure(measure) for run in runs):{form}}" for f in (min, max))
    return low if low == high else f"{low} to {high}"


GROWN, CRITIC = "non-saturating", "wgan-gp"


def comparisons() -> Iterator[str]:
    """What the table of comparisons says of each."""
    recognised, coverage = (
        [of_runs("shapes", cell, measure) for cell in (GROWN, CRITIC)]
        for measure in ("recognised", "coverage")
    )
    yield (
        f"{recognised[0]} and {recognised[1]} recognised (real "
        f"{_floor('shapes', 'recognised')}), coverage {coverage[0]} and {coverage[1]}"
    )
    recognised, coverage, copies = (
        [of_runs("digits", cell, measure) for cell in (GROWN, CRITIC)]
        for measure in ("recognised", "coverage", "near_copies")
    )
    yield (
        f"{recognised[0]} and {recognised[1]} recognised (real "
        f"{_floor('digits', 'recognised')}), coverage {coverage[0]} and {coverage[1]}, "
        f"near-copies {copies[0]} and {copies[1]}."
    )
    low, high = (of_runs("categories-96", cell, "coverage") for cell in (CRITIC, GROWN))
    yield f"coverage {low} and {high}. Made as `benchmarks/results/shapes`"
    for cell, note in ((CRITIC, " with 96"), (GROWN, "")):
        kid, before = (of_runs(f"categories-{n}", cell, "kid", ".3f") for n in (24, 96))
        coverage = of_runs("categories-24", cell, "coverage")
        yield f"`{cell}`: KID {kid} ({before}{note}), coverage {coverage}"
    recognised, coverage = (
        [of_runs("letters", cell, measure) for cell in (GROWN, CRITIC)]
        for measure in ("recognised", "coverage")
    )
    yield (
        f"{recognised[0]} and {recognised[1]} recognised (real "
        f"{_floor('letters', 'recognised')}), coverage {coverage[0]} and {coverage[1]}"
    )


def zoo() -> str:
    """Losses with clipped gradients at the quick preset."""
    recognised, coverage = (
        [of_runs("zoo", cell, measure, ".3f") for cell in ("f-gan", "softmax-gan", CRITIC)]
        for measure in ("recognised", "coverage")
    )
    return (
        f"`f-gan` and `softmax-gan`: all forms, {recognised[0]} and {recognised[1]} "
        f"recognised, coverage {coverage[0]} and {coverage[1]}; `wgan-gp` "
        f"{recognised[2]} and {coverage[2]}"
    )


def clipping() -> Iterator[str]:
    """Rows of trials at seed 1 whose gradients are as they are, and clipped to 1."""
    with (RESULTS / "trials.csv").open(encoding="utf-8", newline="") as file:
        trials = [row for row in csv.DictReader(file) if row["seed"] == "1"]
    default = "adam:learning_rate=0.002,beta_1=0.0,beta_2=0.99"
    for what, optimizer in (
        ("as they are", default),
        ("clipped", f"{default},global_clipnorm=1.0"),
    ):
        for row in trials:
            if row["optimizer"] == optimizer and row["penalties"].count("gamma=0.3") == 2:
                figures = (f"{float(row[k]):{form}}" for k, form in SHOWN.items())
                yield f"| {what} | {row['verdict']} | {' | '.join(figures)} |"


SHOWN = {"modes": ".0f", "recognised": ".3f", "frechet": ".2f", "coverage": ".3f"}


def _floor(folder: str, measure: str) -> str:
    return f"{Results.read(RESULTS / folder).settings['floor'][measure]:.2f}"


def sentences() -> dict[str, list[str]]:
    """By document."""
    made = (peers, loops, recorded, steps, operations, start, memory, streaming, devices, full)
    return {
        "README.md": [first_run()],
        "benchmarks/README.md": [*(make() for make in made), *comparisons(), zoo()],
        "docs/recommendations.md": list(clipping()),
    }


def missing() -> list[str]:
    """Sentences that do not stand where they should."""
    return [
        f"{document}: {sentence}"
        for document, said in sentences().items()
        for sentence in said
        if sentence not in " ".join((ROOT / document).read_text(encoding="utf-8").split())
    ]


if __name__ == "__main__":
    for name, said in sentences().items():
        print(f"{name}\n  - " + "\n  - ".join(said))
    if lost := missing():
        sys.exit("\nNot there:\n" + "\n".join(lost))
