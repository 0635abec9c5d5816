"""A comparison as a whole, with a pool that trains nothing."""

import pytest

from ganzoo.comparison.compare import compare
from ganzoo.comparison.grid import Cell
from ganzoo.errors import InputError

COMMON = {
    "data": "unown",
    "schedule": "14:0.04,28:0.08",
    "architecture": "progressive-dcgan:width=4,latent_size=8",
    "batch": 8,
    "per_class": 8,
}
ABOUT = {"title": "Two", "preset": None, "command": "ganzoo compare"}


class Idle:
    """Trains nothing: every run stays one to be made."""

    def __init__(self, started, ended):
        pass

    def train(self, paths):
        pass


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"data": "unown-original"}, "changes data,"),
        ({"per_class": 4}, "changes per_class,"),
        ({"schedule": "28:0.04,56:0.08"}, "changes the schedule's last resolution,"),
        ({"data": "photos", "per_class": 4}, "changes data and per_class,"),
    ],
)
def test_a_cell_with_images_of_its_own_is_refused_in_one_line(tmp_path, changed, named):
    cells = [Cell("one", "hinge"), Cell("odd", "hinge", settings=tuple(changed.items()))]
    with pytest.raises(InputError, match=f"cell 'odd' {named} but all cells") as refused:
        compare(cells, [0], COMMON, tmp_path / "out", Idle)
    assert "\n" not in str(refused.value) and not (tmp_path / "out").exists()


def test_a_cell_may_say_again_what_holds_for_all_and_have_a_schedule_of_its_own(tmp_path):
    own = {"data": "unown", "per_class": 8, "schedule": "28:0.16"}
    cells = [Cell("one", "hinge"), Cell("own", "hinge", settings=tuple(own.items()))]
    made = compare(cells, [0], COMMON, tmp_path, Idle, about=ABOUT)
    assert [run.status for run in made.runs] == ["missing", "missing"]
    assert "--schedule 28:0.16" in made.runs[1].command
