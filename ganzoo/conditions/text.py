import difflib
import math

import keras
import numpy as np
from keras import layers, ops

from ganzoo.architectures.attention import transformer_block
from ganzoo.architectures.linear import dense
from ganzoo.architectures.modulated import Constant
from ganzoo.architectures.normalization import normalize
from ganzoo.conditions.condition import Condition, Requests, agreeing
from ganzoo.conditions.discriminators import registry as discriminators
from ganzoo.conditions.generators import registry as generators
from ganzoo.conditions.layers import Embedding
from ganzoo.errors import InputError
from ganzoo.files.names import brief, shortened
from ganzoo.seeds import rng
from ganzoo.variant import check_whole

NO_WORD = -1  # Where a caption has ended: an embedding gives 0 there.
MAX_DEPTH = 64
NEVER_TRAINED = 280  # Images of combinations that no training has, in a sample, at most.


@keras.saving.register_keras_serializable("ganzoo")
class Text(Condition):
    """A caption: the generator makes an image of what its words say.

    Words are numbers in the order of `words`, int32 [N, length], -1 after the last one. Each
    network that is asked has an encoder of its own, trained with it: a vector for each word
    and for each place, blocks of a transformer (Vaswani et al., arXiv:1706.03762), a dense
    layer over all places. What it gives enters the network as the vector of a class does.

    Args:
        words: The words of all captions, with spaces between them; they follow from the data.
        length: Words of the longest caption; it follows from the data.
        discriminator: How the discriminator learns of captions: one of
            `ganzoo.conditions.discriminators` that has them as an input.
        generator: How the generator does: one of `ganzoo.conditions.generators`.
        width: Features of a word.
        depth: Transformer blocks.
        heads: Heads of their attention.

    Example:

    ```python
    text = ganzoo.conditions.get("text:words='a blue on red A B',length=5")
    text.encode(["a red A on blue", "a B"])
    ```
    """

    trial = {"words": "a", "length": 1}

    def __init__(
        self,
        words,
        length,
        discriminator="projection",
        generator="both",
        width=64,
        depth=2,
        heads=4,
    ):
        check_whole(length=length, width=width, heads=heads)
        check_whole(1, MAX_DEPTH, depth=depth)
        self.words = str(words)
        self.known = self.words.split()
        if not self.known or len(set(self.known)) < len(self.known):
            raise InputError(f"`words` are one or more, each once. Received: {brief(words)}")
        self.length = length
        self.classes = len(self.known)
        self.shape = (length,)
        self.width = width
        self.depth = depth
        self.heads = heads
        self.discriminator = discriminators.get(discriminator)
        self.generator = generators.get(generator)
        if not self.discriminator.takes_labels:
            raise InputError(
                f"The discriminator's way {discriminators.spec(self.discriminator)!r} names "
                "the class of an image, and captions are no classes. Take projection or concat."
            )

    def encode(self, captions):
        """Numbers of the words of captions, int32 [N, length].

        Raises:
            ganzoo.errors.InputError: If a caption is too long, or a word is not known.
        """
        places = {word: i for i, word in enumerate(self.known)}
        found = np.full((len(captions), self.length), NO_WORD, np.int32)
        for row, caption in zip(found, captions, strict=True):
            words = caption.split()
            if unknown := [word for word in words if word not in places]:
                raise InputError(self._unknown(caption, unknown))
            if not words or len(words) > self.length:
                raise InputError(
                    f"A caption has 1 to {self.length} words. {brief(caption)} has "
                    f"{len(words)}."
                )
            row[: len(words)] = [places[word] for word in words]
        return found

    def _unknown(self, caption, words):
        hints = []
        for word in dict.fromkeys(words):
            close = difflib.get_close_matches(word, self.known, n=1)
            hints.append(brief(word) + (f" (did you mean {close[0]!r}?)" if close else ""))
        return (
            f"{brief(caption)} has words that no training caption has: {', '.join(hints)}. "
            f"Known: {shortened(self.words, 400)}."
        )

    def vector(self, asked, size, name, make, **options):
        said = asked.once("text", lambda: self._said(asked))
        kernel = asked.networks.initializer(name, make, **options)
        # The kernel's numbers are of the size of a class's vector, and so is what comes out.
        x = layers.Rescaling(1 / math.sqrt(self.width), name=f"{name}_said")(said)
        options = {"kernel_initializer": kernel, "use_bias": False}
        return dense(asked.networks, x, size, name, **options)

    def _said(self, asked):
        """What a caption says, [N, width]."""
        name, networks = f"{asked.role}_text", _Plain(asked.networks)
        make = keras.initializers.RandomNormal
        vectors, places = (
            networks.initializer(f"{name}_{part}", make, stddev=deviation)
            for part, deviation in (("words", 1.0), ("places", 0.5))
        )
        sizes = self.classes, self.width
        words = networks.keep(Embedding, *sizes, initializer=vectors, name=f"{name}_words")
        x, shape = words(asked.labels), (self.length, self.width)
        place = networks.keep(Constant, shape, places, name=f"{name}_places")(x)
        x = layers.Add(name=f"{name}_placed")([x, place])
        for i in range(self.depth):
            x = transformer_block(networks, x, self.heads, f"{name}_block_{i}")
        x = layers.Flatten(data_format="channels_last", name=f"{name}_flat")(x)
        x = dense(networks, x, self.width, f"{name}_whole")
        return normalize(networks, x, "layer", f"{name}_last")

    def prepare(self, labels):
        self._check_shape(labels)
        return ops.cast(ops.convert_to_tensor(labels), "int32")

    def check(self, labels, count):
        labels = np.asarray(labels) if isinstance(labels, list | tuple) else labels
        self._check_shape(labels)
        values = ops.convert_to_numpy(labels) if ops.is_tensor(labels) else labels
        if len(values) != count:
            raise InputError(f"There are {count} images and {len(values)} captions.")
        self.refuse(int(np.min(values)), int(np.max(values)))

    def _check_shape(self, labels):
        shape = None if labels is None else tuple(labels.shape)
        whole = labels is not None and "int" in keras.backend.standardize_dtype(labels.dtype)
        if shape is None or len(shape) != 2 or shape[1] != self.length or not whole:
            received = "nothing" if shape is None else f"{labels.dtype} {list(shape)}"
            raise InputError(
                f"Captions are given as whole numbers [N, {self.length}], those of "
                f"`condition.encode(captions)`. Received: {received}."
            )

    def in_range(self, low, high):
        return low >= NO_WORD and high < self.classes

    def refuse(self, low, high):
        if not self.in_range(low, high):
            raise InputError(
                f"Words are numbers from 0 to {self.classes - 1}, and -1 after the last one. "
                f"Received: {low} to {high}. Give condition.encode(captions)."
            )

    @classmethod
    def fitted(cls, given, images, data):
        if images.captions is None:
            raise InputError(
                f"The condition text asks in words, and the images of {data!r} have no "
                "captions. Give a set that has them, such as unown-captioned or an .npz file "
                "with `captions`, or leave the condition out."
            )
        captions = images.captions
        found = {"words": " ".join(captions.words), "length": captions.longest}
        return agreeing(found, given)

    def of_images(self, images):
        return self.encode(images.captions.texts)[images.captions.index]

    def asks_of(self, images, classes):
        captions = images.captions
        return captions is not None and set(captions.words) <= set(self.known)

    def requests(self, images, count):
        captions, classes = self._known_captions(images)
        rows = rng(0, "asked").permutation(len(captions))
        rows = np.resize(rows, count)  # All come round where there are fewer.
        captions, classes = [captions[row] for row in rows], classes[rows]
        given, grammar = self.encode(captions), images.captions.grammar
        if grammar is None:
            return Requests(given, classes, captions)
        new = grammar.held_out(min(count, NEVER_TRAINED))
        new = [caption for caption in new if self._can_encode(caption)]
        never = self.encode(new) if new else None
        return Requests(given, classes, captions, never, new)

    def _known_captions(self, images):
        """Captions of training and held-out images, and their classes.

        An image that is asked for by a training image's caption is near that image without
        being its copy. Of both kinds as many are asked for as there are: so neither is favoured
        where copies are looked for.
        """
        captions, classes = images.captions.rows(slice(None)), images.labels
        held_out = images.held_out
        if held_out is None or held_out.captions is None:
            return captions, classes
        more = held_out.captions.rows(slice(None))
        kept = [i for i, caption in enumerate(more) if self._can_encode(caption)]
        return captions + [more[i] for i in kept], np.append(classes, held_out.labels[kept])

    def _can_encode(self, caption):
        words = caption.split()
        return set(words) <= set(self.known) and 0 < len(words) <= self.length

    def get_config(self):
        return {
            "words": self.words,
            "length": self.length,
            "discriminator": discriminators.spec(self.discriminator),
            "generator": generators.spec(self.generator),
            "width": self.width,
            "depth": self.depth,
            "heads": self.heads,
        }


class _Plain:
    """An architecture that keeps layers, without what a condition adds to normalizations."""

    def __init__(self, networks):
        self.keep = networks.keep
        self.initializer = networks.initializer

    def normalized(self, x, name):
        """Features as they are."""
        return x
