"""The card says how good a generator is, beside real images, or that nobody measured."""

from ganzoo.hub.card import card

CONFIG = {
    "ganzoo": "0.2.0",
    "data": "unown",
    "loss": "hinge",
    "penalties": ["r1:gamma=1", "r2:gamma=1"],
    "architecture": "mlp",
}
MANIFEST = {"step": 10, "kimg": 0.32, "resolution": 28}
MEASURES = {
    "step": 10,
    "count": 1000,
    "verdict": "healthy",
    "kid": 0.0104,
    "recognised": 0.975,
    "floor": {"kid": -0.002, "recognised": 0.99},
}


def test_figures_stand_beside_those_of_real_images():
    text = card("a/b", CONFIG, MANIFEST, {"measures": MEASURES}, pictured=False)
    assert "Of 1,000 samples. Verdict: healthy." in text
    assert "| KID ↓ | 0.010 | −0.002 |" in text
    assert "| Recognised (%) ↑ | 97.5 | 99.0 |" in text
    assert "license: apache-2.0\n" in text and "samples.png" not in text
    assert "| penalties | `r1:gamma=1 + r2:gamma=1` |" in text


def test_figures_of_another_checkpoint_are_not_this_one_s():
    text = card("a/b", CONFIG, MANIFEST | {"step": 5}, {"measures": MEASURES}, pictured=True)
    assert "This checkpoint was not scored." in text and "0.010" not in text
    assert "![Samples](samples.png)" in text
