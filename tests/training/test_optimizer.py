"""The faster optimizers of a backend do what Keras's do."""

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo import backend
from ganzoo.errors import InputError
from ganzoo.training.learning_rate import HoldThenDecay
from ganzoo.training.optimizer import make_optimizer

pytestmark = pytest.mark.backends
SHAPES, STEPS = [(5, 3), (7,), ()], 6


def after(optimizer):
    """Variables and the optimizer's state after some steps of given gradients, by order."""
    rng = np.random.default_rng(0)
    variables = [keras.Variable(rng.normal(size=shape).astype("float32")) for shape in SHAPES]
    optimizer.build(variables)
    for step in range(STEPS):
        scale = 10.0 ** (step - 3)  # From tiny to large: epsilon and the averages count.
        gradients = [scale * rng.normal(size=shape).astype("float32") for shape in SHAPES]
        optimizer.apply([ops.convert_to_tensor(g) for g in gradients], variables)
    return [np.array(ops.convert_to_numpy(v.value)) for v in (*variables, *optimizer.variables)]


@pytest.mark.parametrize(
    "options",
    [
        {"beta_1": 0.0, "beta_2": 0.99},
        {"beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-2},
        {"clipnorm": 0.1},
        {"amsgrad": True},
        {"weight_decay": 0.1},
        {"learning_rate": HoldThenDecay(0.01, 4)},
    ],
    ids=str,
)
def test_the_faster_adam_is_keras_s_adam(options):
    options = {"learning_rate": 0.01} | options
    expected = after(keras.optimizers.Adam(**options))
    found = after(backend.faster(keras.optimizers.Adam)(**options))
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        # A kernel's 1 - beta_2 is that of float32, which for 0.999 is 1.3e-5 off.
        np.testing.assert_allclose(one, other, rtol=2e-5, atol=1e-7)


def test_another_optimizer_stays_what_it_is():
    assert backend.faster(keras.optimizers.SGD) is keras.optimizers.SGD
    assert type(make_optimizer("rmsprop")) is type(keras.optimizers.get("rmsprop"))


def test_a_spec_gives_the_faster_adam_with_its_options():
    optimizer = make_optimizer("adam:learning_rate=0.25,beta_1=0.125")
    assert isinstance(optimizer, backend.faster(keras.optimizers.Adam))
    assert (float(optimizer.learning_rate), optimizer.beta_1) == (0.25, 0.125)


def test_an_unknown_optimizer_is_an_error_that_shows_how_to_write_one():
    with pytest.raises(InputError, match=r"adam:learning_rate=0\.001"):
        make_optimizer("adamant")
    for option in ("beta_1=abc", "beta_1=None", "beta_1=(1,2)", "clipnorm=abc"):
        with pytest.raises(InputError, match=f"{option.partition('=')[0]} is a number"):
            make_optimizer(f"adam:{option}")
    assert make_optimizer("adam:name=mine,clipnorm=1.5").clipnorm == 1.5
