"""The same figures as torch-fidelity and prdc give on the same features.

What they gave is kept here, by `benchmarks/check_measures.py` with torch-fidelity 0.4.0,
prdc 0.2, PyTorch 2.13.0 and NumPy 2.4.6. Where prdc is installed (it is a dev extra) it is
asked again; torch-fidelity needs a torchvision that not every build of PyTorch has.
"""

import numpy as np
import pytest

from ganzoo.metrics.frechet import frechet
from ganzoo.metrics.kid import kid_of_subsets
from ganzoo.metrics.prdc import prdc

K = 5


@pytest.fixture(scope="module")
def features():
    """As in `benchmarks/check_measures.py`."""
    rng = np.random.Generator(np.random.Philox(7))
    mixing = rng.standard_normal((8, 64))
    real = rng.standard_normal((700, 8)) @ mixing + 0.3 * rng.standard_normal((700, 64))
    fake = rng.standard_normal((600, 8)) * 0.8 @ mixing + 0.35 * rng.standard_normal((600, 64))
    return real, fake + 0.1


def test_frechet_is_that_of_torch_fidelity(features):
    real, fake = features
    assert frechet(fake, real) == pytest.approx(32.755901465782244, rel=1e-9)


def test_kid_of_subsets_is_that_of_torch_fidelity(features):
    real, fake = features
    mean, deviation = kid_of_subsets(fake, real, subsets=20, size=400)
    assert mean == pytest.approx(6.725401273898207, rel=1e-9)
    assert deviation == pytest.approx(1.4856646933919162, rel=1e-9)


def test_precision_and_recall_are_those_of_torch_fidelity(features):
    found = prdc(*features, K)
    # It works in float32.
    assert found.precision == pytest.approx(0.9933333396911621, rel=1e-6)
    assert found.recall == pytest.approx(0.7628571391105652, rel=1e-6)


def test_the_four_figures_are_those_of_prdc(features):
    found = prdc(*features, K)
    assert found.precision == pytest.approx(0.9933333333333333, rel=1e-12)
    assert found.recall == pytest.approx(0.7628571428571429, rel=1e-12)
    assert found.density == pytest.approx(1.3523333333333334, rel=1e-12)
    assert found.coverage == pytest.approx(0.9571428571428572, rel=1e-12)


def test_prdc_itself_agrees(features, rng):
    library = pytest.importorskip("prdc")
    for scale in (0.5, 1.0, 1.5):
        real, fake = rng.standard_normal((300, 6)), scale * rng.standard_normal((250, 6))
        found = vars(prdc(real, fake, K))
        assert found == pytest.approx(library.compute_prdc(real, fake, K), rel=1e-12)
