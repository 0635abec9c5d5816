"""A generator's labels become weights of classes: a 1 asks as a label did, shares mix."""

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="pip install '.[export]'")
onnxruntime = pytest.importorskip("onnxruntime", reason="pip install '.[export]'")
from onnx import TensorProto, helper, numpy_helper  # noqa: E402

from ganzoo.demo.class_weights import take_class_weights  # noqa: E402

VECTORS = np.array([[1, 2], [3, 5], [7, 11]], np.float32)


def write(path, *more, outputs=("images",)):
    """latents [N, 2] plus the vector of the class, by a row of ones and zeros."""
    constants = {
        "last": np.array([1], np.int64),
        "range": np.arange(3, dtype=np.int32),
        "vectors": VECTORS,
    }
    nodes = [
        helper.make_node("Unsqueeze", ["labels", "last"], ["column"]),
        helper.make_node("Equal", ["column", "range"], ["same"]),
        helper.make_node("Cast", ["same"], ["row"], to=TensorProto.FLOAT),
        helper.make_node("MatMul", ["row", "vectors"], ["asked"]),
        helper.make_node("Add", ["latents", "asked"], ["images"]),
        *more,
    ]
    graph = helper.make_graph(
        nodes,
        "generator",
        [
            helper.make_tensor_value_info("latents", TensorProto.FLOAT, ["N", 2]),
            helper.make_tensor_value_info("labels", TensorProto.INT32, ["N"]),
        ],
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", 2][: 3 - i])
            for i, name in enumerate(outputs, 1)
        ],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    opset = helper.make_opsetid("", 15)
    onnx.save_model(helper.make_model(graph, opset_imports=[opset], ir_version=8), path)


def play(path, **inputs):
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return session.run(["images"], inputs)[0]


def test_a_one_asks_for_a_class_and_shares_mix_their_vectors(tmp_path):
    path = tmp_path / "generator.onnx"
    write(path)
    latents = np.array([[0.5, -1], [2, 0], [0, 0]], np.float32)
    before = play(path, latents=latents, labels=np.array([2, 0, 1], np.int32))
    assert take_class_weights(path)
    rows = np.eye(3, dtype=np.float32)[[2, 0, 1]]
    assert (play(path, latents=latents, class_weights=rows) == before).all()
    mixed = np.array([[0.25, 0.75, 0]], np.float32)
    found = play(path, latents=np.zeros((1, 2), np.float32), class_weights=mixed)
    assert found.tolist() == [[2.5, 4.25]]
    assert {each.name for each in onnx.load(path).graph.initializer} == {"vectors"}


def test_a_file_that_uses_its_labels_otherwise_is_left_as_it_was(tmp_path):
    path = tmp_path / "generator.onnx"
    cast = helper.make_node("Cast", ["labels"], ["number"], to=TensorProto.FLOAT)
    write(path, cast, outputs=("images", "number"))
    before = path.read_bytes()
    assert not take_class_weights(path)
    assert path.read_bytes() == before


def test_a_file_without_labels_is_left_as_it_was(tmp_path):
    path = tmp_path / "generator.onnx"
    value = helper.make_tensor_value_info("latents", TensorProto.FLOAT, ["N", 2])
    image = helper.make_tensor_value_info("images", TensorProto.FLOAT, ["N", 2])
    node = helper.make_node("Identity", ["latents"], ["images"])
    graph = helper.make_graph([node], "generator", [value], [image])
    opset = helper.make_opsetid("", 15)
    onnx.save_model(helper.make_model(graph, opset_imports=[opset], ir_version=8), path)
    before = path.read_bytes()
    assert not take_class_weights(path)
    assert path.read_bytes() == before
