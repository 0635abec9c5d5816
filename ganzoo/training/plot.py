"""The loss plot of one run."""

import itertools
from collections.abc import Mapping, Sequence
from numbers import Real
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ganzoo.files.atomic import atomic
from ganzoo.schedule import Schedule

COLOURS = ["#2a6fbb", "#d9662b", "#7a5aa6", "#3a9a6e", "#a6485f", "#8a8a3a", "#4a9aa6"]
LABEL = 0.08  # Share of the width that the label of a stage needs.
FEW = 12  # Ticks, up to which each is a dot.
LONGEST = 17  # Characters of a name in a legend.


def loss_plot(
    path: Path,
    ticks: Sequence[Mapping[str, Any]],
    schedule: Schedule,
    panels: Mapping[str, Sequence[str]],
    title: str = "",
) -> None:
    """Write `loss_figure` as a PNG, over an older one."""
    figure = loss_figure(ticks, schedule, panels, title)
    with atomic(path) as temporary:
        figure.savefig(temporary, format="png", dpi=110)


def loss_figure(
    ticks: Sequence[Mapping[str, Any]],
    schedule: Schedule,
    panels: Mapping[str, Sequence[str]],
    title: str = "",
) -> Figure:
    """Figures of a training against images shown, stages and fades marked.

    Args:
        ticks: Lines of `losses.jsonl`; those without a number `kimg` are left out.
        schedule: The stages.
        panels: Names of figures by the label of their panel, see `GenerativeModel.panels`.
        title: What was trained.
    """
    figure = Figure(figsize=(9, 1 + 2.2 * len(panels)))
    FigureCanvasAgg(figure)
    axes = figure.subplots(len(panels), 1, sharex=True, squeeze=False)[:, 0]
    # Fixed, so that two plots of a run compare, and drawn once: a layout is found by drawing.
    height = figure.get_figheight()
    figure.subplots_adjust(
        left=0.09, right=0.8, bottom=0.55 / height, top=1 - 0.75 / height, hspace=0.12
    )
    lines = [line for line in ticks if isinstance(line.get("kimg"), Real)]
    for i, (axis, (label, names)) in enumerate(zip(axes, panels.items(), strict=True)):
        # Panels side by side have no colour in common, so that nobody takes them for one.
        _draw(axis, lines, names, COLOURS[2 * (i % 2) :] + COLOURS)
        _mark_stages(axis, schedule)
        axis.set_ylabel(label)
    figure.align_ylabels(axes)
    _label_stages(axes[0], schedule)
    axes[-1].set_xlim(0, 1.01 * schedule.kimg)  # Room for the last point.
    fades = any(stage.fade for stage in schedule)
    axes[-1].set_xlabel(
        "thousand real images shown (kimg)" + ("; shaded: new layers fade in" if fades else "")
    )
    figure.text(0.09, 1 - 0.3 / height, title, fontsize="large", va="center", parse_math=False)
    return figure


def _draw(
    axis: Axes,
    lines: Sequence[Mapping[str, Any]],
    names: Sequence[str],
    colours: Sequence[str],
) -> None:
    kimg = [line["kimg"] for line in lines]
    for key, colour in zip(names, itertools.cycle(colours), strict=False):
        values = [_number(line.get(key)) for line in lines]
        name = key if len(key) <= LONGEST else f"{key[: LONGEST - 3]}..."
        marker = "o" if len(lines) <= FEW else ""
        axis.plot(kimg, values, color=colour, label=name, marker=marker, ms=3, lw=1.4)
    # Beside the axes: within, it would lie over some curve.
    axis.legend(
        frameon=False,
        loc="upper left",
        bbox_to_anchor=(1.01, 1),
        borderaxespad=0,
        fontsize="small",
    )
    axis.spines[["top", "right"]].set_visible(False)
    axis.grid(alpha=0.25)


def _number(value: Any) -> float:
    return float(value) if isinstance(value, Real) else float("nan")


def _mark_stages(axis: Axes, schedule: Schedule) -> None:
    start = 0.0
    for stage in schedule:
        if stage.fade:
            axis.axvspan(start, start + stage.fade, color="#888888", alpha=0.13, lw=0)
        if start:
            axis.axvline(start, color="#888888", lw=0.8)
        start += stage.kimg


def _label_stages(axis: Axes, schedule: Schedule) -> None:
    """Above the axes, where a stage begins; none where the next one's would touch it."""
    start = 0.0
    for stage in schedule:
        if stage.kimg >= LABEL * schedule.kimg:
            axis.annotate(
                f"{stage.resolution} px",
                (start, 1.0),
                xytext=(0, 4),
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                va="bottom",
                fontsize="small",
                color="#555555",
            )
        start += stage.kimg
