"""Letters side by side."""

import numpy as np

from ganzoo.data.typeset import typeset


def test_letters_follow_each_other_on_their_ground():
    letters = np.full((3, 4, 4, 1), 10, np.uint8)
    letters[:, 1:3, 1:3, 0] = np.array([50, 100, 150])[:, None, None]
    picture = np.array(typeset(letters, [[0, None, 1], [2]]))
    assert picture.shape == (8, 12)
    assert picture[1].tolist() == [10, 50, 50, 10, *[10] * 4, 10, 100, 100, 10]
    assert picture[5].tolist() == [10, 150, 150, 10, *[10] * 8]


def test_colours_stay():
    letters = np.zeros((2, 2, 2, 3), np.uint8) + np.array([1, 2, 3], np.uint8)
    picture = np.array(typeset(letters, [[0, None, 1]]))
    assert picture.shape == (2, 6, 3) and (picture == [1, 2, 3]).all()
