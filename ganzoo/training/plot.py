"""The loss plot of one run."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ganzoo.files.atomic import atomic
from ganzoo.growth import Schedule

COLOURS = {"d_loss": "#2a6fbb", "g_loss": "#d9662b"}
SCORES = {"real_score": "#2a6fbb", "fake_score": "#d9662b"}
NOTES = ["#7a5aa6", "#3a9a6e", "#a6485f"]


def loss_plot(
    path: Path, metrics: Sequence[dict[str, Any]], schedule: Schedule, penalties: Sequence[str]
) -> None:
    """Losses and scores against images shown, stages and fades marked; one PNG."""
    figure = Figure(figsize=(8, 5))
    FigureCanvasAgg(figure)
    upper, lower = figure.subplots(2, 1, sharex=True)
    # Fixed, so that two plots of a run compare, and drawn once: a layout is found by drawing.
    figure.subplots_adjust(left=0.11, right=0.98, bottom=0.1, top=0.94, hspace=0.2)
    kimg = [line["kimg"] for line in metrics]
    for axis, colours in (
        (upper, COLOURS | dict(zip(penalties, NOTES, strict=False))),
        (lower, SCORES),
    ):
        for key, colour in colours.items():
            axis.plot(kimg, [line.get(key) for line in metrics], color=colour, label=key)
        _mark_stages(axis, schedule)
        axis.legend(
            frameon=False, ncols=4, loc="lower right", bbox_to_anchor=(1, 1), borderpad=0
        )
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(alpha=0.25)
        axis.set_xlim(0, schedule.kimg)
    upper.set_ylabel("loss")
    lower.set_ylabel("mean logit of D")
    lower.set_xlabel("thousand real images shown (kimg)")
    with atomic(path) as temporary:
        figure.savefig(temporary, format="png", dpi=110)


def _mark_stages(axis, schedule):
    start = 0.0
    for stage in schedule:
        if stage.fade:
            axis.axvspan(start, start + stage.fade, color="#888888", alpha=0.12, lw=0)
        axis.annotate(
            f" {stage.resolution} px",
            (start, 0.0),
            xycoords=("data", "axes fraction"),
            va="bottom",
            fontsize="small",
            color="#666666",
        )
        if start:
            axis.axvline(start, color="#888888", lw=0.8)
        start += stage.kimg
