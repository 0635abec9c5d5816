"""The fingerprint of a run: another one wherever its figures may be others."""

import sys

import numpy as np
import pytest

from ganzoo.comparison.runs.fingerprint import fingerprint, plugin_fingerprints
from ganzoo.data.image_set import ImageSet

CONFIG = {
    "loss": "hinge",
    "penalties": ["r1:gamma=0.3,every=4"],
    "architecture": "progressive-dcgan:width=4",
    "data": "unown",
}
OUTSIDE = "plugged_in:Mine:strength=2"
# One class that may stand for any of the four.
BASE = """
from ganzoo.architectures.architecture import Architecture
from ganzoo.data.source import Source
from ganzoo.losses.loss import Loss
from ganzoo.losses.penalties.penalty import Penalty

class Other(Loss, Penalty, Architecture, Source):
    factor = 1
"""


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Two modules outside the package, the one with a class derived from the other's."""
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "plugged_in_base.py").write_text(BASE)
    text = "from plugged_in_base import Other\n\n\nclass Mine(Other):\n    pass\n"
    (tmp_path / "plugged_in.py").write_text(text)
    yield tmp_path
    for name in ("plugged_in", "plugged_in_base"):
        sys.modules.pop(name, None)


@pytest.mark.parametrize("name", ["plugged_in.py", "plugged_in_base.py"])
@pytest.mark.parametrize(
    "setting",
    [
        {"loss": OUTSIDE},
        {"penalties": ["r1", OUTSIDE]},
        {"architecture": OUTSIDE},
        {"data": OUTSIDE},
    ],
    ids=lambda setting: next(iter(setting)),
)
def test_with_the_file_of_a_class_of_your_own_edited_the_fingerprint_is_another(
    written, setting, name
):
    before = fingerprint(CONFIG | setting)
    assert fingerprint(CONFIG | setting) == before
    with (written / name).open("a") as file:
        file.write("# edited\n")
    assert fingerprint(CONFIG | setting) != before


def test_without_classes_of_your_own_no_file_of_theirs_counts():
    assert (
        plugin_fingerprints(CONFIG) == plugin_fingerprints(CONFIG | {"data": "/photos"}) == {}
    )


def test_other_held_out_images_are_another_run_where_they_are_scored():
    images = np.zeros((4, 2, 2, 1), np.uint8)
    one, other = (ImageSet("set", images + i, np.zeros(4, np.int32), ("a",)) for i in (0, 1))
    scored = CONFIG | {"score": 12}
    assert fingerprint(scored, one) == fingerprint(scored, one) != fingerprint(scored, other)
    assert fingerprint(scored, one) != fingerprint(scored)
    unscored = CONFIG | {"score": 0}
    assert fingerprint(unscored, one) == fingerprint(unscored, other) == fingerprint(unscored)
