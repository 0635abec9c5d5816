"""Generators that can be asked for a mixture of classes.

A generator's first layers turn a label into a row of ones and zeros, and multiply that with a
vector for each class. In an ONNX file the row can be an input instead: float32 [N, K], the
weight of each class. A row of one 1 asks for a class, as the label did.
"""

from pathlib import Path
from typing import Any

WEIGHTS = "class_weights"


def take_class_weights(path: Path) -> bool:
    """Give an ONNX file the input `class_weights`, float32 [N, K], in place of `labels`.

    Args:
        path: A file as `ganzoo export` writes it; left as it is where labels are used in
            another way.

    Returns:
        Whether the file now takes class weights.
    """
    import onnx

    model = onnx.load(path)
    graph = model.graph
    rows = _rows(graph)
    if not rows:
        return False
    for node in graph.node:
        node.input[:] = [WEIGHTS if name in rows else name for name in node.input]
    _drop_unused(graph)
    if any("labels" in node.input for node in graph.node):
        return False
    inputs = [each for each in graph.input if each.name != "labels"]
    kind = onnx.TensorProto.FLOAT
    inputs.append(onnx.helper.make_tensor_value_info(WEIGHTS, kind, ["N", min(rows.values())]))
    del graph.input[:]
    graph.input.extend(inputs)
    onnx.checker.check_model(model)
    onnx.save_model(model, path)
    return True


def _rows(graph: Any) -> dict[str, int]:
    """Tensors that are 1 where a class is the label and 0 elsewhere: how many classes each has.

    They are casts of an equality between the labels and 0, 1, ..., K - 1.
    """
    import numpy as np
    from onnx import numpy_helper

    made = {output: node for node in graph.node for output in node.output}
    known = {each.name: each for each in graph.initializer}
    found = {}
    for node in graph.node:
        equal = made.get(node.input[0]) if node.op_type == "Cast" else None
        if equal is None or equal.op_type != "Equal":
            continue
        sides = [name for name in equal.input if name not in known]
        ranges = [numpy_helper.to_array(known[n]) for n in equal.input if n in known]
        if len(sides) != 1 or _origin(sides[0], made) != "labels":
            continue
        count = ranges[0].size
        if np.array_equal(ranges[0].ravel(), np.arange(count)):
            found[node.output[0]] = count
    return found


def _origin(name: str, made: dict[str, Any]) -> str:
    """What a tensor is a reshaped or cast copy of."""
    while name in made and made[name].op_type in ("Unsqueeze", "Reshape", "Cast", "Identity"):
        name = made[name].input[0]
    return name


def _drop_unused(graph: Any) -> None:
    """Remove nodes whose outputs nobody takes, and constants that nobody takes."""
    while True:
        used = {name for node in graph.node for name in node.input}
        used |= {output.name for output in graph.output}
        unused = [node for node in graph.node if not used & set(node.output)]
        if not unused:
            break
        for node in unused:
            graph.node.remove(node)
    for each in [each for each in graph.initializer if each.name not in used]:
        graph.initializer.remove(each)
