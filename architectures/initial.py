"""Initial weights that several layers share."""

import keras


def he(architecture, name):
    """He's normal initializer, whose seed is a function of (seed, layer name)."""
    return architecture.initializer(name, keras.initializers.HeNormal)
