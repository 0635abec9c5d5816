"""What plain Keras calls on a model: `compile`, `fit`, `train_on_batch`, `export`."""

from typing import Any, NoReturn

import keras
from keras import ops

from ganzoo import backend
from ganzoo.conditions.label_range import lowest_and_highest
from ganzoo.errors import InputError, first_line
from ganzoo.figures import Figures
from ganzoo.fit_checks import (
    NO_EVALUATION,
    callback_list,
    check_schedules,
    refuse_validation,
    refuse_weights,
)
from ganzoo.networks import generator_inputs
from ganzoo.player_optimizers import PlayerOptimizers
from ganzoo.tensorflow_export import export_by_tensorflow
from ganzoo.training_images import (
    ImageRange,
    WatchRange,
    check_array,
    check_shape,
    is_array,
    low_and_high,
    out_of_range,
    refuse_range,
)

SAVED_MODEL = "tf_saved_model"
COMPILE = {"run_eagerly": False, "steps_per_execution": 1, "jit_compile": "auto"}


class KerasInterface(keras.Model):
    """The methods of `keras.Model` that mean something else for several networks."""

    roles: tuple[str, ...]
    ema_generator: keras.Model
    translates: bool
    latent_size: int
    image_shape: tuple[int | None, int | None, int | None]
    terms: tuple[str, ...]
    figures: Figures
    image_range: ImageRange
    condition: Any  # A `Condition`, or `None`.
    label_range: Any  # A `LabelRange` where there is a condition.
    train_function: Any
    _watch_next = False  # Whether the next call of the train function is the first of a `fit`.

    # Optimizers.

    def compile(self, *optimizers: Any, **options: Any) -> None:
        """Set an optimizer for each network.

        Args:
            optimizers: Keras's optimizers or their names, in the order of `roles`; or by
                keywords such as `generator_optimizer`.
            options: `run_eagerly`, `steps_per_execution` and `jit_compile`, as in
                `keras.Model.compile`.

        Raises:
            ganzoo.errors.InputError: If an optimizer is missing, two are one, or an option
                would change nothing.
        """
        keywords = {f"{role}_optimizer": role for role in self.roles}
        given = dict(zip(self.roles, optimizers, strict=False))
        given |= {role: options.pop(key) for key, role in keywords.items() if key in options}
        if len(optimizers) > len(given) or None in [given.get(role) for role in self.roles]:
            named = ", ".join(keywords)
            raise InputError(
                f"Each network has an optimizer of its own: model.compile({named})."
            )
        if unknown := [key for key in options if key not in COMPILE]:
            raise InputError(
                f"`compile` has no use for {', '.join(unknown)}: the loss is the model's "
                f"`loss`, and its terms are the figures. It takes {', '.join(COMPILE)}."
            )
        players = PlayerOptimizers(**{role: given[role] for role in self.roles})
        players.build(*(getattr(self, role).trainable_variables for role in self.roles))
        super().compile(optimizer=players, auto_scale_loss=False, **options)
        self._compile_options = COMPILE | options

    def get_compile_config(self) -> dict[str, Any]:
        """The optimizers and the options of `compile`."""
        if not self.compiled:
            return {}
        made = map(keras.saving.serialize_keras_object, self.optimizer.optimizers)
        names = [f"{role}_optimizer" for role in self.roles]
        return self._compile_options | dict(zip(names, made, strict=True))

    def compile_from_config(self, config: dict[str, Any]) -> None:
        """Compile as the saved model was."""
        self.compile(**keras.saving.deserialize_keras_object(config))

    # Training.

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: str | int = "auto",
        callbacks: Any = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool = True,
        class_weight: Any = None,
        sample_weight: Any = None,
        **options: Any,
    ) -> Any:
        """Train as `keras.Model.fit` does.

        Args:
            x: Images [N, H, W, C], uint8 or in [-1, 1]; or a data set, generator or loader
                of batches of them.
            y: Labels, whole numbers [N], of a model with a condition; others ignore them, as
                they do labels in a data set.
            batch_size: Images of a step.
            epochs: Times that all images are shown.
            verbose: As in Keras.
            callbacks: As in Keras, and those of `ganzoo.callbacks`.
            validation_split: Refused: no loss of a GAN says how good its images are.
            validation_data: Refused.
            shuffle: As in Keras.
            class_weight: Refused.
            sample_weight: Refused.
            options: Others of Keras.

        Returns:
            Keras's history. `loss` in it is the sum of the other losses: it says whether they
            are finite, and nothing about the images.

        Raises:
            ganzoo.errors.InputError: If something given cannot be used. Of an array that is
                before the first step, of a data set's images at the first batch.
        """
        refuse_validation(validation_split, validation_data)
        refuse_weights(class_weight=class_weight, sample_weight=sample_weight)
        callbacks = callback_list(callbacks)
        if self.compiled:
            check_schedules(callbacks, self.optimizer.optimizers)
        if is_array(x):
            check_array(x, self.image_shape)
            self._check_labels(x, y)
        elif isinstance(x, list | tuple | dict):
            check_shape(x, self.image_shape)
        self._watch_next = True
        return super().fit(
            x,
            y,
            batch_size=batch_size,
            epochs=epochs,
            verbose=verbose,
            callbacks=[WatchRange(), *callbacks],
            shuffle=shuffle,
            **options,
        )

    def _check_labels(self, x: Any, y: Any) -> None:
        if self.condition is not None:
            self.condition.check(y, len(x))

    def make_train_function(self, force: bool = False) -> None:
        """Make Keras's function of a step; in each `fit` its first call is watched."""
        super().make_train_function(force)
        if self._watch_next:
            self._watch_next = False
            self.train_function = _watched(self, self.train_function)

    def train_on_batch(
        self,
        x: Any,
        y: Any = None,
        sample_weight: Any = None,
        class_weight: Any = None,
        return_dict: bool = False,
    ) -> Any:
        """One step on one batch, as `keras.Model.train_on_batch` makes it.

        Args:
            x: Images [N, H, W, C], uint8 or in [-1, 1].
            y: Labels, whole numbers [N], of a model with a condition.
            sample_weight: Refused.
            class_weight: Refused.
            return_dict: Whether figures come by name.

        Returns:
            The figures, in the order of `metrics_names` or by name.
        """
        refuse_weights(class_weight=class_weight, sample_weight=sample_weight)
        check_array(x, self.image_shape) if is_array(x) else check_shape(x, self.image_shape)
        self._check_labels(x, y)
        logs = super().train_on_batch(x, y, return_dict=True)
        return logs if return_dict else [logs[name] for name in self.metrics_names]

    def evaluate(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raises `InputError`: no loss of a game says how good its images are."""
        raise InputError(NO_EVALUATION)

    test_on_batch = evaluate

    # Figures.

    @property
    def metrics(self) -> list[Any]:
        ranges = [self.image_range, self.label_range]
        return [self.figures, *(metric for metric in ranges if metric is not None)]

    @property
    def metrics_names(self) -> list[str]:
        """Names of the figures in the logs."""
        return ["loss", *self.figures.names]

    def get_metrics_result(self) -> dict[str, Any]:
        """The figures by name, and their losses' sum, which Keras's callbacks watch for NaN."""
        figures = self.figures.result()
        return {"loss": sum(figures[term] for term in self.terms), **figures}

    # Files.

    def export(self, filepath: Any, format: str = SAVED_MODEL, **options: Any) -> None:
        """Export the averaged generator, as `keras.Model.export` does.

        Args:
            filepath: Where to.
            format: `"tf_saved_model"`, `"onnx"`, or others that Keras knows. From PyTorch a
                SavedModel is written by TensorFlow in a process of its own, with Keras's
                usual options.
            options: Others of Keras.

        Raises:
            ganzoo.errors.InputError: If Keras cannot do it on this backend.
        """
        asked = None if self.condition is None else self.condition.shape
        shape = (
            self.ema_generator.inputs[0].shape[1:] if self.translates else (self.latent_size,)
        )
        self.ema_generator(generator_inputs(ops.zeros((1, *shape)), asked))  # For ONNX.
        try:
            self.ema_generator.export(filepath, format=format, **options)
        except Exception as error:  # Whatever an exporter raises.
            if format == SAVED_MODEL and backend.name != "tensorflow":
                return export_by_tensorflow(self.ema_generator, filepath)
            raise InputError(
                f"Keras cannot export to {format!r} on the backend {backend.name}: "
                f"{first_line(error)} Save model.ema_generator as .keras, and export it with "
                "KERAS_BACKEND=tensorflow."
            ) from error


def _watched(model: Any, train_function: Any) -> Any:
    """`train_function` for one call, after which images' and labels' ranges are looked at."""

    def run(*arguments: Any) -> Any:
        model.train_function = train_function
        result = train_function(*arguments)
        found = low_and_high(model.value_after(result, model.image_range.extremes))
        if found is not None and out_of_range(*found):
            model.keep(result)
            refuse_range(*found)
        if model.label_range is not None:
            seen = lowest_and_highest(model.value_after(result, model.label_range.extremes))
            if not model.condition.in_range(*seen):
                model.keep(result)
                model.condition.refuse(*seen)
        return result

    return run
