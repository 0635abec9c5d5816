"""The comparison's folder: round trips, pandas, and messages about what is wrong."""

import csv
import json
import os
import re
from dataclasses import replace

import pytest

from ganzoo.comparison.report.tables import measures_table
from ganzoo.comparison.runs.results import Results, sample_path
from ganzoo.comparison.runs.rows import CURVE_COLUMNS, NEW, RUN_COLUMNS
from ganzoo.comparison.runs.settings import KEYS
from ganzoo.comparison.statistics.summary import Summary
from ganzoo.errors import InputError
from ganzoo.metrics.measures import MEASURES


def test_round_trip(folder, tmp_path):
    first = Results.read(folder)
    again = tmp_path / "again"
    again.mkdir()
    first.write(again)
    second = Results.read(again)
    assert first.runs == second.runs and first.curves == second.curves
    assert first.settings == second.settings
    for name in ("comparison.json", "results.csv", "curves.csv"):
        assert (folder / name).read_bytes() == (again / name).read_bytes()


def test_awkward_texts_survive_in_one_line(comparison, tmp_path):
    results = comparison(
        {'a, "b"; c': {"command": "x\n--y\t'z'", "penalties": "r1 gp"}}, seeds=1
    )
    results.write(tmp_path)
    run = Results.read(tmp_path).runs[0]
    assert run.cell == 'a, "b"; c' and run.command == "x --y 'z'"
    assert len((tmp_path / "results.csv").read_text().splitlines()) == 2


def test_a_path_that_is_no_utf_8_is_written_out(comparison, tmp_path):
    path = os.fsdecode(b"/data/p\xe9")
    results = comparison({"a": {"reason": path}}, seeds=1)
    replace(results, settings=results.settings | {"data": path}).write(tmp_path)
    again = Results.read(tmp_path)
    assert again.settings["data"] == "/data/p\\udce9" == again.runs[0].reason


def test_pandas_reads_numbers_as_numbers(comparison, tmp_path):
    pandas = pytest.importorskip("pandas")
    results = comparison({"a": 1.0, "b": 1.0}, failed=[("a", 1)], missing=[("b", 2)], seeds=3)
    results.write(tmp_path)
    runs = pandas.read_csv(tmp_path / "results.csv")
    curves = pandas.read_csv(tmp_path / "curves.csv")
    assert list(runs) == [c.name for c in RUN_COLUMNS]
    assert list(curves) == [c.name for c in CURVE_COLUMNS]
    for frame, columns in ((runs, RUN_COLUMNS), (curves, CURVE_COLUMNS)):
        for column in columns:
            if column.kind != "text":
                assert pandas.api.types.is_numeric_dtype(frame[column.name]), column.name
    assert runs["kid"].isna().sum() == 2
    first = next(run for run in results.runs if run.seed == 0)
    assert runs["kid"][0] == first.measures["kid"]
    assert sum(map(int, runs["histogram"][0].split(";"))) == 1000


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "much"])
def test_what_is_no_number_is_not_written(comparison, tmp_path, value):
    results = comparison({"a": 1.0}, seeds=1)
    bad = replace(results.runs[0], measures={"kid": value})
    with pytest.raises(InputError, match=r"results\.csv: 'kid'"):
        Results(results.settings, (bad,)).write(tmp_path)
    assert not list(tmp_path.iterdir())


def test_names_of_earlier_versions_are_read_as_those_of_today(folder):
    now = Results.read(folder)
    for name in ("results.csv", "curves.csv"):
        path = folder / name
        head, _, rows = path.read_text(encoding="utf-8").partition("\n")
        head = head.replace("modes", "forms").replace("fingerprint", "digest")
        path.write_text(f"{head}\n{rows}", encoding="utf-8")
    path = folder / "comparison.json"
    settings = json.loads(path.read_text(encoding="utf-8"))
    settings["floor"]["forms"] = settings["floor"].pop("modes")
    path.write_text(json.dumps(settings), encoding="utf-8")
    old = Results.read(folder)
    assert (old.runs, old.curves, old.settings) == (now.runs, now.curves, now.settings)
    path = folder / "results.csv"
    path.write_text(path.read_text().replace("forms,", "forms,modes,", 1))
    with pytest.raises(InputError, match="line 1: the column 'modes' stands twice"):
        Results.read(folder)


