"""Images as plain Keras gives them to a model: their shape, their type and their range.

ganzoo takes uint8, or numbers in [-1, 1]. What has another range trains without an error, and
the generator, whose tanh ends at -1 and 1, can never make such images.
"""

import warnings
from typing import Any

import keras
import numpy as np
from keras import ops

from ganzoo.conditions.label_range import lowest_and_highest
from ganzoo.errors import InputError

LIMIT = 1.01  # Of a number's size: 255 / 127 - 1 is a common slip, and does no harm.
MAX_LOOK = 2**22  # Numbers of an array that are looked at before training.
NONE_YET = float(np.finfo("float32").min)
CHANNELS = {1: "gray", 3: "RGB", 4: "RGBA"}
WANTED = "ganzoo takes uint8 images, 0 to 255, or floats in [-1, 1]"


def is_array(x: Any) -> bool:
    """Whether `x` is one array, of whatever library, and no data set or list."""
    return hasattr(x, "shape") and hasattr(x, "dtype") and hasattr(x, "__getitem__")


def dtype_of(images: Any) -> str:
    """Name of an array's or a tensor's dtype, such as `"uint8"`."""
    return keras.backend.standardize_dtype(images.dtype)


def check_shape(images: Any, wanted: tuple[int | None, int | None, int | None]) -> int:
    """How many times larger the images are than those that the discriminator takes.

    Args:
        images: Array or tensor [N, H, W, C].
        wanted: Height, width and channels that the discriminator takes; `None` is any.

    Raises:
        InputError: If they do not fit, or their shape is not known.
    """
    if isinstance(images, list | tuple | dict):
        kind = type(images).__name__
        raise InputError(
            f"A batch is one array of images [N, H, W, C]. Received: a {kind} of "
            f"{len(images)}. Give numpy.stack(images), or of a data set its images alone."
        )
    try:
        shape = tuple(images.shape)
    except ValueError:  # Of TensorFlow, where not even the number of axes is known.
        shape = ()
    if not shape or (len(shape) == 4 and None in shape[1:]):
        raise InputError(
            f"The data set does not say the shape of its images. Say it: "
            f"output_signature=tf.TensorSpec({_text(wanted)}, tf.uint8), or "
            f"dataset.map(lambda x: tf.ensure_shape(x, {_text(wanted)}))."
        )
    if len(shape) != 4:
        hint = " Add the axis of channels: images[..., None]." if len(shape) == 3 else ""
        raise InputError(f"Images are [N, H, W, C]. Received: {_text(shape[1:])}.{hint}")
    height, width, channels = shape[1:]
    if height in CHANNELS and width == channels and channels != wanted[2]:
        raise InputError(
            f"Images are [N, H, W, C]. Received: {_text(shape[1:])}, which looks like channels "
            f"first: {_channels(height)}. The discriminator takes {_channels(wanted[2])}. "
            "Give images.transpose(0, 2, 3, 1); of a PyTorch tensor images.permute(0, 2, 3, 1)."
        )
    if wanted[2] not in (None, channels):
        raise InputError(
            f"The discriminator takes {_channels(wanted[2])}. The images have "
            f"{_channels(channels)}, {_text(shape[1:])}. Make one as the other: "
            "keras.ops.image.rgb_to_grayscale(images), images.repeat(3, axis=-1), or networks "
            "with other channels."
        )
    return _factor(height, width, wanted)


def _factor(height: int | None, width: int | None, wanted: Any) -> int:
    if wanted[0] is None or wanted[1] is None:
        return 1
    factor, rest = divmod(height, wanted[0])
    if rest or not factor or width != factor * wanted[1]:
        size = wanted[0] if wanted[0] == wanted[1] else f"{wanted[0]} x {wanted[1]}"
        found = height if height == width else f"{height} x {width}"
        raise InputError(
            f"The discriminator takes images of {size} px, or a multiple that shrinks to "
            f"it. Received: {found} px."
        )
    return factor


def _text(shape: Any) -> str:
    rest = shape if len(shape) != 3 else (None, *shape)
    return "(" + ", ".join(map(str, rest)) + ")"


def _channels(count: int | None) -> str:
    kind = f" ({CHANNELS[count]})" if count in CHANNELS else ""
    return f"{count} channel{'' if count == 1 else 's'}{kind}"


