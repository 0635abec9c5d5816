"""Frechet, KID, precision, recall, density and coverage against other libraries.

    pip install torch-fidelity prdc
    python benchmarks/check_measures.py

On the same features, made from NumPy's Philox generator. What the libraries gave is kept
in `tests/metrics/test_against_libraries.py`, so that the tests do not need them: the
torchvision that torch-fidelity imports fits only one build of PyTorch each.
"""

import importlib.metadata

import numpy as np
import prdc as reference
import torch
import torch_fidelity
from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric
from torch_fidelity.metric_kid import kid_features_to_metric
from torch_fidelity.metric_prc import prc_features_to_metric

from ganzoo.metrics.frechet import frechet
from ganzoo.metrics.kid import kid_of_subsets
from ganzoo.metrics.prdc import prdc

SUBSETS, SIZE = 20, 400
K = 5


def samples() -> tuple[np.ndarray, np.ndarray]:
    """Features of 700 reals and 600 fakes, float64 [N, 64], correlated and overlapping."""
    rng = np.random.Generator(np.random.Philox(7))
    mixing = rng.standard_normal((8, 64))
    real = rng.standard_normal((700, 8)) @ mixing + 0.3 * rng.standard_normal((700, 64))
    fake = rng.standard_normal((600, 8)) * 0.8 @ mixing + 0.35 * rng.standard_normal((600, 64))
    return real, fake + 0.1


def theirs(real: np.ndarray, fake: np.ndarray) -> dict[str, float]:
    """The figures of torch-fidelity and prdc."""
    x, y = torch.from_numpy(fake), torch.from_numpy(real)
    stats = [fid_features_to_statistics(features) for features in (x, y)]
    options = {"kid_subsets": SUBSETS, "kid_subset_size": SIZE, "rng_seed": 2020}
    quiet = {"verbose": False, "prc_neighborhood": K}
    four = reference.compute_prdc(real, fake, K)
    return {
        **fid_statistics_to_metric(*stats, False),
        **kid_features_to_metric(x, y, **options, **quiet),
        **prc_features_to_metric(x, y, **quiet),
        **{f"prdc {name}": float(value) for name, value in four.items()},
    }


def ours(real: np.ndarray, fake: np.ndarray) -> dict[str, float]:
    """The same figures by ganzoo, under the same names."""
    mean, deviation = kid_of_subsets(fake, real, SUBSETS, SIZE, seed=2020)
    four = prdc(real, fake, K)
    return {
        "frechet_inception_distance": frechet(fake, real),
        "kernel_inception_distance_mean": mean,
        "kernel_inception_distance_std": deviation,
        "precision": four.precision,
        "recall": four.recall,
        "prdc precision": four.precision,
        "prdc recall": four.recall,
        "prdc density": four.density,
        "prdc coverage": four.coverage,
    }


def main() -> None:
    """Print both and their relative difference."""
    print(f"torch-fidelity {torch_fidelity.__version__}, prdc", end=" ")
    print(importlib.metadata.version("prdc"))
    real, fake = samples()
    expected, found = theirs(real, fake), ours(real, fake)
    for name, value in found.items():
        difference = abs(value - expected[name]) / abs(expected[name])
        print(f"{name:32} {expected[name]!r:>24} {value!r:>24} {difference:.1e}")


if __name__ == "__main__":
    main()
