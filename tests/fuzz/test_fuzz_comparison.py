"""Damaged comparisons end in a report or in one line, never in a traceback or a hang.

A few examples run with the other tests; `GANZOO_FUZZ=2000` runs as many, drawn anew each time.
"""

import contextlib
import importlib.util
import json
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ganzoo.comparison.report.page import write_report
from ganzoo.comparison.runs import run_files
from ganzoo.comparison.runs.columns import read_csv, write_csv
from ganzoo.comparison.runs.grid import read_toml
from ganzoo.comparison.runs.rows import RUN_COLUMNS, RunRow
from ganzoo.errors import InputError
from ganzoo.training.run import Run

# Comparisons without trainings, as the tests of `ganzoo.comparison` draw them.
DRAWN = Path(__file__).parents[1] / "comparison" / "conftest.py"
spec = importlib.util.spec_from_file_location("drawn", DRAWN)
drawn = importlib.util.module_from_spec(spec)
spec.loader.exec_module(drawn)

EXAMPLES = int(os.environ.get("GANZOO_FUZZ", "0"))
LONGEST = 3000  # characters of a message
WHOLE = ("comparison.json", "results.csv", "curves.csv")
ODD_TEXTS = [
    "",
    " ",
    "=1+1",
    "-",
    "nan",
    "inf",
    "1e999",
    "9" * 5000,
    "\x00",
    "\x1b[31m",
    "a\nb",
]
ODD_TEXTS += ["\ud800", "'", '"', ",", "1;2", "-1", "0", "1e300", "../x", "<script>", "{{ x }}"]
NESTED = "[" * 100_000


def fuzz(few):
    return settings(
        max_examples=EXAMPLES or few,
        derandomize=not EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


numbers = st.one_of(
    st.integers(-3, 40),
    st.sampled_from([10**30, -(10**4000), 10**400, 2**63]),
    st.floats(allow_nan=True, allow_infinity=True),
)
texts = st.one_of(st.sampled_from(ODD_TEXTS), st.text(max_size=8))
odd = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)


def damaged_bytes(draw, content):
    """Bytes of which some are missing, others, twice, or cut off."""
    start = draw(st.integers(0, len(content)))
    end = draw(st.integers(start, min(len(content), start + 40)))
    middle = draw(
        st.one_of(
            st.binary(max_size=12),
            st.just(content[start:end] * 2),
            st.sampled_from([text.encode("utf-8", "replace") for text in ODD_TEXTS]),
        )
    )
    rest = content[end:] if draw(st.booleans()) or draw(st.booleans()) else b""
    return content[:start] + middle + rest


def damaged_json(draw, content):
    found = json.loads(content)
    key = draw(st.sampled_from([*found, "more"]))
    value = found.get(key)
    if draw(st.booleans()):
        found.pop(key, None)
    elif isinstance(value, list) and value and draw(st.booleans()):
        value[draw(st.integers(0, len(value) - 1))] = draw(odd)
    else:
        found[key] = draw(odd)
    return json.dumps(found).encode("utf-8", "surrogatepass")


def damaged_csv(draw, content):
    lines = [line.split(",") for line in content.decode().splitlines()]
    row = draw(st.integers(0, len(lines) - 1))
    field = draw(st.integers(0, len(lines[row]) - 1))
    match draw(st.sampled_from(["field", "field", "field", "row", "column", "order"])):
        case "field":
            text = draw(texts | numbers.map(lambda n: json.dumps(n)[:6000]))
            lines[row][field] = text
        case "row":
            lines.insert(row, lines[draw(st.integers(0, len(lines) - 1))])
        case "column":
            lines = [line[:field] + line[field + 1 :] for line in lines]
        case "order":
            lines = [lines[0], *lines[:0:-1]]
    return "\n".join(map(",".join, lines)).encode("utf-8", "surrogatepass")


def replace(draw, path, outside):
    """Something else in the place of a file or a folder."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    match draw(
        st.sampled_from(["missing", "folder", "link", "circle", "pipe", "huge", "nested"])
    ):
        case "folder":
            path.mkdir()
        case "link":
            path.symlink_to(outside)
        case "circle":
            path.symlink_to(path)
        case "pipe":
            os.mkfifo(path)
        case "huge":
            with path.open("wb") as file:
                file.truncate(2**40)
        case "nested":
            path.write_text(NESTED)


def damage(draw, folder, outside):
    sheets = sorted((folder / "samples").glob("*.png")) if (folder / "samples").is_dir() else []
    files = [folder / name for name in WHOLE if (folder / name).is_file()]
    files = [path for path in [*files, *sheets] if path.is_file() and not path.is_symlink()]
    files = [path for path in files if 0 < path.stat().st_size < 2**20]
    kind = draw(st.sampled_from(["bytes", "values", "values", "values", "replace"]))
    if kind == "replace" or not files:
        places = [path for path in (*files, folder / "samples") if path.exists()]
        places = [path for path in places if not path.is_symlink()]
        if places:
            replace(draw, draw(st.sampled_from(places)), outside)
        return
    path = draw(st.sampled_from(files))
    change = {".json": damaged_json, ".csv": damaged_csv}.get(path.suffix, damaged_bytes)
    if kind == "bytes":
        change = damaged_bytes
    with contextlib.suppress(ValueError, AttributeError, IndexError, RecursionError):
        path.write_bytes(change(draw, path.read_bytes()))


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A comparison of two cells and two seeds, one of which broke off."""
    path = tmp_path_factory.mktemp("small")
    cells = {"wgan-gp": {}, "its, other": {"worse": 4.0, "growth": "direct", "loss": "wgan-gp"}}
    results = drawn.make(cells, seeds=2, failed=[("wgan-gp", 1)])
    results.write(path)
    drawn.draw_samples(results, path)
    return path


