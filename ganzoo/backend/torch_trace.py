"""A step on PyTorch as the operations that it does, without the layers' Python around them.

PyTorch runs each operation as it comes, and with networks this small the way through layers,
optimizer and autograd to an operation takes as long as the operation. So after some steps one
is recorded, gradients of gradients included, and its record is run from then on. The same
operations come in the same order: what a step gives stays the same, bit for bit.

On 2 cores, of `wgan-gp` with R1 every fourth step, a recorded step took 0.56 of the time of an
eager one (28 px, batches of 16; of 64: 0.76), and 0.62 and 0.78 at 56 px, as
`benchmarks/recorded.py` times them.
"""

import functools
import logging
import operator
from typing import Any

import keras
import torch
from torch.fx.experimental.proxy_tensor import (
    disable_proxy_modes_tracing,
    get_proxy_mode,
    make_fx,
    track_tensor_tree,
)
from torch.overrides import TorchFunctionMode

EAGER_STEPS = 32  # Before the first record: to make and try one takes as long as some 50.
MAX_RECORDS = 8  # Of one step function. More means that control flow never repeats.
MAX_QUESTION_OPS = 32  # That a question to the host may take, asked again before each step.


class TracedStep:
    """`step(batch)`, which changes `variables` in place, from a record where there is one.

    What a step asks the host, as a lazy penalty does with "is it due?", leads to a record for
    each of the answers. The first time that a record would serve, the step is done as well,
    and both must give the same. A step that fails this, or cannot be recorded, is run as it
    is from then on: one with a counter of Python's in it, say.

    Args:
        step: Function of one batch, a tensor or several. What it returns is dropped.
        variables: The tensors that it may change, each always the same object.
        eager: Steps before the first record, by default `EAGER_STEPS`.
    """

    def __init__(self, step, variables, eager=None):
        self.step = step
        self.variables = list({id(v): v for v in variables}.values())
        self.eager = EAGER_STEPS if eager is None else eager
        self.records: list[Record] = []

    def __call__(self, batch):
        if self.eager:
            self.eager -= 1
            self.step(batch)
            return
        record = next((r for r in self.records if r.fits(self.variables, batch)), None)
        if record is None and len(self.records) == MAX_RECORDS:
            self.step(batch)
        elif record is None:
            self._record(batch)
        elif record.tried:
            record(self.variables, batch)
        else:
            self._try(record, batch)

    def _record(self, batch):
        before = _copies(self.variables)
        try:
            with torch.random.fork_rng():
                self.records.append(Record(self.step, self.variables, batch))
        except Exception as error:  # Of whatever kind: the step raises its own errors below.
            _restore(self.variables, before)
            self._give_up(error)
            self.step(batch)

    def _try(self, record, batch):
        changed = [*self.variables, *record.held]
        before = _copies(changed)
        self.step(batch)
        expected = _copies(changed)
        _restore(changed, before)
        try:
            record(self.variables, batch)
            if not all(map(torch.equal, changed, expected)):
                raise RuntimeError("its record gave something else")
        except Exception as error:  # Of whatever kind: what the step gave stands.
            _restore(changed, expected)
            self._give_up(error)
        else:
            record.tried = True

    def _give_up(self, reason):
        logging.getLogger(__name__).info("Steps are run as they are: %s", reason)
        self.records.clear()
        self.eager = float("inf")


def _copies(tensors):
    return [tensor.detach().clone() for tensor in tensors]


@torch.no_grad()
def _restore(tensors, values):
    for tensor, value in zip(tensors, values, strict=True):
        tensor.copy_(value)


class Record:
    """The operations of a step, and the answers that they depend on.

    To make one does the step.

    Args:
        step: As in `TracedStep`.
        variables: The tensors that it may change.
        batch: What it is called with.

    Attributes:
        held: Other tensors that the operations read or change.
        tried: Whether it was seen to do what the step does.

    Raises:
        RuntimeError: If operations change between steps, or a branch depends on a value that
            is not cheap to compute beforehand.
    """

    def __init__(self, step, variables, batch):
        questions = Questions()

        def whole(*tensors):
            step(keras.tree.pack_sequence_as(batch, tensors[len(variables) :]))
            return [tensor for _, tensor, _ in questions.asked]

        with questions:
            traced = make_fx(whole)(*variables, *keras.tree.flatten(batch))
        self.tried = False
        self._signature = _signature(batch)
        self._answers = [(kind, answer) for kind, _, answer in questions.asked]
        graph = traced.graph
        _refuse_changing_operations(graph)
        self._ask = torch.fx.GraphModule(traced, _questions_alone(graph)).forward
        graph.output_node().args = ((),)
        graph.eliminate_dead_code()
        traced.recompile()
        self._run = traced.forward
        targets = dict.fromkeys(node.target for node in graph.nodes if node.op == "get_attr")
        self.held = [operator.attrgetter(target)(traced) for target in targets]

    @torch.no_grad()
    def fits(self, variables, batch):
        """Whether the step would be given the same answers as when it was recorded."""
        if _signature(batch) != self._signature:
            return False
        asked = self._ask(*variables, *keras.tree.flatten(batch))
        asked = zip(asked, self._answers, strict=True)
        return all(kind(tensor) == answer for tensor, (kind, answer) in asked)

    @torch.no_grad()
    def __call__(self, variables, batch):
        """Do the operations."""
        self._run(*variables, *keras.tree.flatten(batch))


