"""Two optimizers that pose as one, for Keras carries one."""

from typing import Any

import keras
import numpy as np

from ganzoo.errors import InputError


class Rate(float):
    """A learning rate to read, also for those who expect a variable.

    Nothing can be assigned to it: it belongs to one of two players.
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
    """The generator's and the discriminator's optimizer.

    On JAX, Keras carries `model.optimizer.variables` through the step and forgets
    everything else; so both optimizers' variables are found here. Both are renamed after their
    players, and that is what callbacks call their rates: `learning_rate_generator`.

    Args:
        generator: The generator's optimizer, or a name that Keras knows.
        discriminator: The discriminator's.

    Raises:
        ganzoo.errors.InputError: If both are one, or one scales the loss.
    """

    def __init__(self, generator, discriminator, name="players"):
        super().__init__(learning_rate=0.0, name=name)
        self.generator = keras.optimizers.get(generator)
        self.discriminator = keras.optimizers.get(discriminator)
        if self.generator is self.discriminator:
            raise InputError(
                "Each player needs an optimizer of its own. Received the same "
                f"{type(generator).__name__} twice."
            )
        for player in ("generator", "discriminator"):
            optimizer = getattr(self, player)
            if isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
                raise InputError(
                    f"The {player}'s optimizer scales the loss, which ganzoo does not. Give "
                    "the optimizer inside, and compute in float32 or bfloat16."
                )
            optimizer.name = player

    def build(self, generator_variables, discriminator_variables):
        """Make the state that each optimizer keeps of its player's variables."""
        self._players_variables = (generator_variables, discriminator_variables)
        for optimizer, variables in zip(self.optimizers, self._players_variables, strict=True):
            optimizer.build(variables)
        self.built = True

    @property
    def optimizers(self):
        """Both, as Keras's callbacks ask for them."""
        return [self.generator, self.discriminator]

    @property
    def variables(self):
        return self.generator.variables + self.discriminator.variables

    @property
    def iterations(self):
        return self.generator.iterations

    @property
    def learning_rate(self):
        """The generator's rate, to read; setting it raises `InputError`."""
        rate = keras.ops.convert_to_numpy(self.generator.learning_rate)
        return Rate(rate)

    @learning_rate.setter
    def learning_rate(self, value):
        raise InputError(EACH_HAS_ITS_OWN)

    def finalize_variable_values(self, var_list):
        """Put the averages of an optimizer that keeps some into its player's weights."""
        del var_list  # Keras's own list, of the whole model.
        for optimizer, variables in zip(self.optimizers, self._players_variables, strict=True):
            optimizer.finalize_variable_values(variables)

    def save_own_variables(self, store):
        """Nothing: each optimizer saves its own."""

    def load_own_variables(self, store):
        """Nothing: each optimizer loads its own."""

    def get_config(self):
        return {
            "generator": keras.saving.serialize_keras_object(self.generator),
            "discriminator": keras.saving.serialize_keras_object(self.discriminator),
            "name": self.name,
        }
