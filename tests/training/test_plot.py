"""The loss plot."""

import itertools

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from ganzoo.schedule import Schedule
from ganzoo.training.plot import loss_figure, loss_plot

LINES = [
    {"kimg": 5.0 * i, "d_loss": 1.0 / i, "g_loss": 1.0, "r1": 9.0, "real_score": 1.0}
    for i in range(1, 30)
]


def panels(*penalties):
    """Those of a GAN with these penalties."""
    own = {"penalty": penalties} if penalties else {}
    scores = {"mean logit of D": ("real_score", "fake_score")}
    return {"loss": ("d_loss", "g_loss")} | own | scores


def texts(figure):
    """Every text that is drawn, and its box in pixels."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    drawn = [*figure.texts]
    for axes in figure.axes:
        drawn += [*axes.texts, *axes.get_legend().get_texts()]
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            ticks = [tick for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
            drawn += [axis.label, *(tick.label1 for tick in ticks)]
    boxes = [(t.get_text(), t.get_window_extent(canvas.get_renderer())) for t in drawn]
    visible = [text.get_visible() for text in drawn]
    return [
        (text, box) for (text, box), seen in zip(boxes, visible, strict=True) if seen and text
    ]


def test_the_last_point_is_whole():
    figure = loss_figure([LINES[-1] | {"kimg": 320}], Schedule.parse("56:320"), panels(), "x")
    FigureCanvasAgg(figure).draw()
    for axes in figure.axes:
        (line, *_), box = axes.get_lines(), axes.get_window_extent()
        x, _ = axes.transData.transform((320, line.get_ydata()[0]))
        radius = line.get_markersize() / 2 * figure.dpi / 72
        assert box.x1 - 2 * radius - 6 < x < box.x1 - radius


@pytest.mark.parametrize(
    ("schedule", "penalties", "lines"),
    [
        ("28:136,56:184:50", ["r1", "a_long_name_of_a_penalty_of_my_own"], LINES),
        ("14:4,28:10:3,56:120:50,112:186:40", [], LINES),
        ("28:1,56:1", ["r1"], LINES[:1]),
        ("56:320", ["r1"], []),
    ],
)
def test_no_label_lies_on_another_or_beyond_the_edge(schedule, penalties, lines):
    figure = loss_figure(
        lines, Schedule.parse(schedule), panels(*penalties), "hinge + r1 on unown"
    )
    inside = figure.bbox
    shown = texts(figure)
    assert "hinge + r1 on unown" in dict(shown)
    for (name, box), (other, beside) in itertools.combinations(shown, 2):
        assert not box.overlaps(beside), (name, other)
    for name, box in shown:
        assert box.x0 >= 0 and box.y0 >= 0, name
        assert box.x1 <= inside.x1 and box.y1 <= inside.y1, name


def test_stages_and_fades_are_marked():
    figure = loss_figure(LINES, Schedule.parse("28:136,56:184:50"), panels("r1"))
    shown = [name for name, _ in texts(figure)]
    assert "28 px" in shown and "56 px" in shown
    assert "thousand real images shown (kimg); shaded: new layers fade in" in shown
    for axis in figure.axes:
        (fade,) = axis.patches
        assert (fade.get_x(), fade.get_width()) == (136, 50)
        assert axis.get_xlim() == pytest.approx((0, 323.2))


def test_lines_that_are_no_figures_are_left_out(tmp_path):
    odd = [{}, {"kimg": "x"}, {"kimg": 6.0, "d_loss": None}, {"kimg": 7.0, "d_loss": "x"}]
    schedule = Schedule.parse("28:150")
    loss_plot(tmp_path / "loss.png", [*LINES, *odd], schedule, panels("r1"), "$x^$_{ a title")
    with Image.open(tmp_path / "loss.png") as picture:
        assert picture.size == (990, 836)
    (d_loss, _) = loss_figure([*LINES, *odd], schedule, panels()).axes[0].lines
    assert list(d_loss.get_xdata()) == [*(line["kimg"] for line in LINES), 6.0, 7.0]
