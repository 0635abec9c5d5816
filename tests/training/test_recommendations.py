"""The table of recommendations, the page that argues for it, and losses that hold neither."""

import ast
import importlib.util
import re
from pathlib import Path

import pytest

from ganzoo import losses
from ganzoo.errors import InputError
from ganzoo.losses import Hinge, WassersteinGP
from ganzoo.models.choice import Choice
from ganzoo.training.presets import PRESETS
from ganzoo.training.recommendations import (
    DEFAULTS,
    RECOMMENDATIONS,
    recommended,
    without_recommended,
)

PAGE = Path(__file__).parents[2] / "docs" / "recommendations.md"
R1_AND_R2 = ("r1:gamma=0.3,every=4", "r2:gamma=0.3,every=4")


def test_each_loss_has_its_line_of_the_table_over_the_defaults():
    optimizer = "adam:learning_rate=0.002,beta_1=0.0,beta_2=0.99,global_clipnorm=1.0"
    base = {"penalties": (), "architecture": "progressive-dcgan", "optimizer": optimizer}
    base["ema"] = 8.0
    assert base == DEFAULTS
    for name in ("hinge", "lsgan", "minimax", "non-saturating", "rpgan", "ra-hinge"):
        assert recommended(losses.get(name)) == base | {"penalties": R1_AND_R2}
    r1 = {"penalties": ("r1:gamma=1.0,every=4",)}
    slower = {"optimizer": optimizer.replace("0.002", "0.001")}
    for name in ("wgan", "wgan-gp:weight=1"):
        assert recommended(losses.get(name)) == base | r1 | slower
    assert recommended(losses.get("cramer-gan")) == base
    assert recommended(losses.get("began")) == base | {"architecture": "autoencoder"}


def test_a_loss_of_ones_own_brings_recommendations_or_takes_those_of_its_parent():
    class Own(Hinge):
        recommended = {"ema": 2.0}

    class Other(WassersteinGP):
        pass

    assert recommended(Own()) == DEFAULTS | {"ema": 2.0}
    assert recommended(Other()) == recommended(WassersteinGP())
    loss = Own()
    loss.recommended = {"batch": 4, "seed": 1}
    with pytest.raises(InputError, match="batch, seed; a loss can only recommend penalties"):
        recommended(loss)


def test_a_preset_leaves_a_loss_the_networks_that_go_with_it():
    left = {
        loss: without_recommended(PRESETS["full"], Choice.of("gan"), loss)
        for loss in (None, "hinge", "repulsive-mmd", "ebgan")
    }
    assert left[None] == left["hinge"] == PRESETS["full"]
    own = {key: value for key, value in PRESETS["full"].items() if key != "architecture"}
    assert left["repulsive-mmd"] == left["ebgan"] == own


def test_the_page_argues_for_each_line_of_the_table():
    text = PAGE.read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    argued = ", ".join(re.findall(r"^### (.+)$", text, re.MULTILINE)).split(", ")
    assert sorted(argued) == sorted(RECOMMENDATIONS)
    for name in RECOMMENDATIONS:
        assert name in losses.registry.entries
        (row,) = (row for row in rows if f"`{name}`" in row)
        settings = recommended(losses.get(name))
        assert re.findall(r"`(r\d:[^`]+)`", row) == list(settings["penalties"])
        assert f"| `{settings['architecture']}` |" in row
        rate = row.split(" | ")[-1].removesuffix(" |")
        assert settings["optimizer"] == DEFAULTS["optimizer"].replace("0.002", rate)


def sources():
    """Each loss's name and the node of its class."""
    for entry in losses.registry.own():
        module, _, name = entry.target.partition(":")
        path = Path(importlib.util.find_spec(module).origin)
        body = ast.parse(path.read_text(encoding="utf-8")).body
        (node,) = (n for n in body if isinstance(n, ast.ClassDef) and n.name == name)
        yield entry.name, node


@pytest.mark.parametrize(
    ("name", "node"), [pytest.param(*each, id=each[0]) for each in sources()]
)
def test_a_loss_holds_equations_and_no_trials(name, node):
    about = ast.get_docstring(node).partition("\nArgs:\n")[0]
    lines = [line for line in about.splitlines() if line.strip()]
    assert len(lines) <= 12, lines
    assert not re.search(r"kimg|benchmarks|trials|seed \d", about)
    assigned = {t.id for n in node.body if isinstance(n, ast.Assign) for t in n.targets}
    assert not assigned & {"recommended", "settings"}
