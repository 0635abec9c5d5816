"""The order in which images of two domains are shown."""

import numpy as np

from ganzoo.data import ImageSet
from ganzoo.training.order import DomainOrder

LABELS = np.repeat(np.arange(2, dtype=np.int32), [6, 4])
DATA = ImageSet("two", np.zeros((10, 4, 4, 1), np.uint8), LABELS, ("a", "b"))


def test_each_domain_has_an_order_of_its_own_in_which_all_come_once_an_epoch():
    order = DomainOrder(DATA, seed=3, paired=False)
    rows = order.rows(0, 6, 4)
    assert rows.shape == (6, 2, 2) and rows.dtype == np.int32
    a, b = rows[..., 0].ravel(), rows[..., 1].ravel()
    assert sorted(a[:6]) == sorted(a[6:]) == list(range(6))
    assert sorted(b[:4]) == sorted(b[4:8]) == [6, 7, 8, 9]
    assert list(a[:6]) != list(a[6:])
    np.testing.assert_array_equal(order.rows(8, 2, 4), rows[2:4])  # Read in pieces.
    assert not np.array_equal(DomainOrder(DATA, 4, paired=False).rows(0, 6, 4), rows)


def test_pairs_stay_together():
    even = ImageSet("two", DATA.images, np.arange(10, dtype=np.int32) % 2, ("a", "b"))
    rows = DomainOrder(even, seed=3, paired=True).rows(0, 5, 4)
    np.testing.assert_array_equal(rows[..., 0] + 1, rows[..., 1])
    assert sorted(rows[..., 0].ravel()[:5]) == [0, 2, 4, 6, 8]
