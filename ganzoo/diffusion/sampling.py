"""A generator made of a denoiser: from noise to images, by a sampler's steps."""

import functools
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import ops

from ganzoo import backend
from ganzoo.diffusion import objectives, samplers
from ganzoo.diffusion.moments import Moments
from ganzoo.diffusion.noise import deviation, fade_of, sized
from ganzoo.diffusion.objective import Objective, Scale
from ganzoo.diffusion.sampler import Path, Sampler
from ganzoo.errors import InputError

NOTHING_ASKED = -1  # The label of no class, at which an embedding gives 0.


@keras.saving.register_keras_serializable("ganzoo")
class Sampling(keras.layers.Layer):
    """A sampler's way as one layer: latents [N, L], and labels if any, to images in [-1, 1].

    Args:
        denoiser: The network.
        objective: What it has learned, or its spec.
        sampler: How images are made with it, or its spec.
        steps: Of the sampler.
        guidance: How much more what is asked for counts than nothing asked; 1 is as trained.
    """

    def __init__(
        self,
        denoiser: keras.Model,
        objective: str | Objective,
        sampler: str | Sampler,
        steps: int,
        guidance: float = 1.0,
        **kwargs: Any,
    ):
        super().__init__(**{"dtype": "float32", **kwargs})
        self.denoiser = denoiser
        self.objective = objectives.get(objective)
        self.sampler = samplers.get(sampler)
        self.steps = steps
        self.guidance = guidance
        self.moments = Moments(name="moments")
        self.fade = fade_of(denoiser)
        self.compiled = self.called = backend.compiled(denoiser)
        self.way = Path(self.objective, steps, self._estimate)
        self.labels: Any = None  # Of the images that are being made.
        self.built = True

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Height, width and channels of the images."""
        height, width, channels = self.denoiser.inputs[0].shape[1:]
        return height, width, channels

    @property
    def scale(self) -> Scale:
        """How large the numbers are."""
        noise = deviation(self.image_shape[0], self.fade)
        return Scale(ops.convert_to_tensor(self.moments.mean), self.moments.deviation, noise)

    @property
    def latent_size(self) -> int:
        """Numbers of a latent: the noise to begin with, and that of later steps if any."""
        return int(np.prod(self.image_shape)) * (self.steps if self.sampler.random else 1)

    @property
    def evaluations(self) -> int:
        """Passes through the denoiser for one image."""
        asked = 2 if takes_labels(self.denoiser) and self.guidance != 1 else 1
        return asked * self.sampler.evaluations(self.steps)

    def say(
        self, denoiser: Callable[[list[Any]], Any], noisy: Any, time: Any, labels: Any
    ) -> Any:
        """What a denoiser says of noisy images, float32 [N, H, W, C].

        Args:
            denoiser: This one, or that of which it is the average, as a function of its inputs.
            noisy: [N, H, W, C].
            time: Float32 [N].
            labels: int32 [N], or `None` if the denoiser takes none.
        """
        given = self.objective.given(noisy, time, self.scale)
        inputs = [given, self.objective.level(time)]
        inputs += [] if labels is None else [labels]
        return ops.cast(denoiser(inputs), "float32")

    def _estimate(self, noisy: Any, time: Any) -> tuple[Any, Any]:
        labels, weight = self.labels, self.guidance
        said = self.say(self.called, noisy, time, labels)
        if labels is not None and weight != 1:
            free = self.say(self.called, noisy, time, ops.full_like(labels, NOTHING_ASKED))
            said = free + weight * (said - free)
        return self.objective.estimate(said, noisy, time, self.scale)

    def call(self, inputs: Any, training: bool = False) -> Any:
        learning = functools.partial(self.denoiser, training=True)
        self.called = learning if training else self.compiled
        latents, self.labels = inputs if isinstance(inputs, list | tuple) else (inputs, None)
        shape = (-1, latents.shape[1] // int(np.prod(self.image_shape)), *self.image_shape)
        noises = ops.reshape(latents, shape)
        noises = [sized(noises[:, i], self.fade) for i in range(shape[1])]
        images = self.sampler(self.way, noises)
        self.labels = None
        return ops.clip(images, -1.0, 1.0)

    def compute_output_shape(self, shape: Any) -> Any:
        latents = shape[0] if isinstance(shape[0], list | tuple) else shape
        return (latents[0], *self.image_shape)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {
            "denoiser": keras.saving.serialize_keras_object(self.denoiser),
            "objective": objectives.registry.spec(self.objective),
            "sampler": samplers.registry.spec(self.sampler),
            "steps": self.steps,
            "guidance": self.guidance,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "Sampling":
        denoiser: Any = keras.saving.deserialize_keras_object(config["denoiser"])
        return cls(**config | {"denoiser": denoiser})


def takes_labels(denoiser: keras.Model) -> bool:
    """Whether a denoiser has labels, or words, as its third input."""
    return len(denoiser.inputs) == 3


def sampling_generator(denoiser: keras.Model, *options: Any) -> keras.Model:
    """A model from latents [N, L], and labels if the denoiser takes them, to images.

    Args:
        denoiser: The network.
        options: What `Sampling` takes beside it.

    Raises:
        ganzoo.errors.InputError: If there is guidance, and nothing can be asked for.
    """
    sampling = Sampling(denoiser, *options, name="sampling")
    inputs: Any = keras.Input((sampling.latent_size,), name="latents")
    if sampling.guidance != 1 and not takes_labels(denoiser):
        raise InputError(
            "Guidance is towards what is asked for, and nothing can be asked for without a "
            f"condition. Received: guidance={sampling.guidance:g}"
        )
    if takes_labels(denoiser):
        asked = denoiser.inputs[2].shape[1:]
        inputs = [inputs, keras.Input(asked, dtype="int32", name="labels")]
    return keras.Model(inputs, sampling(inputs), name="generator")
