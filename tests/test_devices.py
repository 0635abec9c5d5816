"""Several devices that share a batch train the weights that one device trains."""

import functools
import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import ganzoo.backend
from ganzoo.training import checkpoint
from ganzoo.training.run import Run

REPLICAS = str(Path(__file__).with_name("replicas.py"))
TORCHRUN = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
# Processes do not share the spread and the likeness of the whole batch; JAX's devices do.
WITHOUT = "latent_size=8,minibatch_stddev=False,similarities=0"
ARCHITECTURES = {"jax": "latent_size=8", "torch": WITHOUT, "tensorflow": WITHOUT}
pytestmark = pytest.mark.backends(
    "jax"
)  # In one process. Two of PyTorch wait actively for each other.
HERE = ganzoo.backend.name


def start(*arguments, folder, backend, **environment):
    """A Python process on a backend."""
    return subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        cwd=folder,
        env=os.environ | {"KERAS_BACKEND": backend, "OMP_NUM_THREADS": "1"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def end(*processes):
    """The exit codes, and what was written to standard error."""
    try:
        errors = [process.communicate(timeout=300)[1] for process in processes]
    finally:  # One that waits for another would wait for ever.
        for process in processes:
            process.kill()
    return [process.returncode for process in processes], errors


def two_devices(backend):
    """The environments of the processes that are two devices together."""
    if backend == "jax":
        return [{"XLA_FLAGS": "--xla_force_host_platform_device_count=2"}]
    with socket.socket() as one, socket.socket() as other:
        for free in (one, other):
            free.bind(("127.0.0.1", 0))
        ports = [str(free.getsockname()[1]) for free in (one, other)]
    if backend == "torch":
        shared = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": ports[0]}
        return [shared | {"RANK": rank, "LOCAL_RANK": rank} for rank in "01"]
    if backend == "jax on two hosts":
        shared = {
            "KERAS_DISTRIBUTION_JOB_ADDRESSES": f"127.0.0.1:{ports[0]}",
            "KERAS_DISTRIBUTION_NUM_PROCESSES": "2",
        }
        return [shared | {"KERAS_DISTRIBUTION_PROCESS_ID": rank} for rank in "01"]
    cluster = {"worker": [f"127.0.0.1:{port}" for port in ports]}
    tasks = [{"type": "worker", "index": rank} for rank in range(2)]
    return [{"TF_CONFIG": json.dumps({"cluster": cluster, "task": task})} for task in tasks]


def start_two(*arguments, folder, backend):
    """Two devices: one process on JAX, two on the other backends."""
    name = backend.partition(" ")[0]
    return [
        start(*arguments, folder=folder, backend=name, **environment)
        for environment in two_devices(backend)
    ]


@pytest.fixture(scope="module")
def play(tmp_path_factory):
    """`play(backend, start)`: the arrays of `replicas.py` by file."""

    def run(backend, count, start):
        folder = tmp_path_factory.mktemp("replicas")
        architecture = ARCHITECTURES[backend.partition(" ")[0]]
        processes = start(REPLICAS, folder, count, architecture, folder=folder, backend=backend)
        codes, errors = end(*processes)
        assert set(codes) == {0}, errors
        return {path.stem: dict(np.load(path)) for path in folder.glob("*.npz")}

    return run


@pytest.fixture(scope="module")
def on_one(play):
    """The arrays of one device, by backend."""
    return functools.cache(lambda name: play(name, 1, lambda *a, **o: [start(*a, **o)]))


PLACES = [HERE]
if HERE == "jax":
    PLACES += [pytest.param("jax on two hosts", marks=pytest.mark.thorough)]


@pytest.fixture(scope="module", params=PLACES)
def played(request, play, on_one):
    """The arrays of one device, and of two."""
    how = start_two
    if request.param == "torch":  # As a person starts them.
        how = lambda *a, **o: [start(*TORCHRUN, *a, **o)]  # noqa: E731
    return on_one(request.param.partition(" ")[0]), play(request.param, 2, how)


def test_two_devices_give_the_weights_of_one(played):
    # Wasserstein with penalties, one that draws random numbers, one that remembers; fading.
    one, two = played
    assert one["after"].keys() == two["after"].keys()
    assert 0 < one["after"]["fade"] == two["after"]["fade"]
    assert one["after"]["images_seen"] == two["after"]["images_seen"] == 48
    for name in ("memory/lecam/reals", "memory/lecam/fakes"):
        assert one["after"][name] == pytest.approx(two["after"][name], rel=1e-3, abs=1e-5)
        assert abs(one["after"][name]) > 1e-3
    for name in one["after"]:
        if not name.startswith(("generator/", "discriminator/", "ema/")):
            continue
        before, after = one["before"][name], one["after"][name]
        np.testing.assert_allclose(two["after"][name], after, rtol=0, atol=1e-5, err_msg=name)
        if name.endswith("kernel"):
            assert np.abs(after - before).max() > 1e-3, name


def test_figures_are_those_of_the_whole_batch(played):
    sums, steps = "metrics/figures/sums", "metrics/figures/steps"
    one, two = (arrays["after"] for arrays in played)
    assert one[steps] == two[steps] == 6
    assert len(one[sums]) == 8 and np.abs(one[sums]).min() > 1e-4
    np.testing.assert_allclose(two[sums], one[sums], rtol=1e-5, atol=1e-5)


def test_each_device_has_rows_of_its_own(played):
    one, two = played
    halves = [two["share0"], two["share1"]]
    for name, tolerance in (("latents", 0), ("fakes", 1e-6)):
        assert np.abs(halves[0][name] - halves[1][name]).max() > 0.01
        both = np.concatenate([half[name] for half in halves])
        np.testing.assert_allclose(both, one["share0"][name], rtol=0, atol=tolerance)


@pytest.fixture(scope="module")
def options(tmp_path_factory):
    """Of a training that takes a moment: 32 steps of 8 images at 8 px."""
    data = tmp_path_factory.mktemp("data") / "noise.npy"
    np.save(data, np.random.default_rng(0).integers(0, 256, (32, 8, 8), np.uint8))
    return [
        *("--data", data, "--schedule", "8:0.256", "--batch", "8", "--loss", "hinge"),
        *("--arch", "progressive-dcgan:width=4,latent_size=8", "--tick", "0.064"),
        *("--snap", "0.128"),
    ]


def train(*arguments, folder, backend=HERE):
    """The processes of a training on two devices."""
    command = ["-m", "ganzoo", "train", "--devices", "2", *arguments]
    return start_two(*command, folder=folder, backend=backend)


def arrays(run):
    return checkpoint.load(run.checkpoints[-1])[0]


@pytest.mark.thorough  # On one device `training/test_resume.py` does.
def test_a_run_on_two_devices_stops_and_resumes_bit_for_bit(options, tmp_path):
    whole = train(*options, "--outdir", "whole", folder=tmp_path)
    codes, errors = end(*whole)
    assert set(codes) == {0}, errors
    assert not any("kimg" in error for error in errors[1:])  # The others are silent.
    expected = Run.open(tmp_path / "whole" / "00000-noise-hinge")
    assert [path.name for path in (tmp_path / "whole").iterdir()] == ["00000-noise-hinge"]
    assert checkpoint.load(expected.checkpoints[-1])[1]["devices"] == 2

    stopped = train(*options, "--outdir", "stopped", folder=tmp_path)
    for line in stopped[0].stderr:
        if re.match(r" *[\d.]+ +\d+ +[01]\.\d\d ", line):  # A row of figures.
            stopped[-1].send_signal(signal.SIGTERM)  # Not to the process that saves.
            break
    codes, errors = end(*stopped)
    assert set(codes) == {143}, errors
    run = Run.open(tmp_path / "stopped" / "00000-noise-hinge")
    assert checkpoint.load(run.checkpoints[-1])[1]["step"] < 32 and not run.is_over

    codes, errors = end(*train("--resume", run.path, folder=tmp_path))
    assert set(codes) == {0}, errors
    ours, theirs = arrays(run), arrays(expected)
    assert all(np.array_equal(ours[name], theirs[name]) for name in ours | theirs)


@pytest.mark.thorough  # On one device `training/test_divergence.py` does.
def test_processes_diverge_together(options, tmp_path):
    optimizer = ("--optimizer", "sgd:learning_rate=1e30")
    backend = "jax on two hosts" if HERE == "jax" else HERE
    codes, errors = end(*train(*options, *optimizer, folder=tmp_path, backend=backend))
    assert codes == [1, 1]
    assert "The run diverged" in errors[0] and "diverged" not in errors[1]
    run = Run.open(tmp_path / "runs" / "00000-noise-hinge")
    assert run.result["status"] == "diverged"


WRONG = {
    "tensorflow": [(["--devices", "2"], "--backend jax --devices 2, and torchrun")],
    "torch": [(["--devices", "2"], "torchrun --nproc-per-node 2 -m ganzoo")],
    "jax": [
        (["--devices", "3"], "device_count=3"),
        (["--devices", "2", "--batch", "9"], "a multiple of 2"),
        (["--devices", "2", "--model", "pix2pix"], "'pix2pix' trains on one device"),
    ],
}


@pytest.mark.backends("tensorflow", "jax", "torch")
@pytest.mark.parametrize(("arguments", "advice"), WRONG[HERE])
def test_what_cannot_be_shared_is_one_clear_line(options, tmp_path, arguments, advice):
    command = ["-m", "ganzoo", "train", *options, *arguments]
    environment = two_devices(HERE)[0] if HERE == "jax" else {}
    codes, (error,) = end(start(*command, folder=tmp_path, backend=HERE, **environment))
    assert codes == [2]
    line = error.splitlines()[-1]  # TensorFlow may have spoken before.
    assert line.startswith("Error: ") and advice in line and "Traceback" not in error
    assert not (tmp_path / "runs").exists()
