"""Optimizers that pose as one, for Keras carries one."""

from typing import Any

import keras
import numpy as np

from ganzoo.errors import InputError


class Rate(float):
    """A learning rate to read, also for those who expect a variable.

    Nothing can be assigned to it: it belongs to one of several players.
    """

    shape = ()

    def numpy(self) -> np.float32:
        """The rate as NumPy's number."""
        return np.float32(self)

    def assign(self, value: Any) -> None:
        """Raises `InputError`, which says where each player's rate is."""
        raise InputError(EACH_HAS_ITS_OWN)


EACH_HAS_ITS_OWN = (
    "Each player has its own learning rate. Set `model.optimizer.generator.learning_rate` and "
    "`model.optimizer.discriminator.learning_rate`; LearningRateScheduler sets both."
)


class PlayerOptimizers(keras.optimizers.Optimizer):
    """An optimizer for each network that learns.

    On JAX, Keras carries `model.optimizer.variables` through the step and forgets
    everything else; so the variables of all are found here. Each is an attribute, renamed
    after its player, and that is what callbacks call its rate: `learning_rate_generator`.

    Args:
        name: Keras's name for all of them.
        players: By player, such as `generator`, an optimizer or a name that Keras knows.

    Raises:
        ganzoo.errors.InputError: If two are one, or one scales the loss.
    """

    def __init__(self, name: str = "players", **players: Any):
        super().__init__(learning_rate=0.0, name=name)
        self.players = tuple(players)
        for player, given in players.items():
            optimizer = keras.optimizers.get(given)
            if any(optimizer is getattr(self, other) for other in self._before(player)):
                raise InputError(
                    "Each player needs an optimizer of its own. Received the same "
                    f"{type(optimizer).__name__} twice."
                )
            if isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
                raise InputError(
                    f"The {player}'s optimizer scales the loss, which ganzoo does not. Give "
                    "the optimizer inside, and compute in float32 or bfloat16."
                )
            optimizer.name = player
            setattr(self, player, optimizer)

    def _before(self, player: str) -> tuple[str, ...]:
        return self.players[: self.players.index(player)]

    def build(self, *variables: Any) -> None:
        """Make the state that each optimizer keeps of its player's variables."""
        self._players_variables = variables
        for optimizer, own in zip(self.optimizers, variables, strict=True):
            optimizer.build(own)
        self.built = True

    @property
    def optimizers(self) -> list[Any]:
        """All of them, as Keras's callbacks ask for them."""
        return [getattr(self, player) for player in self.players]

    @property
    def variables(self) -> list[Any]:
        return [variable for optimizer in self.optimizers for variable in optimizer.variables]

    @property
    def iterations(self) -> Any:
        return self.optimizers[0].iterations

    @property
    def learning_rate(self) -> Rate:
        """The first player's rate, to read; setting it raises `InputError`."""
        return Rate(keras.ops.convert_to_numpy(self.optimizers[0].learning_rate))

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        raise InputError(EACH_HAS_ITS_OWN)

    def finalize_variable_values(self, var_list: Any) -> None:
        """Put the averages of an optimizer that keeps some into its player's weights."""
        del var_list  # Keras's own list, of the whole model.
        for optimizer, variables in zip(self.optimizers, self._players_variables, strict=True):
            optimizer.finalize_variable_values(variables)

    def save_own_variables(self, store: Any) -> None:
        """Nothing: each optimizer saves its own."""

    def load_own_variables(self, store: Any) -> None:
        """Nothing: each optimizer loads its own."""

    def get_config(self) -> dict[str, Any]:
        serialize = keras.saving.serialize_keras_object
        made = {player: serialize(getattr(self, player)) for player in self.players}
        return made | {"name": self.name}
