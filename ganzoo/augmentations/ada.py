import math

import keras
from keras import ops

from ganzoo.augmentations.controller import Controlled
from ganzoo.augmentations.draws import Draws
from ganzoo.augmentations.moves import mapped
from ganzoo.variant import check_between, check_flag

LARGEST_TURN = 45.0  # Degrees: images are sampled along one axis after the other.


@keras.saving.register_keras_serializable("ganzoo")
class ADA(Controlled):
    """Images are moved, scaled, turned and coloured, each with a probability that adapts.

    Karras et al., arXiv:2006.06676, with appendix B's pipeline of geometric changes and
    colours: each is applied to an image with the probability p, which a controller moves; see
    `ganzoo.augmentations.controller`.

    Differences from the paper: images turn by up to `turn` degrees (the paper: any angle) and
    are not flipped unless asked; gray levels are not turned round; what comes in has the colour
    of the image's ground; images are sampled bilinearly. r_t is counted from where the loss
    parts real images from fakes, which is 0 in the paper's loss.

    Args:
        target: The certainty of D at which p stays: the paper's r_t.
        kimg: Thousands of real images in which p goes from 0 to 1; 0: p stays as it is.
        every: Updates of D from one change of p to the next.
        p: The first p.
        turn: The largest turn in degrees, up to 45.
        flip: Whether images are mirrored, which makes other letters of letters.
        colour: Whether brightness, contrast, and of colour images hue and saturation change.
    """

    def __init__(
        self, target=0.6, kimg=500.0, every=4, p=0.0, turn=20.0, flip=False, colour=True
    ):
        super().__init__(target, kimg, every, p)
        check_between(0, LARGEST_TURN, turn=turn)
        check_flag(flip=flip, colour=colour)
        self.turn = turn
        self.flip = flip
        self.colour = colour

    def shown(self, images, seed, memory):
        draws, p = Draws(images, seed), memory["p"]
        images = self._mapped(images, draws, p)
        return _coloured(images, draws, p) if self.colour else images

    def _mapped(self, images, draws, p):
        """Each change is one of the inverse map, so that signs and shares need no care."""
        scale, s = _chosen(2.0 ** draws.normal(0.2), 1.0, draws, p)
        thinner, t = _chosen(2.0 ** draws.normal(0.2), 1.0, draws, p)
        radians = math.radians(self.turn)
        angle, u = _chosen(draws.uniform(-radians, radians), 0.0, draws, p)
        x, y = scale * thinner, scale / thinner
        if self.flip:
            mirrored = draws.happens(0.5)
            side, v = _chosen(1.0 - 2.0 * mirrored, 1.0, draws, p)
            x, u = x * side, ops.maximum(u, v)
        offset, moved = [], draws.happens(p)
        for axis in (2, 1):
            far = images.shape[axis] * draws.normal(0.125)
            offset.append(moved * far)
        cosine, sine = ops.cos(angle), ops.sin(angle)
        matrix = ((x * cosine, -x * sine), (y * sine, y * cosine))
        changed = ops.maximum(ops.maximum(s, t), ops.maximum(u, moved))
        # Of an image that stays not even the last bit changes.
        return ops.where(changed > 0, mapped(images, matrix, offset), images)

    def get_config(self):
        return super().get_config() | {
            "turn": self.turn,
            "flip": self.flip,
            "colour": self.colour,
        }


def _chosen(drawn, neutral, draws, p):
    """`drawn` with probability p and `neutral` otherwise, and 1 where it is `drawn`."""
    happens = draws.happens(p)
    return ops.where(happens > 0, drawn, neutral), happens


def _coloured(images, draws, p):
    images = images + _chosen(draws.normal(0.2), 0.0, draws, p)[0]
    images = images * _chosen(2.0 ** draws.normal(0.5), 1.0, draws, p)[0]
    if images.shape[3] != 3:
        return images
    hue, turned = _chosen(draws.uniform(-math.pi, math.pi), 0.0, draws, p)
    saturation, changed = _chosen(2.0 ** draws.normal(1.0), 1.0, draws, p)
    grey = ops.mean(images, axis=3, keepdims=True)
    colour = images - grey
    # Rodrigues' rotation about the grey axis (1, 1, 1).
    across = (ops.roll(colour, 1, axis=3) - ops.roll(colour, -1, axis=3)) / math.sqrt(3.0)
    rotated = ops.cos(hue) * colour + ops.sin(hue) * across
    return ops.where(turned + changed > 0, grey + saturation * rotated, images)
