import keras

from ganzoo.conditions.condition import Condition


@keras.saving.register_keras_serializable("ganzoo")
class Unconditional(Condition):
    """Nothing can be asked for: networks and steps have no labels."""

    asks = False
