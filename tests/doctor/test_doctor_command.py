"""`ganzoo doctor` as a person runs it."""

import json
import os
import subprocess
import sys

from click.testing import CliRunner

import ganzoo
from ganzoo.cli import main
from ganzoo.doctor import backends, machine


def doctor(*options, **environment):
    command = [sys.executable, "-m", "ganzoo", "doctor", *options]
    environment = os.environ | environment
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_a_sound_machine(tmp_path):
    done = doctor("--backend", "tensorflow", "--json", GANZOO_CACHE=str(tmp_path / "cache"))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["machine"]["ganzoo"].startswith(ganzoo.__version__)
    assert found["machine"]["cache"] == f"{tmp_path / 'cache'}, which is made when it is needed"
    (report,) = found["backends"]
    assert report["is_well"] and report["device"] and len(report["errors"]) == 5


def test_a_backend_that_does_not_run_is_one_line_and_exit_1(tmp_path):
    (tmp_path / "jax").mkdir()
    (tmp_path / "jax" / "__init__.py").write_text("raise ImportError('no driver')\n")
    done = doctor("--backend", "jax", PYTHONPATH=str(tmp_path))
    assert done.returncode == 1
    assert "  does not run: ImportError: no driver\n" in done.stdout
    assert done.stderr == "Error: Do not train with jax here: see the lines above.\n"


def test_a_backend_that_ganzoo_cannot_use_is_a_line_of_the_report(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "theano")
    assert machine.facts()["backend"].startswith("none: ganzoo trains on tensorflow, ")


def test_an_error_without_bounds_is_null_in_json(monkeypatch):
    report = backends.Report("jax", "0.1", "gpu", "float32", {"matrix product": float("inf")})
    monkeypatch.setattr(backends, "reports", lambda names: [report] if "jax" in names else [])
    done = CliRunner().invoke(main, ["doctor", "--json"])
    assert done.exit_code == 1
    found = json.JSONDecoder().raw_decode(done.stdout)[0]
    assert found["backends"][0]["errors"] == {"matrix product": None}
