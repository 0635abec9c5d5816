"""Which of a preset's settings the cells of a comparison have."""

from ganzoo.comparison.runs.grid import product
from ganzoo.comparison.runs.plan import with_preset

PRESET = {"schedule": "28:1", "batch": 16, "architecture": "progressive-dcgan:width=32"}


def of_cells(models, chosen=()):
    cells, common = with_preset(product({"model": models}), PRESET, dict(chosen))
    return {cell.settings["model"]: cell.keywords(common, seed=0) for cell in cells}, common


def test_what_a_model_recommends_wins_over_a_preset_in_its_cells_alone():
    found, common = of_cells(["gan", "vae", "flow"])
    assert common == {"schedule": "28:1"}
    kept = {m: {k for k in PRESET if k in settings} for m, settings in found.items()}
    assert kept["gan"] == {"schedule", "batch", "architecture"}
    assert kept["vae"] == {"schedule", "batch"}
    assert kept["flow"] == {"schedule"}
    assert found["gan"]["batch"] == found["vae"]["batch"] == 16


def test_what_a_person_chooses_wins_over_both():
    found, common = of_cells(["gan", "flow"], {"batch": 8})
    assert common == {"schedule": "28:1", "batch": 8}
    assert found["gan"]["batch"] == found["flow"]["batch"] == 8


def test_cells_that_recommend_nothing_have_the_whole_preset_in_common():
    found, common = of_cells(["gan"])
    assert common == PRESET and found["gan"]["batch"] == 16
