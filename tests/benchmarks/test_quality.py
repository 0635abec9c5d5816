"""`benchmarks/quality.py` reads the first moment at which a run was good enough."""

import json
import runpy
from pathlib import Path

import pytest

from ganzoo.errors import InputError

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def row(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return runpy.run_path(str(BENCHMARKS / "quality.py"))["row"]


def make_run(folder, *lines):
    keys = ("step", "kimg", "seconds", "modes", "kid")
    measured = [
        dict(zip(keys, (step, *line), strict=True)) | {"classes": 28}
        for step, line in enumerate(lines)
    ]
    (folder / "config.json").write_text("{}")
    text = "".join(json.dumps(line) + "\n" for line in measured)
    (folder / "metrics.jsonl").write_text(text)
    return str(folder)


def test_the_first_time_counts_and_never_is_none(row, tmp_path):
    run = make_run(tmp_path, (5, 10, 20, 0.2), (10, 21, 28, 0.04), (15, 33, 27, 0.012))
    found = row(run, [0.05, 0.02, 0.01])
    assert found["all modes"] == found["KID < 0.05"] == 21
    assert found["KID < 0.02"] == found["seconds"] == 33
    assert found["KID < 0.01"] is None
    assert (found["kimg"], found["modes"], found["KID"]) == (15, 27, 0.012)


def test_a_run_without_measures_is_refused_with_the_remedy(row, tmp_path):
    with pytest.raises(InputError, match="Train with --score"):
        row(make_run(tmp_path), [0.05])
