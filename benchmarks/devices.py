"""What a second device brings to one run, a core a device: seconds for a thousand images.

    python benchmarks/devices.py --out benchmarks/results/devices.json

One process of `ganzoo train` on one core, the same with both cores, and two devices with a
core each; each backend in turn, the last figures of each training. Linux only.
"""

import contextlib
import importlib.metadata
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from timing import arguments, publish

# The last thousand images have no checkpoint or picture among them.
GANZOO = ("-m", "ganzoo", "train", "--loss", "wgan-gp", "--schedule", "56:4")
GANZOO += ("--tick", "1", "--snap", "2.5")
TORCHRUN = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2")
CORES = (0, 1)
GIVE_UP = 900.0  # Seconds: a process whose partner has died may wait for ever.


def two_devices(backend: str) -> list[tuple[tuple[str, ...], dict[str, str]]]:
    """For each process that is to be started: words before ganzoo's, and its environment."""
    if backend == "jax":
        return [((), {"XLA_FLAGS": "--xla_force_host_platform_device_count=2"})]
    if backend == "torch":
        return [(TORCHRUN, {"OMP_NUM_THREADS": "1"})]
    with socket.socket() as one, socket.socket() as other:
        for free in (one, other):
            free.bind(("127.0.0.1", 0))
        cluster = {"worker": [f"127.0.0.1:{free.getsockname()[1]}" for free in (one, other)]}
    tasks = [{"type": "worker", "index": rank} for rank in range(2)]
    return [((), {"TF_CONFIG": json.dumps({"cluster": cluster, "task": t})}) for t in tasks]


def train(backend: str, batch: int, devices: int, cores: tuple[int, ...]) -> float:
    """Seconds for a thousand images at the end of a short training."""
    processes = two_devices(backend) if devices == 2 else [((), {})]
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as running:
        words = (*GANZOO, "--batch", str(batch), "--outdir", folder, "--backend", backend)
        said = running.enter_context(tempfile.TemporaryFile("w+"))
        started = []
        for index, (before, environment) in enumerate(processes):
            own = cores if len(processes) == 1 else (cores[index],)
            process = subprocess.Popen(
                [sys.executable, *before, *words, "--devices", str(devices)],
                env=os.environ | environment,
                preexec_fn=lambda own=own: os.sched_setaffinity(0, own),
                stderr=said,
                start_new_session=True,
            )
            running.callback(end, process)
            started.append(process)
        if any(process.wait(GIVE_UP) for process in started):
            said.seek(0)
            raise SystemExit(f"{said.read()}{devices} devices of {backend} failed.")
        (figures,) = Path(folder).glob("*/losses.jsonl")
        return json.loads(figures.read_text().splitlines()[-1])["sec_per_kimg"]


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and those that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def row(backend: str, batch: int, rounds: int) -> dict[str, Any]:
    """What one backend does with a batch; the ways take turns."""
    ways = {"1 device, 1 core": (1, CORES[:1]), "1 device, 2 cores": (1, CORES)}
    ways["2 devices"] = (2, CORES)
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, (devices, cores) in ways.items():
            seconds[name].append(train(backend, batch, devices, cores))
    found = {name: median(values) for name, values in seconds.items()}
    efficiency = found["1 device, 1 core"] / (2 * found["2 devices"])
    return {"backend": backend, "batch": batch, **found, "efficiency": efficiency}


def main() -> None:
    parser = arguments(__doc__, rounds=3)
    parser.add_argument("--batch", type=int, nargs="+", default=(32, 128))
    parser.add_argument("--backend", nargs="+", default=("tensorflow", "jax", "torch"))
    given = parser.parse_args()
    rows = [row(name, batch, given.rounds) for name in given.backend for batch in given.batch]
    versions = {name: importlib.metadata.version(name) for name in given.backend}
    publish("Seconds for a thousand images of 56 px, WGAN-GP", rows, given.out, **versions)


if __name__ == "__main__":
    main()
