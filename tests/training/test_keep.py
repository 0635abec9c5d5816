"""Old checkpoints go only when enough newer ones are whole."""

import numpy as np
import pytest

from ganzoo.training import checkpoint


@pytest.fixture
def folders(tmp_path):
    """Five checkpoints, oldest first."""
    made = []
    for step in range(1, 6):
        folder = tmp_path / "checkpoints" / f"{step:06d}"
        manifest = {"step": step, "kimg": float(step), "stage": 0, "seconds": 1.0}
        checkpoint.save(folder, {"weights": np.full(3, step)}, manifest)
        made.append(folder)
    return made


def damage(folder):
    arrays = folder / "arrays.npz"
    arrays.write_bytes(arrays.read_bytes()[:-10])


def left(folders):
    return [int(path.name) for path in sorted(folders[0].parent.iterdir())]


@pytest.mark.parametrize(
    ("keep", "damaged", "expected"),
    [
        (1, [], [5]),
        (3, [], [3, 4, 5]),
        (9, [], [1, 2, 3, 4, 5]),
        (1, [5], [1, 2, 3, 4, 5]),  # It may be the disk: nothing is touched.
        (2, [4], [3, 4, 5]),
        (2, [1, 2], [4, 5]),
    ],
)
def test_the_newest_good_ones_stay(folders, keep, damaged, expected):
    for step in damaged:
        damage(folders[step - 1])
    checkpoint.prune(folders, folders[-1], keep)
    assert left(folders) == expected


def test_one_after_the_newest_is_left_alone(folders):
    # A run that went back behind a damaged checkpoint saves before it.
    damage(folders[4])
    checkpoint.prune(folders, folders[3], 1)
    assert left(folders) == [4, 5]
