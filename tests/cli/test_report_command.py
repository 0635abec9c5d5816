"""`ganzoo report DIR` on a comparison that was trained nowhere."""

import importlib.util
import json
from pathlib import Path

import pytest


@pytest.fixture
def folder(tmp_path):
    path = Path(__file__).parents[1] / "comparison" / "conftest.py"
    spec = importlib.util.spec_from_file_location("drawn_comparisons", path)
    drawn = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(drawn)
    made = tmp_path / "comparison"
    made.mkdir()
    drawn.make({"good": 1.0, "crippled": 6.0}, seeds=8).write(made)
    return made


def test_report_writes_three_files_and_prints_the_table(ganzoo, folder):
    result = ganzoo("report", folder)
    assert result.exit_code == 0, result.output
    for name in ("report.html", "report.md", "table.tex"):
        assert (folder / name).stat().st_size > 500 and name in result.output
    assert "crippled made worse images than good" in " ".join(result.output.split())
    assert max(map(len, result.output.splitlines()[:12])) <= 80
    assert "real images" in result.output
    assert not list(folder.glob(".tmp-*"))


def test_report_prints_json(ganzoo, folder):
    found = json.loads(ganzoo("report", folder, "--json").output)
    assert [cell["name"] for cell in found["cells"]] == ["good", "crippled"]
    pair = found["pairs"][0]
    assert pair["finding"] == "separable" and pair["interval"][0] > 0
    assert 0 < pair["p"] <= pair["adjusted_p"] < 0.05
    assert len(found["cells"][0]["measures"]["kid"]["values"]) == 8


@pytest.mark.parametrize(
    "spoil, message",
    [
        (lambda folder: (folder / "comparison.json").unlink(), "holds no comparison.json"),
        (lambda folder: (folder / "results.csv").write_text("a,b\n"), "'cell' is missing"),
    ],
)
def test_an_unusable_folder_is_one_line(ganzoo, folder, spoil, message):
    spoil(folder)
    result = ganzoo("report", folder)
    assert result.exit_code == 2 and message in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not (folder / "report.html").exists()
