"""The generator of a run, ready to make images."""

from collections.abc import Collection, Sequence
from typing import Any

import keras

from ganzoo import architectures, conditions, losses
from ganzoo.architectures.architecture import Architecture
from ganzoo.errors import InputError
from ganzoo.models.choice import Choice
from ganzoo.models.generative_model import ema_parts, generator_memory, weights_by_name
from ganzoo.spec import parse
from ganzoo.training import checkpoint
from ganzoo.training.run import CONFIG, Run
from ganzoo.training.saved import checked, stage_of

DISCRIMINATOR = "discriminator"


def load_encoder(run: Run, name: str | None = None) -> keras.Model:
    """The averaged encoder of a run's checkpoint, in float32 on any backend.

    Args:
        run: The run.
        name: Name of the checkpoint, such as `"000040"`; `None` for the newest.

    Returns:
        A Keras model from images [N, H, W, C] in [-1, 1] to latents float32 [N, L], which
        `load_generator` makes images of.

    Raises:
        InputError: As of `load_generator`; or if the run's model does not encode images.
    """
    choice, averaged, _ = _load(run, name)
    encoder = choice.kind.make_encoder(averaged)
    if encoder is None:
        raise InputError(
            f"{run.path}: the model {choice.name!r} does not encode images. Train one that "
            "does, such as vae or vae-gan."
        )
    return encoder


def load_translators(run: Run, name: str | None = None) -> dict[str, keras.Model]:
    """The averaged translators of a run's checkpoint, in float32 on any backend.

    Args:
        run: The run.
        name: Name of the checkpoint, such as `"000040"`; `None` for the newest.

    Returns:
        By direction, `"ab"` and perhaps `"ba"`, Keras models from images [N, H, W, C] in
        [-1, 1] to images of the other domain.

    Raises:
        InputError: As of `load_generator`; or if the run's model does not translate.
    """
    choice, averaged, _ = _load(run, name)
    if not choice.kind.translates:
        raise InputError(
            f"{run.path}: the model {choice.name!r} does not translate images. Train one that "
            "does, such as cyclegan or pix2pix."
        )
    kind: Any = choice.kind
    found: dict[str, keras.Model] = kind.translators(averaged)
    return found


def direction(run: Run, ways: Collection[str], to: str) -> tuple[str, tuple[str, str]]:
    """The way to a domain, `"ab"` or `"ba"`, and the names of its two ends.

    Args:
        run: A run that translates.
        ways: Ways in which it does.
        to: The domain: its name, or `"A"` or `"B"`.

    Raises:
        InputError: If the run does not translate to this domain.
    """
    names = dict(zip("ab", _domains(run), strict=True))
    ends = {"A": "a", "B": "b"} | {name: letter for letter, name in names.items()}
    there = {way[1]: way for way in ways}
    if ends.get(to) not in there:
        known = [f"{letter.upper()} ({names[letter]})" for letter in there]
        raise InputError(f"The run translates to {' and '.join(known)}, not to {to!r}.")
    way = there[ends[to]]
    return way, (names[way[0]], names[way[1]])


def _domains(run: Run) -> list[str]:
    """The names of the two domains of a run that translates."""
    found: list[str] = run.config.get("classes", [])
    if len(found) != 2:
        raise InputError(
            f"{run.path / CONFIG}: 'classes' has {len(found)} names, and the run translates "
            "between 2 domains. Put back what it was."
        )
    return found


def load_generator(run: Run, name: str | None = None, **making: Any) -> keras.Model:
    """The averaged generator of a run's checkpoint, on any backend.

    It computes in float32, whatever the run was trained in: its weights are float32, and in
    bfloat16 images differ between backends and devices by several of 255 levels.

    Args:
        run: The run.
        name: Name of the checkpoint, such as `"000040"`; `None` for the newest.
        making: How images are made, where the model has several ways: keywords of its
            `make_generator`, such as `steps`.

    Returns:
        A Keras model from latents float32 [N, L] to images [N, H, W, C] in [-1, 1]; of a run
        with a condition from latents and labels int32 [N].

    Raises:
        InputError: If there is no such checkpoint, it is damaged or does not fit, the run's
            config has changed since it was made, or the model has no such way.
    """
    choice, _, generator = _load(run, name, **making)
    if choice.kind.translates:
        raise InputError(
            f"{run.path}: the model {choice.name!r} makes images of images, not of latents. "
            "Translate a folder with it."
        )
    return generator


