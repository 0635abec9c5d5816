"""The interface of a family of networks."""

from abc import ABC
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import keras

from ganzoo import architectures
from ganzoo.architectures.ends import check_network
from ganzoo.conditions.condition import Condition
from ganzoo.conditions.conditioning import Asked
from ganzoo.errors import InputError
from ganzoo.growth import Fade
from ganzoo.memory import gigabytes, usable_memory
from ganzoo.schedule import LARGEST, Stage
from ganzoo.seeds import derive
from ganzoo.variant import Variant, check_choice, check_whole

MIN_SIDE = 4  # Pixels.
GAN = ("generator", "discriminator")  # The roles of a GAN.
POLICIES = {"float32": "float32", "bfloat16": "mixed_bfloat16"}


class Architecture(Variant, ABC):
    """Networks for any stage, which share their layers between stages.

    Layers are made once and kept by name, so the networks of a later stage hold the
    trained ones of the stage before, exactly. Initial weights are a function of
    (seed, layer name).

    An architecture has a network for each of its roles, made by a method of the role's name,
    `generator(self, resolution, fade)`. Inputs and outputs are float32:

    - `generator`: latents [N, L] to images [N, resolution, resolution, channels] in [-1, 1];
    - `discriminator`: such images to logits [N, ...];
    - `encoder`: such images to [N, 2 L], without an activation: mean and log variance of L
      latents for a variational autoencoder; a plain one takes the first half;
    - `denoiser`: noisy images and a noise level, [N], of about -2 to 2, to [N, resolution,
      resolution, channels], without an activation;
    - `translator_ab`, `translator_ba`: images of one domain to images of the other, both in
      [-1, 1]; `discriminator_a`, `discriminator_b`: images of a domain to logits [N, ...];
      `discriminator_ab`: pairs of images, [N, resolution, resolution, 2 channels], to logits;
    - `prior`: numbers [N, L] to codes [N, L], choices and logits [N, P, K], with a layer
      `codebook` (see `VQDCGAN`).

    Where `condition` is set, generator and discriminator have labels int32 [N] as a second
    input, and a denoiser as a third. A family can take one if its networks call `begin`,
    `normalized` (which `normalize` does) and `end` (which `scored` does).

    Attributes:
        roles: Names of its roles. A literal, as names are listed from the source.
        autoencoder: Whether its discriminator is an autoencoder, whose scores are minus its
            errors, see `ganzoo.architectures.reconstruction`. A literal too.
        condition: What its networks are asked for, or `None`; set before they are made.
        logits: Numbers that `scored`, the end of a discriminator, gives an image; set before
            it is made.
        least_base: The smallest base that its networks can have.

    Args:
        channels: Channels of the images.
        base: Resolution of the first stage in pixels.
        seed: Seed of the initial weights.
        precision: What layers compute in, `"float32"` or `"bfloat16"`; weights are float32.
            `None`: as Keras's global dtype policy says.

    Raises:
        InputError: If `precision` is neither, or the policy is another one; or if a role has
            no method.

    Example:

    ```python
    class Dense(Architecture):
        def generator(self, resolution, fade):
            latents = keras.Input((16,), name="latents")
            size = (resolution, resolution, self.channels)
            kernel = self.initializer("g_out", keras.initializers.GlorotUniform)
            options = {"activation": "tanh", "kernel_initializer": kernel}
            dense = self.keep(keras.layers.Dense, math.prod(size), name="g_out", **options)
            return keras.Model(latents, keras.layers.Reshape(size)(dense(latents)))

        def discriminator(self, resolution, fade):
            image = keras.Input((resolution, resolution, self.channels), name="image")
            kernel = self.initializer("d_out", keras.initializers.GlorotUniform)
            dense = self.keep(keras.layers.Dense, 1, name="d_out", kernel_initializer=kernel)
            return keras.Model(image, dense(keras.layers.Flatten()(image)))


    generator, discriminator, _ = Dense(base=14)(ganzoo.Stage(14, kimg=1))
    ```
    """

    roles: tuple[str, ...] = ("generator", "discriminator")
    autoencoder: bool = False
    least_base = MIN_SIDE

    def __init__(
        self,
        channels: int = 1,
        base: int = 28,
        seed: int = 0,
        precision: str | None = None,
    ):
        precision = _policys_precision() if precision is None else precision
        check_choice(POLICIES, precision=precision)
        check_whole(channels=channels)
        check_whole(self.least_base, LARGEST, base=base)
        check_whole(-(2**63), 2**63 - 1, seed=seed)
        self.channels = channels
        self.base = base
        self.seed = seed
        self.precision = precision
        self.kept: dict[str, keras.layers.Layer] = {}
        self.condition: Condition | None = None
        self.logits = 1
        self._asked: Asked | None = None  # Of the network that is being made.
        for role in self.roles:
            if not callable(getattr(self, role, None)):
                raise InputError(
                    f"The architecture {type(self).__name__!r} has {role!r} among its `roles`, "
                    "and no method of that name that makes the network."
                )

    def __call__(self, stage: Stage, roles: Sequence[str] = GAN) -> tuple[Any, ...]:
        """The networks of `roles`, in that order, and the fade inside all of them or `None`.

        ```python
        generator, discriminator, fade = architecture(Stage(28, kimg=1))
        encoder, generator, fade = architecture(stage, roles=("encoder", "generator"))
        ```

        Raises:
            InputError: If the architecture lacks a role, the stage's resolution is not `base`
                doubled some times, the weights would take more than half of the memory, or a
                network has other ends than its role or a layer that is not kept.
        """
        self.check_roles(roles)
        factor, rest = divmod(stage.resolution, self.base)
        if rest or factor.bit_count() != 1:
            sizes = ", ".join(str(self.base * 2**i) for i in range(3))
            raise InputError(
                f"With the base {self.base} the networks' sizes are {sizes}, and so on. "
                f"Received: a stage of {stage.resolution} px."
            )
        self._check_memory(stage.resolution, roles)
        fade = None
        if stage.fade:
            fade = Fade(1000 * stage.fade, name=f"fade_{stage.resolution}")
        with _policy(POLICIES[self.precision]):
            return (*(self._network(role, stage.resolution, fade) for role in roles), fade)

    def _network(self, role: str, resolution: int, fade: Fade | None) -> keras.Model:
        asked = None if self.condition is None else self.condition.asked(role, self)
        self._asked = asked
        try:
            network = getattr(self, role)(resolution, fade)
        finally:
            self._asked = None
        try:
            if asked is not None:
                asked.check(role)
            check_network(
                network, role, (resolution, resolution, self.channels), self.kept, fade
            )
        except InputError as error:
            raise InputError(f"The architecture {self._name!r}: {error}") from error
        return network

    @property
    def _name(self) -> str:
        return architectures.registry.describe(self)

    def check_roles(self, roles: Sequence[str]) -> None:
        """Raises `InputError` if one of `roles` is none that the architecture has."""
        for role in roles:
            if role not in self.roles:
                known = architectures.with_role(role)
                raise InputError(
                    f"The architecture {self._name!r} has no {role}; it has "
                    f"{', '.join(self.roles)}. Architectures with this role: "
                    f"{', '.join(known) or 'none'}."
                )

    def _check_memory(self, resolution: int, roles: Sequence[str]) -> None:
        weights = sum(self.least_weights(resolution, role) for role in roles)
        memory, needed = usable_memory(), 4 * weights
        if memory is not None and needed > memory / 2:
            raise InputError(
                f"The weights of these networks take {gigabytes(needed)}, and the memory has "
                f"{gigabytes(memory)}. Make the networks smaller."
            )

    def least_weights(self, resolution: int, role: str) -> int:
        """A number of weights that the network has at least; 0 where nobody counted.

        It is asked before anything is built, for what does not fit into the memory may end
        the process.
        """
        return 0

    def begin(self, x: Any) -> tuple[Any, Any]:
        """A network's inputs, and what its first layer is given.

        Args:
            x: The network's input, a symbolic tensor: latents or images.

        Returns:
            `x` twice; with a condition a list of `x` and labels, and `x` with what the
            condition adds.
        """
        return (x, x) if self._asked is None else self._asked.begin(x)

    def normalized(self, x: Any, name: str) -> Any:
        """Features of the block called `name` after its normalization, as a condition has them.

        Args:
            x: Features [N, ..., C].
            name: The block's name.
        """
        return x if self._asked is None else self._asked.normalized(x, name)

    def end(self, features: Any, output: Any) -> Any:
        """A network's outputs: `output`, or what a condition makes of it.

        Args:
            features: What the last layer was given, [N, F].
            output: What it gave.
        """
        return output if self._asked is None else self._asked.end(features, output)

    def keep(self, make: Callable[..., Any], *args: Any, name: str, **kwargs: Any) -> Any:
        """The layer called `name`: made at the first call, the same one later."""
        if name not in self.kept:
            self.kept[name] = make(*args, name=name, **kwargs)
        return self.kept[name]

    def another(self, kind: type["Architecture"], **options: Any) -> Any:
        """An architecture of another kind for a network of this one: it keeps layers here.

        Args:
            kind: Its class.
            options: Its options beside channels, base, seed and precision.
        """
        own = {key: getattr(self, key) for key in ("channels", "base", "seed", "precision")}
        other = kind(**own, **options)
        other.kept, other.logits, other._asked = self.kept, self.logits, self._asked
        return other

    def initializer(self, name: str, make: Callable[..., Any], **kwargs: Any) -> Any:
        """An initializer whose seed is a function of (seed, layer name)."""
        return make(seed=derive(self.seed, "weights", name), **kwargs)

    def get_config(self) -> dict[str, Any]:
        return {
            "channels": self.channels,
            "base": self.base,
            "seed": self.seed,
            "precision": self.precision,
        }


def _policys_precision() -> str:
    """The precision of Keras's global dtype policy."""
    name = keras.config.dtype_policy().name
    for precision, policy in POLICIES.items():
        if policy == name:
            return precision
    raise InputError(
        f"Keras's global dtype policy is {name!r}. ganzoo's networks compute in float32, or in "
        'bfloat16 with keras.mixed_precision.set_global_policy("mixed_bfloat16"). Set one of '
        'these, or give precision="float32".'
    )


@contextmanager
def _policy(name: str) -> Iterator[None]:
    """Layers that are made within have this dtype policy, unless they are given another."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
