"""Runs as Ray tasks, on a real local cluster, one worker of which is killed."""

import subprocess
import sys

import pytest

ray = pytest.importorskip("ray", reason="Ray is not installed")

SETTINGS = {
    "data": "unown",
    "schedule": "28:0.08",
    "architecture": "progressive-dcgan:width=4,latent_size=8",
    "batch": 8,
    "per_class": 8,
    "tick": 0.04,
    "snap": 0.04,
}
# Kills the training process of a run as soon as it has written a line of figures.
KILLER = """
import os, pathlib, signal, subprocess
while not pathlib.Path("{log}").exists():
    os.sched_yield()
found = subprocess.check_output(["pgrep", "-f", "[w]orker {run}"], text=True)
os.kill(int(found.split()[0]), signal.SIGKILL)
"""


@pytest.fixture
def paths(tmp_path):
    """Two runs that are ready to train."""
    from ganzoo.comparison.runs.grid import product
    from ganzoo.comparison.runs.plan import make_plans
    from ganzoo.data import load

    images = load("unown", 28, 8)
    plans = make_plans(product({"loss": ["hinge", "lsgan"]}), [0], SETTINGS, tmp_path, images)
    for plan in plans:
        plan.prepare()
    return [plan.path for plan in plans]


@pytest.fixture(autouse=True)
def stop_ray(monkeypatch):
    monkeypatch.setenv("RAY_AUTH_MODE", "disabled")
    yield
    ray.shutdown()


@pytest.mark.thorough
def test_a_task_whose_worker_is_killed_is_tried_again_and_ends(paths):
    from ganzoo.comparison.runs.ray_tasks import RayPool
    from ganzoo.training.run import Run

    ended = {}
    killed = []

    def started(path):
        if not killed:
            killer = KILLER.format(log=path / "losses.jsonl", run=path)
            killed.append(subprocess.Popen([sys.executable, "-c", killer]))

    RayPool("local", started, ended.__setitem__, cores=0.5).train(paths)
    assert killed[0].wait() == 0
    assert ended == dict.fromkeys(paths, 0)
    assert [Run(path).result["status"] for path in paths] == ["done", "done"]