def load_discriminator(run: Run, name: str | None = None) -> keras.Model:
    """The discriminator of a run's checkpoint, in float32 on any backend; no average of it is.

    Args:
        run: The run.
        name: Name of the checkpoint, such as `"000040"`; `None` for the newest.

    Returns:
        A Keras model from images [N, H, W, C] in [-1, 1], and labels int32 [N] if the
        condition says so, to logits, of several outputs the first.

    Raises:
        InputError: As of `load_generator`; or if the checkpoint holds no discriminator, or one
            that gives features instead of a score.
    """
    arrays, manifest, config = checked(run, name)
    begin = f"{DISCRIMINATOR}/"
    if not any(key.startswith(begin) for key in arrays):
        raise InputError(
            f"{run.path}: its checkpoint holds no discriminator. Take a run of a GAN that was "
            "trained here, not pulled."
        )
    loss = parse(config.get("loss", ""))[0]
    if loss in losses.registry and losses.registry.find(loss).logits > 1:
        raise InputError(
            f"{run.path}: its discriminator gives each image several numbers, which {loss} "
            "compares, and no score. Take a run of another loss."
        )
    network, fade = _networks(run, arrays, manifest, config, (DISCRIMINATOR,))
    named = weights_by_name({DISCRIMINATOR: network}, fade)
    checkpoint.restore(named, {key: arrays[key] for key in named if key in arrays})
    if fade is not None:
        fade.seen.assign(arrays["fade"])
    return Choice.of(config.get("model", "gan")).kind.as_scored(network)


def _networks(
    run: Run, arrays: Any, manifest: Any, config: Any, roles: Sequence[str]
) -> tuple[Any, ...]:
    """The networks of a checkpoint's stage, and their fade or `None`."""
    stage = stage_of(run, manifest, config)
    if "fade" not in arrays:  # Made after the old paths were left out.
        stage = stage.without_fade
    architecture = _architecture(config["architecture"])
    if "condition" in config:
        architecture.condition = conditions.get(config["condition"])
    return architecture(stage, roles)


def _load(
    run: Run, name: str | None, **making: Any
) -> tuple[Choice, dict[str, keras.Model], keras.Model]:
    """The kind of model, its averaged networks by role, and the generator made of them."""
    arrays, manifest, config = checked(run, name)
    choice = Choice.of(config.get("model", "gan"))
    *networks, fade = _networks(run, arrays, manifest, config, choice.kind.averaged)
    averaged = dict(zip(choice.kind.averaged, networks, strict=True))
    named = weights_by_name(ema_parts(averaged), fade)
    if fade is not None:
        named["fade"] = fade.seen
    generator = choice.make_generator(averaged, **making)
    named |= generator_memory(generator, averaged)
    wanted = {n: a for n, a in arrays.items() if _is_average(n) or n in named}
    checkpoint.restore(named, wanted)
    return choice, averaged, generator


def _is_average(name: str) -> bool:
    return name.startswith(("ema/", "ema_")) or name == "fade"


def _architecture(spec: str) -> Architecture:
    """The architecture of `spec`, in float32 if it can choose."""
    chooses = "precision" in parse(spec)[1]
    return architectures.get(spec, {"precision": "float32"} if chooses else {})


def class_count(run: Run) -> int:
    """Classes of the images that a run was trained on; 0 for none, or if it does not say."""
    return len(run.config.get("classes", []))


def caption(run: Run, name: str, *phrases: str) -> list[str]:
    """Phrases for a caption: the run, the name of its checkpoint, and further `phrases`."""
    return [run.path.resolve().name, f"checkpoint {name}", *phrases]
