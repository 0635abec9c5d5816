"""`benchmarks/release.py` makes a folder that can be checked, read and played."""

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import ganzoo
from ganzoo.cli import main

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "release.py"


def release(*arguments):
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.thorough
def test_each_run_becomes_a_folder_with_card_weights_onnx_and_checksums(tmp_path):
    pytest.importorskip("safetensors")
    onnxruntime = pytest.importorskip("onnxruntime")
    pytest.importorskip("tf2onnx")
    for condition in (None, "labels"):
        trainer = ganzoo.Trainer(
            condition=condition,
            architecture="progressive-dcgan:width=4,latent_size=32",
            schedule="8:0.064",
            per_class=2,
            batch=8,
            tick=0.064,
            snap=0.064,
        )
        trainer.train(trainer.new_run(tmp_path / "runs"))
    runs = sorted((tmp_path / "runs").iterdir())
    out = tmp_path / "release"
    done = release(*runs, "--out", out, "--owner", "somebody")
    assert done.returncode == 0 and "2 generators" in done.stdout, done.stderr
    names = ["unown-non-saturating", "unown-non-saturating-labels"]
    lines = (out / "SHA256SUMS").read_text().splitlines()
    sums = dict(reversed(line.split("  ")) for line in lines)
    found = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert found == {*sums, "SHA256SUMS"}
    for name, expected in sums.items():
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == expected
    for name, run in zip(names, runs, strict=True):
        assert f"# somebody/{name}" in (out / name / "README.md").read_text(encoding="utf-8")
        session = onnxruntime.InferenceSession(str(out / name / "generator.onnx"))
        assert session.get_modelmeta().custom_metadata_map["run"] == run.name
        options = ["pull", str(out / name), "--outdir", str(tmp_path / "pulled")]
        result = CliRunner().invoke(main, options)
        assert result.exit_code == 0, result.output
        pulled = ganzoo.load(tmp_path / "pulled" / name)
        assert np.array_equal(pulled.sample(4), ganzoo.load(run).sample(4))
    assert "| labels |" in (out / "README.md").read_text(encoding="utf-8")
    again = release(*runs, "--out", out)
    assert again.returncode == 2 and "is there already" in again.stderr
