"""What `ganzoo evaluate` does with a RUN that translates images."""

import json
from typing import TYPE_CHECKING, Any

import click

from ganzoo.cli.notes import note
from ganzoo.cli.table import print_table
from ganzoo.cli.waiting import waiting

if TYPE_CHECKING:
    from ganzoo.training.run import Run


def evaluate_translation(
    run: "Run", source: str, count: int, checkpoint: str | None, as_json: bool
) -> None:
    """Score held-out images of each domain against the classes that both domains share.

    Raises:
        InputError: If the run's set of two domains does not know what its images show.
    """
    from functools import partial

    from ganzoo.metrics.translation_evaluator import TranslationEvaluator, source_of
    from ganzoo.samples import translate_bytes
    from ganzoo.training.trained import load_translators

    data = run.config["data"]
    source_of(data)  # Raises before anything is built.
    with waiting("Building the networks"):
        networks = load_translators(run, checkpoint)
    side = next(iter(networks.values())).input_shape[1]
    evaluator = TranslationEvaluator(data, side, run.config.get("per_class"), count, note)
    with waiting("Reading the real images"):
        a, b = evaluator.sets
    ways = {way: partial(translate_bytes, network) for way, network in networks.items()}
    result: dict[str, Any] = {"source": source, "data": data, "a": a.name, "b": b.name}
    _ = evaluator.domains  # Fits what judges them, and says so.
    with waiting("Translating"):
        result |= evaluator(ways)
    if as_json:
        click.echo(json.dumps(result))
    else:
        _show(result)


def _show(result: dict[str, Any]) -> None:
    names = {"a": result["a"], "b": result["b"]}
    for way in ("ab", "ba"):
        if way not in result:
            continue
        found, (start, end) = result[way], (names[letter] for letter in way)
        total = found["classes"]
        click.echo(f"{start} to {end}: {found['count']:,} held-out images")
        rows = [(f"shown as {end}", *_figures(found, "right", total), "")]
        if "returned" in found:
            apart = f"{found['returned_difference']:.3f}"
            rows.append((f"and back as {start}", *_figures(found, "returned", total), apart))
        if "difference" in found:
            rows.append((f"against the right {end}", "", "", f"{found['difference']:.3f}"))
            rows.append(("the same untranslated", "", "", f"{found['untranslated']:.3f}"))
        columns = {"": None, "images right": None, "classes right": None, "difference": None}
        print_table(columns, rows)
        _show_wrong(found["by_class"])


def _figures(found: dict[str, Any], key: str, total: int) -> tuple[str, str]:
    return f"{found[key]:.1%}", f"{found[f'classes_{key}']} of {total}"


def _show_wrong(by_class: dict[str, Any]) -> None:
    wrong = [
        f"{name} ({own['right']:.0%}; most: {own['most'] or 'no class'})"
        for name, own in by_class.items()
        if own["right"] <= 0.5
    ]
    if wrong:
        click.echo(f"Classes that are right for half or fewer: {', '.join(wrong)}")
    click.echo()
