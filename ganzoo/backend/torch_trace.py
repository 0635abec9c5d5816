"""A step on PyTorch as the operations that it does, without the layers' Python around them.

PyTorch runs each operation as it comes, and with networks this small the way through layers,
optimizer and autograd to an operation takes as long as the operation. So after some steps one
is recorded, gradients of gradients included, and its record is run from then on. The same
operations come in the same order: what a step gives stays the same, bit for bit.
"""

import functools
from typing import Any

import torch
from torch.fx.experimental.proxy_tensor import (
    disable_proxy_modes_tracing,
    get_proxy_mode,
    make_fx,
    track_tensor_tree,
)
from torch.overrides import TorchFunctionMode

PLAIN = 32  # Steps before the first record: to make it takes as long as some 50 steps.
MOST = 8  # Records of one step function; more mean that its questions never come round.
SMALL = 32  # Operations that a question to the host may take, asked again before each step.


class TracedStep:
    """`step(batch)`, which changes `variables` in place, from a record where there is one.

    What a step asks the host, as a lazy penalty does with "is it due?", leads to a record for
    each of the answers. A step that cannot be recorded is run as it is: one that asks for
    something that depends on images, say.

    Args:
        step: Function of one batch, a tensor. What it returns is dropped.
        variables: The tensors that it may change.
        plain: Steps before the first record, by default `PLAIN`.
    """

    def __init__(self, step, variables, plain=None):
        self.step = step
        self.variables = list({id(v): v for v in variables}.values())
        self.plain = PLAIN if plain is None else plain
        self.records: list[tuple[Any, Record]] = []

    def __call__(self, batch):
        if self.plain:
            self.plain -= 1
            self.step(batch)
            return
        about = batch.shape, batch.dtype
        with torch.no_grad():
            for known, record in self.records:
                if known == about and record.fits(self.variables, batch):
                    record.run(*self.variables, batch)
                    return
        if len(self.records) == MOST:
            self.step(batch)
        else:
            self._record(about, batch)

    def _record(self, about, batch):
        before = [v.detach().clone() for v in self.variables]
        try:
            self.records.append((about, Record(self.step, self.variables, batch)))
        except Exception:  # Of whatever kind: the step itself will raise what is its fault.
            with torch.no_grad():
                for variable, value in zip(self.variables, before, strict=True):
                    variable.copy_(value)
            self.plain = float("inf")
            self.step(batch)


class Record:
    """The operations of a step, and the answers that they depend on.

    To make one does the step.

    Args:
        step: As in `TracedStep`.
        variables: The tensors that it may change.
        batch: What it is called with.

    Raises:
        RuntimeError: If the step asks the host for what no small computation on the
            variables tells before it.
    """

    def __init__(self, step, variables, batch):
        questions = Questions()

        def whole(*tensors):
            step(tensors[-1])
            return [tensor for _, tensor, _ in questions.asked]

        with questions:
            graph = make_fx(whole)(*variables, batch)
        self.answers = [(kind, answer) for kind, _, answer in questions.asked]
        self._ask = _questions_alone(graph)
        _output(graph.graph).args = ((),)
        graph.graph.eliminate_dead_code()
        graph.recompile()
        self.run = graph.forward

    def fits(self, variables, batch):
        """Whether the step would be given the same answers as when it was recorded."""
        tensors = self._ask(*variables, batch)
        asked = zip(tensors, self.answers, strict=True)
        return all(kind(tensor) == answer for tensor, (kind, answer) in asked)


class Questions(TorchFunctionMode):
    """What a step asks the host while it is recorded: truths, whole numbers, random numbers.

    A whole number that becomes a generator's seed is none that the record depends on: the
    random numbers are drawn again, by the seed of the day.

    Attributes:
        asked: How each was asked (`bool` or `int`), the tensor, and the answer.
    """

    def __init__(self):
        super().__init__()
        self.asked = []

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if get_proxy_mode() is None:
            return func(*args, **kwargs)
        if func in (torch.Tensor.__bool__, torch.Tensor.__int__):
            return self._answer(func, args[0])
        if func in (torch.Tensor.numpy, torch.Tensor.__array__):
            raise RuntimeError("What NumPy is given, a record does not see.")
        if kwargs.get("generator") is not None:
            seed = self._seed(kwargs.pop("generator"))
            return _one_node(_draw(func), (seed, *args), kwargs)
        if func is torch.nn.functional.one_hot:  # It looks at its numbers, to refuse some.
            return _one_node(func, args, kwargs)
        return func(*args, **kwargs)

    def _answer(self, func, tensor):
        if isinstance(get_proxy_mode().tracer.unwrap_proxy(tensor), torch.Tensor):
            raise RuntimeError("A record does not see where this tensor comes from.")
        answer = _aside(func, (tensor,), {})
        # The tensor itself may be changed before the step ends.
        self.asked.append((type(answer), tensor.detach().clone(), answer))
        return answer

    def _seed(self, generator):
        """The tensor that was asked for the seed of a generator; no question any more."""
        seed = generator.initial_seed()
        place = next(
            i
            for i, (kind, _, answer) in reversed(list(enumerate(self.asked)))
            if kind is int and answer & 0xFFFFFFFF == seed
        )
        return self.asked.pop(place)[1]


@functools.cache
def _draw(func):
    """`func` of a generator with a tensor for its seed, as `keras.random` calls it."""

    def draw(seed, *args, **kwargs):
        generator = torch.Generator(seed.device)
        generator.manual_seed(int(seed) & 0xFFFFFFFF)
        return func(*args, generator=generator, **kwargs)

    return draw


def _aside(func, args, kwargs):
    """`func`, of which nothing is recorded."""
    with disable_proxy_modes_tracing():
        return func(*args, **kwargs)


def _one_node(func, args, kwargs):
    """`func`, recorded as one operation however many it does."""
    result = _aside(func, args, kwargs)
    tracer = get_proxy_mode().tracer
    known = tuple(map(tracer.unwrap_proxy, args))
    node = tracer.create_proxy("call_function", func, known, kwargs)
    return track_tensor_tree(result, node, constant=None, tracer=tracer)


def _output(graph):
    return next(reversed(graph.nodes))


def _questions_alone(traced):
    """A function of the same arguments: what was asked, from the variables before the step."""
    needed = _with_ancestors(_output(traced.graph).all_input_nodes)
    if sum(node.op == "call_function" for node in needed) > SMALL:
        raise RuntimeError("A question to the host takes too long to ask again.")
    alone = torch.fx.Graph()
    copies: dict[Any, Any] = {}
    changed: set[Any] = set()
    for node in traced.graph.nodes:
        shared = {_base(each) for each in (node, *node.all_input_nodes)}
        if _writes(node):
            changed |= shared
        if node in needed and changed & shared:
            raise RuntimeError("A question to the host depends on what the step changed.")
        if node in needed or node.op in ("placeholder", "output"):
            copies[node] = alone.node_copy(node, copies.__getitem__)
    return torch.fx.GraphModule(traced, alone).forward


def _with_ancestors(nodes):
    found: set[Any] = set()
    left = list(nodes)
    while left:
        node = left.pop()
        if node not in found:
            found.add(node)
            left += node.all_input_nodes
    return found


def _base(node):
    """The node whose memory the result of `node` shares."""
    while (schema := _schema(node)) and any(r.alias_info for r in schema.returns):
        node = node.all_input_nodes[0]
    return node


def _writes(node):
    return (schema := _schema(node)) and schema.is_mutable


def _schema(node):
    return getattr(node.target, "_schema", None)