def check_array(images: Any, wanted: tuple[int | None, int | None, int | None]) -> None:
    """Check an array before a step is made with it.

    Some rows are looked at, spread over the array; `ImageRange` sees the others later.

    Raises:
        InputError: If its shape or its range is not what the model takes.
    """
    check_shape(images, wanted)
    rows = max(1, min(256, MAX_LOOK // max(1, int(np.prod(images.shape[1:])))))
    some = images[:: max(1, -(-images.shape[0] // rows))]
    some = ops.convert_to_numpy(some) if keras.ops.is_tensor(some) else np.asarray(some)
    if not some.size:
        raise InputError("There are no images to train on: the array is empty.")
    if dtype_of(images) == "uint8":
        if 0 < some.max() <= 1:
            warnings.warn(
                "The uint8 images hold 0 and 1 alone, of 0 to 255: nearly black. Give "
                "255 * images.",
                stacklevel=3,
            )
        return
    with np.errstate(invalid="ignore"):
        numbers = some.astype("float32")
        if not np.isnan(numbers).all():
            refuse_range(float(np.nanmin(numbers)), float(np.nanmax(numbers)))


def refuse_range(low: float, high: float) -> None:
    """Raises `InputError` if images from `low` to `high` are not in [-1, 1]."""
    if not out_of_range(low, high):
        return
    if low >= 0 and high <= 255:
        remedy = "images / 127.5 - 1"
    elif low >= 0 and high <= 65535:
        remedy = "images / 32767.5 - 1"
    else:
        remedy = f"2 * (images - {low:g}) / {high - low:g} - 1"
    raise InputError(
        f"The images go from {low:g} to {high:g}. {WANTED}. Give {remedy}; of a tf.data set "
        f"{remedy.replace('images', 'x')} in its map."
    )


def out_of_range(low: float, high: float) -> bool:
    """Whether a number is beyond [-1, 1]; NaN is for `keras.callbacks.TerminateOnNaN`."""
    return low < -LIMIT or high > LIMIT


class ImageRange(keras.metrics.Metric):
    """The smallest and the largest number in images other than uint8, since a reset."""

    def __init__(self, name: str = "image_range"):
        super().__init__(name=name)
        self.extremes = self.add_variable(
            (2,), keras.initializers.Constant(NONE_YET), name="extremes"
        )

    def update_state(self, images: Any) -> None:
        """Look at float32 images of any shape."""
        images = ops.stop_gradient(images)
        extremes = ops.stack([ops.max(-images), ops.max(images)])
        self.extremes.assign(ops.maximum(self.extremes, extremes))

    def reset_state(self) -> None:
        """Forget the images."""
        self.extremes.assign(ops.full((2,), NONE_YET, "float32"))

    def result(self) -> dict[str, Any]:
        """Both numbers, float32 [2]."""
        return ops.stack([-self.extremes[0], self.extremes[1]])


def low_and_high(extremes: Any) -> tuple[float, float] | None:
    """The numbers of `ImageRange.extremes`; `None` where all images were uint8."""
    negative_low, high = map(float, ops.convert_to_numpy(extremes))
    return None if high == NONE_YET else (-negative_low, high)


class WatchRange(keras.callbacks.Callback):
    """Warns once, at the end of an epoch, of images that use half of the range or leave it.

    Labels that are none of the classes end the training.
    """

    def __init__(self) -> None:
        super().__init__()
        self.warned = False

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Look at what the epoch's images and labels were."""
        if self.model.label_range is not None:
            seen = lowest_and_highest(self.model.label_range.extremes)
            self.model.condition.refuse(*seen)
        found = low_and_high(self.model.image_range.extremes)
        if found is None or self.warned:
            return
        low, high = found
        if out_of_range(low, high):
            self._warn(f"Some images go from {low:g} to {high:g}: {WANTED}.")
        elif low >= 0:
            self._warn(
                f"No number in the images is below 0: they go from {low:g} to {high:g}, and "
                "samples will stand on gray where yours are black. ganzoo takes uint8, or "
                "floats in [-1, 1]: give 2 * images - 1."
            )

    def _warn(self, message: str) -> None:
        self.warned = True
        warnings.warn(message, stacklevel=2)
