"""The real command line, in this process or in one of its own."""

import subprocess
import sys

import numpy as np
import pytest
from click.testing import CliRunner


@pytest.fixture(scope="session")
def squares(tmp_path_factory):
    """32 images of 16 x 16 as an .npz file."""
    images = np.zeros((32, 16, 16), np.uint8)
    for i, image in enumerate(images):
        image[i % 8 : i % 8 + 6, i // 8 : i // 8 + 9] = 255
    path = tmp_path_factory.mktemp("data") / "squares.npz"
    np.savez(path, images=images)
    return path


@pytest.fixture(scope="session")
def small(squares):
    """Options of a training that takes a moment: 20 steps of 8 images, 8 to 16 px."""
    return [
        *("--data", str(squares), "--schedule", "8:0.08,16:0.08:0.04", "--batch", "8"),
        *("--arch", "progressive-dcgan:width=4,latent_size=8", "--tick", "0.04"),
        *("--snap", "0.08", "--seed", "1", "--precision", "float32", "--loss", "wgan-gp"),
        *("--penalty", "r1:gamma=0.1"),  # At each step: a lazy one is another kind of step.
    ]


@pytest.fixture(scope="session")
def run(small, tmp_path_factory):
    """The folder of that training, for those who only read it."""
    from ganzoo.cli import main

    outdir = tmp_path_factory.mktemp("runs")
    result = CliRunner().invoke(main, ["train", *small, "--outdir", str(outdir)])
    assert result.exit_code == 0, result.output
    return outdir / "00000-squares-wgan-gp"


@pytest.fixture
def ganzoo(tmp_path, monkeypatch):
    """`ganzoo("list", "losses")` in this process, in an empty folder."""
    from ganzoo.cli import main

    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(main, [str(a) for a in arguments])


@pytest.fixture(scope="session")
def shell(tmp_path_factory):
    """The same as a process of its own; `start=True` gives it while it runs."""
    folder = tmp_path_factory.mktemp("shell")

    def run(*arguments, start=False, **options):
        command = [sys.executable, "-m", "ganzoo", *map(str, arguments)]
        kind = {"cwd": folder, "text": True, "stdout": subprocess.PIPE, **options}
        if start:
            return subprocess.Popen(command, stderr=subprocess.PIPE, **kind)
        return subprocess.run(command, stderr=subprocess.PIPE, timeout=300, **kind)

    run.folder = folder
    return run
