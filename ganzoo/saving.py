"""A model as a config from which Keras makes it again."""

from typing import Any

import keras

from ganzoo.growth import Fade


def parts(model: Any) -> dict[str, Any]:
    """Keywords that every `GenerativeModel` takes, its networks serialized as Keras does it."""
    serialize = keras.saving.serialize_keras_object
    return {
        **{role: serialize(network) for role, network in model.by_role().items()},
        "fade": None if model.fade is None else model.fade.name,
        "ema": model.half_life,
        "seed": model.seed,
        "condition": None if model.condition is None else serialize(model.condition),
    }


def from_parts(
    cls: Any, config: dict[str, Any], custom_objects: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The keywords of a config, with objects again.

    Args:
        cls: The kind of model, which has `roles`.
        config: The keywords; what Keras serialized among them becomes an object.
        custom_objects: Classes by name, as `keras.models.load_model` takes them.
    """
    made = {
        key: keras.saving.deserialize_keras_object(value, custom_objects)
        for key, value in config.items()
    }
    if config["fade"] is not None:
        first, *others = cls.roles
        made["fade"] = made[first].get_layer(config["fade"])
        made |= {role: _with_fade(made[role], made["fade"]) for role in others}
    return made


def _with_fade(network: keras.Model, fade: Fade) -> keras.Model:
    """The network with another one's fade: all must agree on alpha."""

    def same_or_fade(layer: Any) -> Any:
        return fade if layer.name == fade.name else layer

    return keras.models.clone_model(network, clone_function=same_or_fade)
