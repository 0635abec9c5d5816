"""Runs on a Ray cluster: each a task in a process of its own, tried again if that dies.

Ray Core, https://docs.ray.io; the extra `ganzoo[ray]` installs it.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from ganzoo import trust
from ganzoo.comparison.runs.worker import launch
from ganzoo.errors import InputError

RETRIES = 3


class RayPool:
    """Trains runs as Ray tasks; the comparison's folder is shared by all nodes.

    Args:
        address: Of a cluster, such as `"auto"`; `"local"` starts Ray on this machine.
        started: Called with a run's folder when its task is handed to Ray.
        ended: Called with a run's folder and its exit code.
        cores: Processor cores of one run.
        gpus: GPUs of one run; a fraction lets several share one.
    """

    def __init__(
        self,
        address: str,
        started: Callable[[Path], None],
        ended: Callable[[Path, int], None],
        cores: float = 1,
        gpus: float = 0,
    ):
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # Ray would report home.
        try:
            import ray
        except ImportError as error:
            raise InputError("Ray is not installed. Run: pip install 'ganzoo[ray]'") from error
        self.ray = ray
        self.address = None if address == "local" else address
        self.started, self.ended = started, ended
        self.task = ray.remote(
            num_cpus=cores, num_gpus=gpus, max_retries=RETRIES, retry_exceptions=[RuntimeError]
        )(train_in_process)

    def train(self, paths: Sequence[Path]) -> None:
        """Train all of `paths`; a task whose worker dies is tried again, and resumes."""
        ray = self.ray
        try:
            ray.init(address=self.address, log_to_driver=False, ignore_reinit_error=True)
        except (ConnectionError, ValueError) as error:
            raise InputError(
                f"There is no Ray cluster at {self.address!r} ({error}). "
                "Start one with `ray start --head`, or give --ray without an address."
            ) from error
        waiting = {}
        for path in paths:
            waiting[self.task.remote(str(path.absolute()), trust.allowed())] = path
            self.started(path)
        while waiting:
            (done,), _ = ray.wait(list(waiting), num_returns=1)
            try:
                code = int(ray.get(done))
            except ray.exceptions.RayError:
                code = -9
            self.ended(waiting.pop(done), code)


def train_in_process(path: str, allowed: dict[str, str | None]) -> int:
    """One run in a fresh process, whose memory and GPU go with it; its exit code.

    A `RuntimeError` says that the process was killed, so that Ray tries again.
    """
    code = launch(Path(path), allowed).wait()
    if code < 0:
        raise RuntimeError(f"killed by signal {-code}")
    return code
