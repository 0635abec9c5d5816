import os
import subprocess
import sys

import pytest

THREADS = """
import numpy as np
from ganzoo.training.trainer import Trainer
np.save("images.npy", np.zeros((8, 28, 28, 1), "uint8"))
Trainer(data="images.npy", schedule="28:1")
import tensorflow as tf
of = tf.config.threading
print(of.get_inter_op_parallelism_threads(), of.get_intra_op_parallelism_threads())
"""


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="needs processor affinity")
@pytest.mark.parametrize(
    ("cores", "environment", "threads"),
    [(1, {}, "1 1"), (2, {}, "2 1"), (2, {"TF_NUM_INTRAOP_THREADS": "3"}, "0 0")],
)
def test_a_training_runs_two_operations_at_a_time(cores, environment, threads, tmp_path):
    mine = sorted(os.sched_getaffinity(0))
    if len(mine) < cores:
        pytest.skip(f"needs {cores} cores")
    done = subprocess.run(
        [sys.executable, "-c", THREADS],
        env=os.environ | {"KERAS_BACKEND": "tensorflow"} | environment,
        cwd=tmp_path,
        preexec_fn=lambda: os.sched_setaffinity(0, mine[:cores]),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == threads