def test_folders_without_the_newer_figures_are_read_as_before(folder, tmp_path):
    whole = Results.read(folder)
    for name in ("results.csv", "curves.csv"):
        with (folder / name).open(newline="") as file:
            header, *rows = csv.reader(file)
        kept = [i for i, column in enumerate(header) if column not in NEW]
        assert len(header) - len(kept) == len(NEW) == 23
        with (folder / name).open("w", newline="") as file:
            csv.writer(file).writerows([row[i] for i in kept] for row in (header, *rows))
    older = Results.read(folder)
    for before, now in zip(whole.runs + whole.curves, older.runs + older.curves, strict=True):
        assert all(now.measures[name] is None for name in NEW)
        assert replace(now, measures=before.measures) == before
        same = before.measures.keys() - set(NEW)
        assert all(now.measures[name] == before.measures[name] for name in same)
    headings = [column.label for column in measures_table(Summary(older)).columns]
    assert "Memorisation" in headings and "Memorisation ±" not in headings
    older.write(tmp_path)
    assert Results.read(tmp_path).runs == older.runs


@pytest.mark.parametrize(
    "change, message",
    [
        (lambda s: s.pop("keras"), "'keras' is missing"),
        (lambda s: s.update(kears="3"), "'kears' is not known"),
        (lambda s: s.update(seeds=[0, 0]), "'seeds' names one of them twice"),
        (lambda s: s.update(seeds="0-4"), "'seeds' must be a list of integers"),
        (lambda s: s.update(reference="x"), "none of the cells"),
        (lambda s: s.update(growth=["fast"]), "'growth' must be"),
        (lambda s: s.update(floor={"fid": 1}), "'floor' must be"),
        (lambda s: s.update(format=2), "'format' must be 1"),
        (lambda s: s["cells"].append("more"), "'more', seed 0 has no row"),
    ],
)
def test_settings_are_checked(folder, change, message):
    path = folder / "comparison.json"
    settings = json.loads(path.read_text())
    change(settings)
    path.write_text(json.dumps(settings))
    with pytest.raises(InputError, match=re.escape(message)) as error:
        Results.read(folder)
    assert "\n" not in str(error.value) and str(folder) in str(error.value)


@pytest.mark.parametrize(
    "before, after, message",
    [
        ("kid", "fid", "line 1: the column 'kid' is missing"),
        ("kid", "vendi", "line 1: the column 'kid' is missing"),
        ("status", "vendi,status", "line 1: the column 'vendi' stands twice"),
        ("fingerprint\n", "fingerprint,more\n", "the column 'more' is not known"),
        (",done,", ",finished,", "line 2: 'status' must be done"),
        (",progressive,0,", ",progressive,zero,", "line 2: 'seed' must be an integer"),
        (",progressive,0,", ",progressive,9,", "seed 9 is not in comparison.json"),
        (",progressive,1,", ",progressive,0,", "has two rows"),
        (",210.0,", ",nan,", "line 2: 'kimg' must be a finite number"),
        (",210.0,", ",,", "must have 'kimg'"),
        ("width=16,,,progressive", "width=16,,,direct", "'growth' is"),
        ("healthy,,", "healthy,", "fields, not"),
    ],
)
def test_rows_are_checked(folder, before, after, message):
    path = folder / "results.csv"
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))
    with pytest.raises(InputError, match=re.escape(message)) as error:
        Results.read(folder)
    assert "\n" not in str(error.value)


def test_a_row_that_is_gone_is_noticed(folder):
    path = folder / "results.csv"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:-1]))
    with pytest.raises(InputError, match="'minimax', seed 4 has no row"):
        Results.read(folder)


def test_what_is_no_comparison(tmp_path, folder):
    for path, message in ((tmp_path / "no", "does not exist"), (tmp_path, "holds no")):
        with pytest.raises(InputError, match=message):
            Results.read(path)
    (folder / "curves.csv").unlink()
    with pytest.raises(InputError, match=r"There is no .*curves\.csv"):
        Results.read(folder)
    (folder / "comparison.json").write_text("{")
    with pytest.raises(InputError, match="cannot be read"):
        Results.read(folder)


def test_names_of_sheets_are_safe_and_differ():
    names = ["wgan-gp", "a/b", "a:b", "../../etc", "<script>", "é", "wgan-gp r1:gamma=0.1"]
    paths = [sample_path(name, 0) for name in names]
    assert len(set(paths)) == len(names)
    assert paths[0] == "samples/wgan-gp-0.png"
    assert all(re.fullmatch(r"samples/[A-Za-z0-9=+_-][A-Za-z0-9.=+_-]*\.png", p) for p in paths)


def test_every_measure_and_setting_is_explained():
    assert all(m.label and m.meaning.endswith(".") for m in MEASURES.values())
    assert all(setting.kind for setting in KEYS.values())
