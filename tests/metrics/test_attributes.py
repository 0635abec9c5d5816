"""What captions say, measured of images: real ones, and such as are not as they were asked."""

import numpy as np
import pytest

from ganzoo.conditions.text import Text
from ganzoo.data import recipe, sets
from ganzoo.metrics import Evaluator, attributes, network
from ganzoo.metrics.features import Features, named_weights
from ganzoo.metrics.measures import ATTRIBUTES, MEASURES, OF_CAPTIONS


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recipe, "HELD_OUT", 2)
        patch.setenv("GANZOO_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield sets.get("unown-captioned")


def untrained(data):
    """A feature network that has learnt nothing: attributes are read without it."""
    model = network.build(data.resolution, 3, len(data.classes))
    arrays = {name: w.astype(np.float16) for name, w in named_weights(model).items()}
    arrays |= {"mean": np.zeros(network.FEATURES, np.float32)}
    arrays |= {"deviation": np.ones(network.FEATURES, np.float32)}
    config = {"version": 1, "resolution": data.resolution, "channels": 3}
    return Features(config | {"classes": list(data.classes), "data_sha256": ""}, arrays)


@pytest.mark.backends("torch")
def test_real_images_are_as_asked_and_others_are_not(source):
    data = source.load(28, per_class=2)
    assert {*ATTRIBUTES} == {*source.grammar.attributes}
    text = Text(" ".join(data.captions.words), data.captions.longest)
    asked = text.requests(data, 112)
    parts = data, data.held_out  # As many captions of each are asked for as there are images.
    every, images, classes = (
        np.concatenate(each)
        for each in zip(*((text.of_images(p), p.images, p.labels) for p in parts), strict=True)
    )
    assert sorted(asked.given.tolist()) == sorted(every.tolist())
    rows = [np.flatnonzero((every == each).all(axis=1))[0] for each in asked.given[:56]]
    images, never = images[rows], source.held_out_combinations(28, 2)
    known = set(data.captions.words)
    assert text.encode(asked.captions).tolist() == asked.given.tolist()
    assert asked.classes[:56].tolist() == classes[rows].tolist()
    asked = text.requests(data, 56)
    assert asked.never_captions and len(asked.never) == len(asked.never_captions)
    assert all(set(caption.split()) <= known for caption in asked.never_captions)
    evaluator = Evaluator(data, 56, untrained(data))
    of_never = never.captions.rows(np.arange(56))
    told = attributes.Told(asked.captions, never.images, of_never)
    result = evaluator(images, asked.classes, told)
    for name in OF_CAPTIONS:
        assert name in MEASURES
        assert result[name] >= 0.92 and result["floor"][name] >= 0.92, name
        assert 0 <= result["floor_deviation"][name] < 0.05
    wrong = attributes.Told(asked.captions[1:] + asked.captions[:1])
    others = evaluator(images, asked.classes, wrong)
    assert max(others[f"{name}_as_asked"] for name in ATTRIBUTES) < 0.7
    assert others["size_never_trained"] is None
    cut = Evaluator(data, 40, untrained(data))(images, asked.classes, told)
    assert cut["form_as_asked"] >= 0.92 and len(images) > 40
    assert evaluator(images)["size_as_asked"] is None
