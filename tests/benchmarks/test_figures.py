"""Sentences with figures stand in the texts as the files of results have them."""

import importlib.util
from pathlib import Path

import pytest

FILE = Path(__file__).parents[2] / "benchmarks" / "figures.py"


@pytest.fixture
def figures():
    spec = importlib.util.spec_from_file_location("figures", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_sentence_follows_from_a_file_of_results(figures):
    assert figures.missing() == []


def test_another_figure_is_found(figures, monkeypatch):
    rows = figures.rows
    monkeypatch.setattr(
        figures, "rows", lambda name: [r | {"efficiency": 0.5} for r in rows(name)]
    )
    (lost,) = figures.missing()
    assert lost.startswith(
        "benchmarks/README.md: Two devices of a core each train 0.50 to 0.50"
    )
