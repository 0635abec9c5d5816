"""Two optimizers that pose as one, for Keras carries one."""

import keras

from ganzoo.errors import InputError


class PlayerOptimizers(keras.optimizers.Optimizer):
    """The generator's and the discriminator's optimizer.

    On JAX, Keras carries `model.optimizer.variables` through the step and forgets
    everything else; so both optimizers' variables are found here.
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

    def build(self, generator_variables, discriminator_variables):
        """Make the state that each optimizer keeps of its player's variables."""
        self.generator.build(generator_variables)
        self.discriminator.build(discriminator_variables)
        self.built = True

    @property
    def variables(self):
        return self.generator.variables + self.discriminator.variables

    @property
    def iterations(self):
        return self.generator.iterations

    @property
    def learning_rate(self):
        # Raising keeps a LearningRateScheduler from scheduling nothing in silence.
        raise AttributeError(
            "Each player has its own learning rate: "
            "`model.optimizer.generator.learning_rate` and `.discriminator.learning_rate`."
        )

    def get_config(self):
        return {
            "generator": keras.saving.serialize_keras_object(self.generator),
            "discriminator": keras.saving.serialize_keras_object(self.discriminator),
            "name": self.name,
        }
