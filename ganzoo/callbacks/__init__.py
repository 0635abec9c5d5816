"""Callbacks for `fit` that show what a GAN learns: samples, losses, measures.

>>> from ganzoo.callbacks import LossPlot, Measures, SampleSheet
>>> model.fit(images, epochs=20, callbacks=[SampleSheet(), LossPlot(), Measures("unown")])

In a notebook they show pictures below the cell, elsewhere they write PNG files.
"""

from typing import TYPE_CHECKING

from ganzoo.lazy import lazy

if TYPE_CHECKING:
    from ganzoo.callbacks.loss_plot import LossPlot as LossPlot
    from ganzoo.callbacks.measures import Measures as Measures
    from ganzoo.callbacks.sample_sheet import SampleSheet as SampleSheet

__all__ = ["LossPlot", "Measures", "SampleSheet"]

_HOMES = {
    "LossPlot": "ganzoo.callbacks.loss_plot",
    "Measures": "ganzoo.callbacks.measures",
    "SampleSheet": "ganzoo.callbacks.sample_sheet",
}

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy(__name__, _HOMES)
