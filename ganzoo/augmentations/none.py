import keras

from ganzoo.augmentations.augmentation import Augmentation


@keras.saving.register_keras_serializable("ganzoo")
class Plain(Augmentation):
    """Images are shown as they are."""

    changes = False
