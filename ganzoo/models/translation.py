"""What models share that turn images of one domain, A, into images of another, B."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn

import keras
import numpy as np
from keras import ops

from ganzoo import backend, losses
from ganzoo.ema import HALF_LIFE
from ganzoo.errors import InputError
from ganzoo.growth import Fade
from ganzoo.losses import penalties as penalty_registry
from ganzoo.losses.loss import Loss
from ganzoo.losses.penalties.penalty import Penalty
from ganzoo.models.adversary import Adversary, named_memory, terms
from ganzoo.models.gan import refuse_penalties
from ganzoo.models.generative_model import GenerativeModel
from ganzoo.models.penalty_terms import DISCRIMINATOR, GENERATOR
from ganzoo.passes import Passes
from ganzoo.samples import translate
from ganzoo.training_images import check_array, is_array

# Settings of a training that go well with such models, beside their loss and networks.
RECOMMENDED = {
    "penalties": (),
    "optimizer": "adam:learning_rate=0.0002,beta_1=0.5,beta_2=0.999",
    "batch": 16,
}


class TranslationModel(GenerativeModel, ABC):
    """A model whose networks make images of images.

    A kind names its translators, `translator_ab` and perhaps `translator_ba`, in `averaged`,
    and says in `judged` which images each discriminator is shown.

    A step takes two batches, of A and of B: `fit(a, b)`, or a data set of pairs. A trainer
    brings both in one array [N, 2, H, W, C], whose rows are pairs where `paired`, and drawn
    from each domain by itself otherwise.

    Args:
        networks: By role.
        loss: A `Loss` or its spec.
        penalties: Penalties that each discriminator pays, or their specs.
        own_terms: Terms of the translators beside those of the game.
        fade: The `Fade` inside all networks while they grow, or `None`.
        ema: Half-life of the averaged translators, in thousands of images.
        seed: Seed of everything random in a step.
        name: Keras's name.

    Attributes:
        paired: Whether an image of A and the image of B that comes with it belong together.
        judged: Names of the discriminators, such as `"b"` of `discriminator_b`.
        directions: Ways in which it translates: `"ab"`, `"ba"`.
    """

    translates = True
    paired = False
    judged: tuple[str, ...]

    def __init__(
        self,
        networks: Mapping[str, keras.Model],
        loss: str | Loss,
        penalties: str | Iterable[str | Penalty],
        own_terms: tuple[str, ...],
        fade: Fade | None = None,
        ema: float = HALF_LIFE,
        seed: int = 0,
        name: str | None = None,
    ):
        if backend.device_count() > 1:
            raise InputError("A model that translates images trains on one device.")
        loss = losses.get(loss)
        every = (*loss.penalties, *penalty_registry.get_all(penalties))
        for each in self.judged:
            refuse_penalties(
                networks["translator_ab"], networks[f"discriminator_{each}"], every
            )
        first, last = (terms(every, who, self.judged) for who in (GENERATOR, DISCRIMINATOR))
        scores = (f"{which}_score_{each}" for each in self.judged for which in ("real", "fake"))
        super().__init__(
            networks,
            terms=(*first, *own_terms, *last),
            figures=tuple(scores),
            fade=fade,
            ema=ema,
            seed=seed,
            name=name,
        )
        self.loss, self.penalties, self.own_terms = loss, every, own_terms
        self.adversaries = {each: Adversary(self, each, loss, every) for each in self.judged}

    # Images.

    @classmethod
    def make_generator(cls, networks: Mapping[str, keras.Model]) -> keras.Model:
        """The averaged translator from A to B, from images to images."""
        return networks["translator_ab"]

    @classmethod
    def translators(cls, networks: Mapping[str, keras.Model]) -> dict[str, keras.Model]:
        """Networks by direction, of the averaged networks by role."""
        return {role.removeprefix("translator_"): networks[role] for role in cls.averaged}

    @property
    def directions(self) -> tuple[str, ...]:
        """Ways in which it translates."""
        return tuple(self.translators(self.ema_networks()))

    def translate(self, images: Any, direction: str = "ab") -> np.ndarray:
        """Images of the other domain, by the averaged translator.

        Args:
            images: As `prepare` takes them, uint8 or numbers in [-1, 1], [N, H, W, C].
            direction: `"ab"` from A to B, or `"ba"`.

        Returns:
            uint8 [N, H, W, C].

        Raises:
            ganzoo.errors.InputError: If the model does not translate in this direction.
        """
        found = self.translators(self.ema_networks())
        if direction not in found:
            raise InputError(
                f"This model translates {' and '.join(found)}. Received: {direction!r}."
            )
        return translate(found[direction], ops.convert_to_numpy(self.prepare(images)))

    def sample(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raises `InputError`: images are made of images, by `translate`."""
        raise InputError(
            "This model makes images of images, not of latents: call translate(images)."
        )

    # Data.

    def given(self, images: Any, labels: Any) -> list[Any]:
        if labels is None and len(images.shape) == 5:
            images, labels = images[:, 0], images[:, 1]
        if labels is None:
            raise InputError(
                "A step takes images of two domains: fit(a, b), or a data set of pairs (a, b)."
            )
        return [self.prepare(images), self.prepare(labels)]

    def _check_labels(self, x: Any, y: Any) -> None:
        if not is_array(x):
            return
        if y is None or not is_array(y) or len(y.shape) != 4:
            raise InputError(
                "Images of two domains are needed, [N, H, W, C] each: fit(a, b). Of domains "
                "of different sizes give a data set of pairs."
            )
        check_array(y, self.image_shape)

    # What a trainer asks.

    @abstractmethod
    def sheet(self, a: np.ndarray, b: np.ndarray) -> dict[str, np.ndarray]:
        """Rows of a sheet by what they show: images and their translations.

        Args:
            a: Images of A, uint8 [N, H, W, C].
            b: Images of B, of a model of pairs those that belong to `a`.
        """

    def panels(self) -> dict[str, tuple[str, ...]]:
        scores = tuple(self.figures.names[len(self.terms) :])
        games = tuple(term for term in self.terms if "_loss_" in term)
        penalties = tuple(t for t in self.terms if t not in (*games, *self.own_terms))
        found = {"loss": games, "L1": self.own_terms, "penalty": penalties}
        return {k: names for k, names in found.items() if names} | {"mean logit of D": scores}

    def culprits(self, bad: Sequence[str]) -> list[str]:
        """Translators are updated first, and a bad update of theirs spoils D's losses."""
        first = [term for term in bad if not term.startswith("d_loss")]
        return first or list(bad)

    def memory(self) -> dict[str, Any]:
        return super().memory() | named_memory(self.adversaries)

    def rhythm(self) -> int:
        return max((penalty.every for penalty in self.penalties), default=1)

    def sampled_passes(self) -> dict[str, Passes]:
        return {"translator_ab": Passes(single=1)}

    def get_config(self) -> dict[str, Any]:
        serialize = keras.saving.serialize_keras_object
        added: Sequence[Penalty] = self.penalties[len(self.loss.penalties) :]
        own = {"loss": serialize(self.loss), "penalties": [serialize(p) for p in added]}
        config = super().get_config() | own
        del config["condition"]
        return config
