import keras
from keras import ops

from ganzoo.augmentations.augmentation import Augmentation
from ganzoo.augmentations.draws import Draws
from ganzoo.augmentations.ground import ground
from ganzoo.augmentations.moves import moved
from ganzoo.variant import check_between, check_flag


@keras.saving.register_keras_serializable("ganzoo")
class DiffAugment(Augmentation):
    """Every image changes in colour, moves, and has a square cut out.

    Zhao et al., arXiv:2006.10738, section 4, with the authors' three changes: brightness by
    up to 0.5 up or down, saturation times 0 to 2, contrast times 0.5 to 1.5; a move by up to
    an eighth of the side; a square of half of the side that lies anywhere.

    Differences from the paper: what comes in and what is cut out has the colour of the image's
    ground, the median of its edge, where the authors have grey. Nothing is flipped.

    Args:
        colour: Whether brightness, saturation and contrast change.
        translation: The largest move, as a share of the side.
        cutout: Side of the square, as a share of the image's.
    """

    def __init__(self, colour=True, translation=0.125, cutout=0.5):
        check_flag(colour=colour)
        check_between(0, 1, translation=translation, cutout=cutout)
        self.colour = colour
        self.translation = translation
        self.cutout = cutout

    def shown(self, images, seed, memory):
        draws = Draws(images, seed)
        if self.colour:
            images = _coloured(images, draws)
        if self.translation:
            moves = [round(self.translation * side) for side in images.shape[1:3]]
            images = moved(images, *(draws.whole(-most, most) for most in moves))
        return self._cut(images, draws) if self.cutout else images

    def _cut(self, images, draws):
        inside = ops.ones((1, 1, 1, 1), "float32")
        for axis in (1, 2):
            side = images.shape[axis]
            size = round(self.cutout * side)
            # The middle may lie at an edge: then half of the square is outside.
            first = draws.whole(0, side - size % 2) - size // 2
            places = ops.reshape(
                ops.arange(side, dtype="float32"), [-1 if i == axis else 1 for i in range(4)]
            )
            within = ops.logical_and(places >= first, places < first + size)
            inside = inside * ops.cast(within, "float32")
        return ops.where(inside > 0, ground(images), images)

    def get_config(self):
        return {
            "colour": self.colour,
            "translation": self.translation,
            "cutout": self.cutout,
        }


def _coloured(images, draws):
    images = images + draws.uniform(-0.5, 0.5)
    grey = ops.mean(images, axis=3, keepdims=True)
    images = grey + (images - grey) * draws.uniform(0.0, 2.0)
    middle = ops.mean(images, axis=(1, 2, 3), keepdims=True)
    return middle + (images - middle) * draws.uniform(0.5, 1.5)
