"""Runs on this machine: several processes, the cores divided among them."""

import os
import queue
import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ganzoo import trust
from ganzoo.comparison.runs.worker import CORES, launch
from ganzoo.cores import available_cores
from ganzoo.training.interrupt import RaisingInterrupt

STOPPED = "Stopped; the runs under way were saved. Go on with the same command."


def divide(cores: Sequence[int], jobs: int) -> list[list[int]]:
    """Cores for each of `jobs` processes; they share where there are too few."""
    if jobs >= len(cores):
        return [[cores[job % len(cores)]] for job in range(jobs)]
    return [list(cores[job::jobs]) for job in range(jobs)]


class Pool:
    """Trains runs in processes of their own, `jobs` at a time.

    Args:
        jobs: Processes at a time.
        started: Called with a run's folder when its process starts.
        ended: Called with a run's folder and its exit code.
    """

    def __init__(
        self, jobs: int, started: Callable[[Path], None], ended: Callable[[Path, int], None]
    ):
        self.jobs, self.started, self.ended = jobs, started, ended
        self.processes: set[subprocess.Popen[bytes]] = set()
        self.stopping = False

    def train(self, paths: Sequence[Path]) -> None:
        """Train all of `paths`; a run that fails does not keep the others from theirs.

        `Interrupted` is raised on SIGTERM or Ctrl-C, after the runs under way were saved.
        """
        slots: queue.SimpleQueue[list[int]] = queue.SimpleQueue()
        for cores in divide(available_cores(), self.jobs):
            slots.put(cores)

        def train(path: Path) -> None:
            cores = slots.get()
            try:
                if not self.stopping:
                    self.started(path)
                    self.ended(path, self._run(path, cores))
            finally:
                slots.put(cores)

        with RaisingInterrupt(STOPPED), ThreadPoolExecutor(self.jobs) as pool:
            try:
                list(pool.map(train, paths))
            except BaseException:
                self.stop()
                raise

    def _run(self, path: Path, cores: Sequence[int]) -> int:
        # PyTorch's idle threads would otherwise spin on the cores of other runs.
        environment = {"OMP_WAIT_POLICY": "PASSIVE"} | os.environ
        environment[CORES] = ",".join(map(str, cores))
        # Ctrl-C is to reach the parent alone, which tells the workers.
        process = launch(path, trust.allowed(), env=environment, start_new_session=True)
        self.processes.add(process)
        if self.stopping:  # `stop` may have come before the process was in its list.
            process.terminate()
        try:
            return process.wait()
        finally:
            self.processes.discard(process)

    def stop(self) -> None:
        """Let running trainings save and stop; start no others."""
        self.stopping = True
        for process in list(self.processes):
            process.terminate()
