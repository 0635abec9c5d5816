"""The live server: what a person types, drags and mixes reaches the generators."""

import json

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from ganzoo.cli import main

FORMS = ["A", "B", "question"]


@pytest.fixture
def played(tmp_path):
    """A player of a network by hand: the picture is as bright as its weight of class 1."""
    onnx = pytest.importorskip("onnx")
    pytest.importorskip("onnxruntime")
    from ganzoo.demo.player import Player

    helper, kind = onnx.helper, onnx.TensorProto.FLOAT
    inputs = [
        helper.make_tensor_value_info("latents", kind, ["N", 4]),
        helper.make_tensor_value_info("class_weights", kind, ["N", 3]),
    ]
    spread = np.zeros((3, 64), np.float32)
    spread[1], spread[2] = 2.0, 1.0  # From black by 2 to white; class 2 is gray.
    constants = {
        "spread": spread,
        "black": np.array([-1.0], np.float32),
        "shape": np.array([-1, 8, 8, 1]),
    }
    nodes = [
        helper.make_node("MatMul", ["class_weights", "spread"], ["sum"]),
        helper.make_node("Add", ["sum", "black"], ["flat"]),
        helper.make_node("Reshape", ["flat", "shape"], ["images"]),
    ]
    output = helper.make_tensor_value_info("images", kind, ["N", 8, 8, 1])
    given = [onnx.numpy_helper.from_array(a, name) for name, a in constants.items()]
    graph = helper.make_graph(nodes, "by hand", inputs, [output], given)
    opsets = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=8), tmp_path / "m.onnx")
    about = {
        "file": "m.onnx",
        "title": "by hand",
        "run": "00000",
        "classes": FORMS,
        "latents": 4,
    }
    about |= {"categories": 0, "resolution": 8, "asked": "class_weights"}
    about["characters"] = {"A": 0, "B": 1, "?": 2}
    return Player(tmp_path, about)


def brightness(picture):
    """Of each image of a row of 8 x 8 ones."""
    pixels = np.array(picture)
    return [int(pixels[:, i : i + 8].mean()) for i in range(0, pixels.shape[1], 8)]


def test_letters_come_in_their_order_and_what_has_no_form_is_said(played):
    line, said = played.write("AB ?x", hand=1, spread=0.5)
    shown = brightness(line)
    assert shown[:2] == [0, 255] and shown[3] == 128 and said == "No form for x"
    assert played.write("xyx", 1, 0.5) == (None, "No form for x y")


def test_a_mixture_has_a_share_of_each_class(played):
    three, between = played.mix(hand=1, share=0.25, one=0, two=1)
    assert brightness(three) == [0, 64, 255]
    assert brightness(between) == pytest.approx([25.5 * i for i in range(11)], abs=0.51)
    assert brightness(played.mix(1, 0.25, 1, 1)[0]) == [255] * 3


def test_a_plane_goes_through_its_latent_and_keeps_the_category():
    from ganzoo.demo.player import blend

    one, two = np.array([5.0, 3.0, 4.0]), np.array([1.0, 0.0, 5.0])
    np.testing.assert_allclose(blend([one, two], (1.0, 0.0)), one)
    np.testing.assert_allclose(blend([one, two], (3.0, 4.0), kept=1), [5.0, 1.8, 6.4])


def test_where_gradio_is_missing_one_line_says_what_to_install(monkeypatch):
    from ganzoo.demo import live
    from ganzoo.errors import InputError

    monkeypatch.setattr(live.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pip install 'ganzoo\[live\]'"):
        live.check_modules()


@pytest.mark.thorough
def test_a_client_writes_walks_and_mixes(played, monkeypatch):
    pytest.importorskip("gradio")
    from gradio_client import Client

    from ganzoo.demo.live import LiveApp

    def image(found):
        return Image.open(found if isinstance(found, str) else found["path"]).convert("L")

    with LiveApp([played, played]).serving() as address:
        assert address.startswith("http://127.0.0.1:")
        client = Client(address, verbose=False)
        line, said = client.predict(0, 1, "B?", 0.6, api_name="/write")
        assert said == "" and np.unique(image(line)).tolist() == [128, 255]
        plane = image(client.predict(1, 1, 2, api_name="/map"))
        assert plane.size == (504, 504)  # Seven of 8 pixels, nine times as large.
        here = image(client.predict(0, 1, 0.2, 0.9, 1, api_name="/look"))
        assert np.array(here).min() == 255
        mixed, _ = client.predict(0, 1, 0.5, 0, 1, api_name="/mix")
        assert np.unique(image(mixed)).tolist() == [0, 128, 255]
        settings = json.dumps(client.config)
        assert "by hand" in settings and '"question"' in settings


def test_options_of_the_page_are_refused_beside_live(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    result = CliRunner().invoke(main, ["demo", str(folder), "--live", "--out", "x"])
    assert result.exit_code == 2 and "With --live leave --out out." in result.output
