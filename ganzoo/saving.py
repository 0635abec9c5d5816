"""A model as a config from which Keras makes it again."""

from typing import Any

import keras

from ganzoo.growth import Fade

NETWORKS = ("generator", "discriminator")


def parts(model: Any) -> dict[str, Any]:
    """Keywords of `GANModel`, its objects serialized as Keras serializes them."""
    serialize = keras.saving.serialize_keras_object
    return {
        **{name: serialize(getattr(model, name)) for name in NETWORKS},
        "loss": serialize(model.loss),
        # The loss brings its own.
        "penalties": [serialize(p) for p in model.penalties[len(model.loss.penalties) :]],
        "fade": None if model.fade is None else model.fade.name,
        "critic_steps": model.critic_steps,
        "ema": model.ema.half_life,
        "seed": model.seed,
        "condition": None if model.condition is None else serialize(model.condition),
    }


def from_parts(
    config: dict[str, Any], custom_objects: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The keywords that `parts` wrote, with objects again.

    Args:
        config: What `parts` gave, and keywords of a subclass, which stay as they are.
        custom_objects: Classes by name, as `keras.models.load_model` takes them.
    """

    def make(serialized):
        return keras.saving.deserialize_keras_object(serialized, custom_objects)

    networks = {name: make(config[name]) for name in NETWORKS}
    fade = None
    if config["fade"] is not None:
        fade = networks["generator"].get_layer(config["fade"])
        networks["discriminator"] = _with_fade(networks["discriminator"], fade)
    return config | {
        **networks,
        "loss": make(config["loss"]),
        "penalties": [make(penalty) for penalty in config["penalties"]],
        "fade": fade,
        "condition": make(config["condition"]) if config.get("condition") else None,
    }


def _with_fade(discriminator: keras.Model, fade: Fade) -> keras.Model:
    """The discriminator with the generator's fade: both must agree on alpha."""

    def same_or_fade(layer):
        return fade if layer.name == fade.name else layer

    return keras.models.clone_model(discriminator, clone_function=same_or_fade)
