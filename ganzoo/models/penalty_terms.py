"""The penalties of each player in a step, and what they remember of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import keras
from keras import ops

from ganzoo.losses import penalties as penalty_registry
from ganzoo.losses.penalties.penalty import Penalty, due_together, one_sided
from ganzoo.losses.penalties.turn import Turn

DISCRIMINATOR, GENERATOR = "discriminator", "generator"


class PenaltyTerms:
    """The penalties of a model.

    Args:
        model: The model, which holds the variables of what they remember.
        penalties: The penalties.
    """

    def __init__(self, model: keras.Model, penalties: Sequence[Penalty]):
        self.penalties = dict(zip(_names(penalties), penalties, strict=True))
        self.memory = {
            name: remembered(model, name, penalty.memory)
            for name, penalty in self.penalties.items()
            if penalty.memory
        }

    def pay(self, player: str, turn: Turn, iteration: Any) -> dict[str, Any]:
        """The values of the penalties in a player's turn, by the names of their figures.

        Args:
            player: Whose turn it is.
            turn: What there is to look at.
            iteration: Number of the step, an int32 scalar.
        """
        paid: dict[str, Any] = {}
        for every, due in due_together(paid_by(player, self.penalties)).items():
            paid |= self._pay(player, every, due, turn, iteration)
        return {_figure(self.penalties[name], name, player): paid[name] for name in paid}

    def _pay(
        self, player: str, every: int, penalties: dict[str, Penalty], turn: Turn, iteration: Any
    ) -> dict[str, Any]:
        def due(turn: Turn) -> tuple[dict[str, Any], dict[str, Any]]:
            values, memory = {}, {}
            for name, penalty in penalties.items():
                known, seed = self._remembered(name), self._seed(name, turn)
                value = getattr(penalty, player)(replace(turn, memory=known, seed=seed))
                values[name] = value if every == 1 else every * value
                memory[name] = known
            return values, memory

        def skipped() -> tuple[dict[str, Any], dict[str, Any]]:
            zeros = {name: ops.zeros((), "float32") for name in penalties}
            return zeros, {name: self._remembered(name) for name in penalties}

        if every == 1:
            values, memory = due(turn)
        else:
            both = not one_sided(penalties.values())
            values, memory = ops.cond(
                ops.equal(iteration % every, 0), lambda: due(turn.inside(both)), skipped
            )
        for name, variables in self.memory.items():
            for key, number in memory.get(name, {}).items():
                variables[key].assign(ops.stop_gradient(number))
        return values

    def _seed(self, name: str, turn: Turn) -> Any:
        """A seed for each penalty: one that is skipped in a step moves no other's numbers."""
        first = next(iter(self.penalties))
        return turn.seed if name == first else turn.seed.within(name)

    def _remembered(self, name: str) -> dict[str, Any]:
        return current(self.memory.get(name, {}))

    def seen(self, images: Any, turn: Turn) -> Any:
        """What the discriminator is shown of images, shape as they."""
        for penalty in self.penalties.values():
            images = penalty.seen(images, turn)
        return images

    def learned_from(self, scores: Any, turn: Turn) -> Any:
        """The scores of fakes as the generator's loss takes them."""
        for penalty in self.penalties.values():
            scores = penalty.learned_from(scores, turn)
        return scores

    def named_variables(self) -> dict[str, Any]:
        """What is remembered, under stable names."""
        return {
            f"memory/{name}/{key}": variable
            for name, variables in self.memory.items()
            for key, variable in variables.items()
        }


def remembered(model: keras.Model, name: str, first: Mapping[str, float]) -> dict[str, Any]:
    """A variable of the model for each number that is carried from step to step.

    Args:
        model: The model.
        name: Of the loss or penalty.
        first: Its first numbers by name.
    """
    return {
        key: model.add_weight(
            shape=(),
            initializer=keras.initializers.Constant(value),
            dtype="float32",
            trainable=False,
            name=f"{name}_{key}",
        )
        for key, value in first.items()
    }


def current(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Their values, which stay what they are when the variables change."""
    return {key: ops.convert_to_tensor(v) + 0.0 for key, v in variables.items()}


def paid_by(player: str, penalties: Mapping[str, Penalty]) -> dict[str, Penalty]:
    """The penalties that `player` pays."""
    return {name: p for name, p in penalties.items() if player in p.players}


def figures(penalties: Sequence[Penalty], player: str) -> tuple[str, ...]:
    """Names of the figures of the penalties that `player` pays."""
    named = dict(zip(_names(penalties), penalties, strict=True))
    paid = paid_by(player, named).items()
    return tuple(_figure(penalty, name, player) for name, penalty in paid)


def _figure(penalty: Penalty, name: str, player: str) -> str:
    """Of one that both players pay, the generator's share has a name of its own."""
    both = player == GENERATOR and DISCRIMINATOR in penalty.players
    return f"{name}_of_g" if both else name


def _names(penalties: Iterable[Penalty]) -> list[str]:
    """Names of `penalties`, numbered where two share one."""
    names = [penalty_registry.registry.describe(p).rpartition(":")[2] for p in penalties]
    return [name if names.count(name) == 1 else f"{name}_{i}" for i, name in enumerate(names)]
