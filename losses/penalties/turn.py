"""A player's update, as losses and penalties see it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import keras

from ganzoo.losses.penalties.cached_scores import CachedScores
from ganzoo.seeds import StepSeed


@dataclass(frozen=True, eq=False)
class Turn:
    """One update of one player: what there is to look at.

    Attributes:
        critic: Function from images [N, H, W, C] to logits [N, ...].
        generate: Function from latents [N, L] to images [N, H, W, C], with a gradient.
        features: Function from images to what D's last layer is given, [N, F].
        network: The network of the player whose turn it is.
        real: Real images, float32 [N, H, W, C] in [-1, 1].
        fake: Generated images of that shape; in the discriminator's turn without a gradient.
        latents: What `fake` was made of, [N, L].
        images_seen: Real images that the discriminator had seen before this step, float32.
        seed: Source of random numbers for this turn.
        memory: What the penalty remembers, float32 scalars by name. What it puts there is
            what it finds at its next use: numbers without a gradient that are the same on
            every device, such as `ganzoo.backend.whole_mean` gives.
    """

    critic: Callable[[Any], Any]
    generate: Callable[[Any], Any]
    features: Callable[[Any], Any]
    network: keras.Model
    real: Any
    fake: Any
    latents: Any
    images_seen: Any
    seed: StepSeed
    memory: dict[str, Any] = field(default_factory=dict)

    def inside(self, both: bool) -> "Turn":
        """A copy for use inside `cond`; its tensors must not leak out."""
        critic = self.critic
        if isinstance(critic, CachedScores):
            critic = critic.inside(both)
        return replace(self, critic=critic)