def _signature(batch):
    return [(each.shape, each.stride(), each.dtype) for each in keras.tree.flatten(batch)]


class Questions(TorchFunctionMode):
    """What a step asks the host while it is recorded: truths, whole numbers, random numbers.

    A whole number that becomes a generator's seed is none that the record depends on: the
    random numbers are drawn again, by that step's seed.

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
        if func in LEAVES_PYTORCH:
            raise RuntimeError(f"a record does not see what {func.__name__} gives")
        if kwargs.get("generator") is not None:
            return self._drawn(func, args, kwargs)
        if func is torch.nn.functional.one_hot:  # It looks at its numbers, to refuse some.
            return _one_node(func, args, kwargs)
        return func(*args, **kwargs)

    def _answer(self, func, tensor):
        if isinstance(get_proxy_mode().tracer.unwrap_proxy(tensor), torch.Tensor):
            raise RuntimeError("a record does not see where a number comes from")
        answer = _unrecorded(func, (tensor,), {})
        # The tensor itself may be changed before the step ends.
        self.asked.append((type(answer), tensor.detach().clone(), answer))
        return answer

    def _drawn(self, func, args, kwargs):
        if func.__name__.endswith("_") or "out" in kwargs:
            raise RuntimeError("random numbers are written into a tensor")
        seed = self._seed(kwargs["generator"])
        others = {name: value for name, value in kwargs.items() if name != "generator"}
        return _one_node(_draw(func), (seed, *args), others)

    def _seed(self, generator):
        """The tensor that was asked for the seed of a generator; no question any more."""
        seed = generator.initial_seed()
        for i, (kind, tensor, answer) in reversed(list(enumerate(self.asked))):
            if kind is int and answer & 0xFFFFFFFF == seed:
                del self.asked[i]
                return tensor
        raise RuntimeError("a record does not see where a seed comes from")


LEAVES_PYTORCH = (
    torch.Tensor.numpy,
    torch.Tensor.tolist,
    torch.Tensor.__array__,
    torch.Tensor.__dlpack__,
)


@functools.cache
def _draw(func):
    """`func` of a generator with a tensor for its seed, as `keras.random` calls it."""

    def draw(seed, *args, **kwargs):
        generator = torch.Generator(seed.device)
        generator.manual_seed(int(seed) & 0xFFFFFFFF)
        return func(*args, generator=generator, **kwargs)

    return draw


def _unrecorded(func, args, kwargs):
    with disable_proxy_modes_tracing():
        return func(*args, **kwargs)


def _one_node(func, args, kwargs):
    """`func`, recorded as one operation however many it does."""
    result = _unrecorded(func, args, kwargs)
    tracer = get_proxy_mode().tracer
    known = tuple(map(tracer.unwrap_proxy, args))
    named = {name: tracer.unwrap_proxy(value) for name, value in kwargs.items()}
    node = tracer.create_proxy("call_function", func, known, named)
    return track_tensor_tree(result, node, constant=None, tracer=tracer)


# What the recorded operations are.


def _refuse_changing_operations(graph):
    for node in graph.nodes:
        tags = getattr(node.target, "tags", ())
        if torch.Tag.dynamic_output_shape in tags:
            raise RuntimeError(f"{node.target} gives tensors of another shape each time")
        if torch.Tag.nondeterministic_seeded in tags:
            raise RuntimeError(f"{node.target} draws from PyTorch's own generator")


def _questions_alone(graph):
    """A graph of the same arguments: what was asked, from the variables before the step."""
    needed = _with_ancestors(graph.output_node().all_input_nodes)
    if sum(node.op == "call_function" for node in needed) > MAX_QUESTION_OPS:
        raise RuntimeError("a question to the host takes too long to ask again")
    alone = torch.fx.Graph()
    copies: dict[Any, Any] = {}
    changed: set[Any] = set()
    for node in graph.nodes:
        shared = {_memory(each) for each in (node, *node.all_input_nodes)}
        if (schema := _schema(node)) and schema.is_mutable:
            changed |= shared
        if node in needed and changed & shared:
            raise RuntimeError("a question to the host depends on what the step changed")
        if node in needed or node.op in ("placeholder", "output"):
            copies[node] = alone.node_copy(node, copies.__getitem__)
    return alone


def _with_ancestors(nodes):
    found: set[Any] = set()
    left = list(nodes)
    while left:
        node = left.pop()
        if node not in found:
            found.add(node)
            left += node.all_input_nodes
    return found


def _memory(node):
    """The memory that a node's result lies in, the same for results that share it."""
    while node.target is operator.getitem or _gives_a_view(node):
        node = node.all_input_nodes[0]
    return node.target if node.op == "get_attr" else node


def _gives_a_view(node):
    return (schema := _schema(node)) and any(each.alias_info for each in schema.returns)


def _schema(node):
    return getattr(node.target, "_schema", None)
