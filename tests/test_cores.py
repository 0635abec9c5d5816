import os
import subprocess
import sys

import pytest

from ganzoo.cores import available_cores, processor_has

SHOW = """
import tensorflow as tf
def show():
    of = tf.config.threading
    print(of.get_inter_op_parallelism_threads(), of.get_intra_op_parallelism_threads())
"""
SHARED = """
import sys
from ganzoo import backend
for cores in sys.argv[1:]:
    backend.share_cores(int(cores))
    show()
"""
TRAINER = """
import numpy as np
from ganzoo.training.trainer import Trainer
np.save("images.npy", np.zeros((8, 28, 28, 1), "uint8"))
Trainer(data="images.npy", schedule="28:1").prepare()
show()
"""


def threads(script, *arguments, folder, **environment):
    """TensorFlow's threads between and within operations, as `script` shows them."""
    done = subprocess.run(
        [sys.executable, "-c", SHOW + script, *arguments],
        env=os.environ | {"KERAS_BACKEND": "tensorflow"} | environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


@pytest.mark.thorough
def test_two_operations_at_a_time_share_the_cores(tmp_path):
    assert threads(SHARED, "1", "2", "8", folder=tmp_path) == ["1 1", "2 1", "2 4"]


@pytest.mark.thorough
def test_threads_that_a_person_has_set_stay(tmp_path):
    found = threads(SHARED, "2", folder=tmp_path, TF_NUM_INTRAOP_THREADS="3")
    assert found == ["0 0"]


def test_a_processor_has_what_its_flags_say(tmp_path):
    info = tmp_path / "cpuinfo"
    info.write_text("model name\t: avx2\nflags\t\t: fpu avx512_bf16 sse4_2\n\nflags\t\t: fpu\n")
    assert processor_has("avx512_bf16", info) and processor_has("sse4_2", info)
    assert not processor_has("avx2", info) and not processor_has("avx512", info)


def test_of_a_processor_that_says_nothing_nothing_is_expected(tmp_path):
    assert not processor_has("avx512_bf16", tmp_path / "cpuinfo")


@pytest.mark.thorough
def test_a_training_shares_out_the_cores_that_it_has(tmp_path):
    n = len(available_cores())
    assert threads(TRAINER, folder=tmp_path) == [f"{min(2, n)} {max(1, n // 2)}"]