@fuzz(few=10)
@given(data=st.data(), count=st.integers(1, 3))
def test_a_damaged_folder_gives_a_report_or_one_line(small, data, count):
    with tempfile.TemporaryDirectory() as top:
        folder, outside = Path(top) / "comparison", Path(top) / "outside"
        shutil.copytree(small, folder)
        outside.write_bytes((folder / "results.csv").read_bytes())
        before = outside.read_bytes()
        for _ in range(count):
            damage(data.draw, folder, outside)
        try:
            summary, paths = write_report(folder)
        except InputError as error:
            assert len(" ".join(str(error).split())) < LONGEST
            assert not (folder / "report.html").exists()
        else:
            json.dumps(summary.as_json(), allow_nan=False)
            assert all(path.read_text(encoding="utf-8") for path in paths)
        assert outside.read_bytes() == before and sorted(os.listdir(top))[-1] == "outside"


RESULT = {"status": "done", "step": 10, "kimg": 0.08, "seconds": 1.5, "reason": "x"}
RESULT |= {"measures": {"kid": 0.1, "histogram": [1, 2], "count": 3, "verdict": "healthy"}}
LINE = {
    "step": 5,
    "kimg": 0.04,
    "seconds": 1.0,
    "kid": 0.5,
    "count": 3,
    "features": "ab",
    "floor": {"kid": 0},
}


@fuzz(few=60)
@given(data=st.data())
def test_a_damaged_run_is_missing_or_a_row_that_can_be_written(data):
    draw = data.draw
    with tempfile.TemporaryDirectory() as top:
        run = Run(Path(top) / "run")
        run.path.mkdir()
        files = {"result.json": RESULT, "metrics.jsonl": LINE}
        files |= {
            "machine.json": {"device": "cpu", "hardware": "h"},
            "failure.json": {"reason": "r"},
        }
        for name, content in files.items():
            raw = json.dumps(content).encode()
            change = draw(st.sampled_from([damaged_json, damaged_bytes, None]))
            (run.path / name).write_bytes(change(draw, raw) if change else raw)
        (run.path / "worker.log").write_bytes(draw(st.binary(max_size=40)))
        known = {"cell": "c", "settings": {"loss": "l", "penalties": "", "architecture": "a"}}
        known |= {"growth": "direct", "seed": 0}
        row = RunRow(**known, status="failed", reason=run_files.last_words(run.path, -9))
        if found := run_files.result(run):
            found.pop("step")
            row = RunRow(**(known | found))
        for each in run_files.snapshots(run):
            assert each["kimg"] >= 0 and each["seconds"] >= 0
        machine = run_files.machine(run)
        assert machine is None or all(isinstance(text, str) for text in machine.values())
        assert run_files.failure(run)
        write_and_read(Path(top), row)


def write_and_read(folder, row):
    values = vars(row) | row.settings | row.measures
    values |= {"histogram": ";".join(map(str, row.histogram))}
    write_csv(folder / "results.csv", RUN_COLUMNS, [values])
    (again,) = read_csv(folder / "results.csv", RUN_COLUMNS)
    assert again["reason"] == row.reason and again["kid"] == row.measures.get("kid")


TOML = """seeds = "0-1"
preset = "quick"
batch = 8
[[cells]]
name = "one"
loss = "hinge"
penalties = ["r1:gamma=1"]
ema = 1.5
[[cells]]
loss = "wgan"
growth = "direct"
"""


@fuzz(few=200)
@given(data=st.data())
def test_a_damaged_toml_file_gives_cells_or_one_line(data):
    draw = data.draw
    with tempfile.TemporaryDirectory() as top:
        path = Path(top) / "comparison.toml"
        content = TOML.encode()
        for _ in range(draw(st.integers(1, 3))):
            content = damaged_bytes(draw, content)
        path.write_bytes(content)
        try:
            cells, common = read_toml(path)
        except InputError as error:
            assert len(" ".join(str(error).split())) < LONGEST
        else:
            assert cells and all(cell.keywords(common, 0)["seed"] == 0 for cell in cells)
