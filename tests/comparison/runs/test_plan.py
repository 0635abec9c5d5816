"""Plans of runs: networks are built once, however many cells there are."""

import numpy as np
import pytest

from ganzoo.architectures import ProgressiveDCGAN
from ganzoo.comparison.runs import plan
from ganzoo.comparison.runs.grid import Cell
from ganzoo.comparison.runs.plan import make_plans
from ganzoo.data.image_set import ImageSet

COMMON = {"data": "unown", "batch": 8, "schedule": "8:0.08,16:0.08:0.04"}
COMMON |= {"architecture": "progressive-dcgan:width=4,latent_size=8"}


@pytest.fixture
def images():
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (16, 16, 16, 1), np.uint8)
    return ImageSet("noise", pixels, np.zeros(16, np.int64), ("one",))


@pytest.fixture
def built(monkeypatch):
    """Stages whose networks were built."""
    stages, build = [], ProgressiveDCGAN.__call__

    def counted(self, stage, roles):
        stages.append(stage)
        return build(self, stage, roles)

    monkeypatch.setattr(ProgressiveDCGAN, "__call__", counted)
    return stages


def test_networks_are_built_once_for_all_cells_and_seeds(images, built, tmp_path):
    cells = [Cell(f"ema {n}", {"loss": "hinge", "ema": float(n)}) for n in range(4)]
    plans = make_plans(cells, [0, 1, 2], COMMON, tmp_path, images)
    assert len(plans) == 12 and len({p.fingerprint for p in plans}) == 12
    assert len({(p.parameters, p.flops) for p in plans}) == 1
    first = len(built)
    make_plans(cells, [5], COMMON, tmp_path, images)
    assert len(built) == first <= 3
    wider = [Cell("wider", {"architecture": COMMON["architecture"] + ",score_width=8"})]
    (other,) = make_plans(wider, [0], COMMON, tmp_path, images)
    assert len(built) > first and other.parameters != plans[0].parameters
    critic = [Cell("critic", {"critic_steps": 2})]
    assert make_plans(critic, [0], COMMON, tmp_path, images)[0].flops < plans[0].flops


def test_long_plans_say_how_far_they_are(images, tmp_path, monkeypatch):
    monkeypatch.setattr(plan, "BETWEEN_LINES", -1.0)
    said = []
    make_plans([Cell("a", {"loss": "hinge"})], [0, 1, 2], COMMON, tmp_path, images, said.append)
    assert said == [f"planned {n} of 3 runs" for n in range(3)]
