"""Feature networks of sets: fitted when they are first needed, and kept in the cache folder
under the checksum of the set.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np

from ganzoo.data import cache
from ganzoo.data.forms import FORMS
from ganzoo.data.image_set import ImageSet
from ganzoo.data.points import are_points
from ganzoo.data.sheet import by_turns
from ganzoo.data.sources.digits import Digits
from ganzoo.data.sources.stacked_digits import is_stacked
from ganzoo.errors import InputError
from ganzoo.files.lock import locked
from ganzoo.metrics import network
from ganzoo.metrics.drawn_features import DrawnFeatures, are_drawn
from ganzoo.metrics.feature_network import FeatureNetwork
from ganzoo.metrics.features import SHIPPED, SHIPPED_SHA256, VERSION, Features, named_weights
from ganzoo.metrics.point_features import PointFeatures
from ganzoo.metrics.stacked_features import StackedFeatures
from ganzoo.metrics.training_batches import BATCH, TrainingBatches

EPOCHS = 12
# Steps of a fit. After 300, a set of 6 colourful shapes (3,000 images) had none of its real
# images recognised, after 1300 0.89 of them; 28 letters in four fonts (7,000) 0.91.
LEAST, MOST = 1300, 2000
RATE = 2e-3
THUMBNAIL_WEIGHT = 20.0  # Brings the two heads' losses to one size.
STANDARD = 4000  # Images whose features are brought to mean 0 and deviation 1.


def fit_features(data: ImageSet, report: Callable[[str], None] = lambda line: None) -> Features:
    """Fit a feature network to the training images of a set, in one to three minutes.

    Deterministic up to the order in which a backend adds numbers. Weights are rounded
    to float16 at the end, so that the file is small and nothing depends on their tail.

    Args:
        data: The set; with images of one class, the network is an autoencoder.
        report: Called with a line at the beginning, every ten seconds, and at the end.

    Raises:
        InputError: If the images are too small.
    """
    classes = data.classes if data.labelled else ()
    if data.resolution < network.SMALLEST:
        raise InputError(
            f"Images of {data.resolution} pixels are too small for features. "
            f"Use {network.SMALLEST} pixels or more."
        )
    report(f"fitting a feature network to {len(data):,} images of {data.name}, once")
    model = network.build(data.resolution, data.channels, len(classes))
    steps = steps_of_a_fit(data)
    rate = keras.optimizers.schedules.CosineDecay(RATE, steps)
    losses: dict[str, Any] = {"thumbnail": "mean_squared_error"}
    weights = {"thumbnail": THUMBNAIL_WEIGHT}
    if classes:
        weights["logits"] = 1.0
        losses["logits"] = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    taught = keras.Model(model.input, {name: model.output[name] for name in losses})
    taught.compile(keras.optimizers.Adam(rate), loss=losses, loss_weights=weights)
    batches, shown = TrainingBatches(data, steps), FitProgress(steps, report)
    taught.fit(batches, shuffle=False, verbose=0, callbacks=[shown])
    config = {
        "version": VERSION,
        "resolution": data.resolution,
        "channels": data.channels,
        "classes": list(classes),
        "data_sha256": data.sha256,
    }
    arrays = {name: w.astype(np.float16) for name, w in named_weights(model).items()}
    features = _standardised(config, arrays, data)
    report(f"feature network: {features.kind}, sha256 {features.sha256}")
    return features


class FitProgress(keras.callbacks.Callback):
    """Lines on how far a fit is.

    Args:
        steps: Steps of the fit.
        report: Takes a line.
        every: Seconds between the lines, at least.
    """

    def __init__(self, steps: int, report: Callable[[str], None], every: float = 10.0):
        super().__init__()
        self.steps = steps
        self.report = report
        self.every = every
        self.done = 0

    def on_train_batch_end(self, batch, logs=None):
        now = time.monotonic()
        self.done += 1
        if self.done == 1:  # The first step compiles: the pace is that of the others.
            self.begin = self.said = now
        elif self.done < self.steps and now - self.said >= self.every:
            left = (now - self.begin) / (self.done - 1) * (self.steps - self.done)
            self.said = now
            self.report(f"step {self.done} of {self.steps}, about {left:.0f} s left")


def steps_of_a_fit(data: ImageSet) -> int:
    """Steps that show a set `EPOCHS` times, but not fewer than `LEAST` or more than `MOST`."""
    return int(np.clip(EPOCHS * len(data) // BATCH, LEAST, MOST))


def _standardised(
    config: dict[str, Any], arrays: dict[str, np.ndarray], data: ImageSet
) -> Features:
    """With the mean and deviation of the raw features of real images filled in."""
    neutral = {
        "mean": np.zeros(network.FEATURES, np.float32),
        "deviation": np.ones(network.FEATURES, np.float32),
    }
    raw, _ = Features(config, arrays | neutral).of(
        data.images[by_turns(data.labels)[:STANDARD]]
    )
    mean = raw.mean(axis=0).astype(np.float32)
    deviation = np.maximum(raw.std(axis=0), 1e-3).astype(np.float32)
    return Features(config, arrays | {"mean": mean, "deviation": deviation})


def features_for(
    data: ImageSet, report: Callable[[str], None] = lambda line: None
) -> FeatureNetwork:
    """The network of a set: shipped, from the cache folder, or fitted now and kept.

    Points and drawn forms with captions need none, and stacked digits the one of `digits`.
    """
    if are_points(data.images):
        return PointFeatures(data)
    if are_drawn(data):
        return DrawnFeatures(data)
    if is_stacked(data):
        digits = features_for(Digits().load(data.resolution), report)
        return StackedFeatures(digits, data.classes)
    if data.name == "unown" and data.classes == tuple(FORMS) and data.channels == 1:
        return Features.load(SHIPPED, SHIPPED_SHA256)
    name = cache.key("features", VERSION, network.FEATURES, steps_of_a_fit(data), data.sha256)
    path = cache.folder() / f"{name}.features.npz"
    found = _kept(path)  # Before the lock: the cache may be there to read only.
    try:
        if found is None:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = path.with_name(f".{path.stem}.lock")
            # Fits of two processes differ in rounding; what they score would not compare.
            with locked(lock, lambda: report(f"waiting for {path}")):
                found = _kept(path, report)
                if found is None:
                    found = fit_features(data, report)
                    found.save(path)
    except OSError as error:
        report(f"the feature network cannot be kept in {path.parent}: {error.strerror}")
    return found or fit_features(data, report)


def _kept(path: Path, report: Callable[[str], None] = lambda line: None) -> Features | None:
    """The network in the cache folder, if it is there and whole."""
    try:
        return Features.load(path) if path.is_file() else None
    except InputError as error:
        report(f"{error} Fitting it again.")
        return None
