import json
from pathlib import Path

from ganzoo.export.format import METADATA, SIGNATURE, Format

EXTRA = "assets.extra"  # TensorFlow's name for files that loading leaves alone.


class SavedModel(Format):
    """TensorFlow's SavedModel: a folder."""

    suffix = ""
    title = "SavedModel"
    runtime = "TensorFlow"
    backend = "tensorflow"
    players = ("tensorflow",)
    metadata_place = f"its file {EXTRA}/{METADATA}"

    def write(self, generator, path, metadata):
        from ganzoo.export.signature import archive

        exported, _ = archive(generator)
        exported.write_out(str(path), verbose=False)
        extra = Path(path) / EXTRA
        extra.mkdir()
        text = json.dumps(metadata, indent=2) + "\n"
        (extra / METADATA).write_text(text, encoding="utf-8")

    def play(self, path, inputs):
        import tensorflow as tf

        loaded = tf.saved_model.load(str(path))  # Its variables live as long as it does.
        tensors = {name: tf.constant(value) for name, value in inputs.items()}
        return loaded.signatures[SIGNATURE](**tensors)["images"].numpy()
