import tempfile
from pathlib import Path

from ganzoo.export.archived import add_member
from ganzoo.export.format import METADATA, SIGNATURE, Format


class LiteRT(Format):
    """LiteRT, once TensorFlow Lite, for telephones and small devices."""

    suffix = ".tflite"
    title = "LiteRT"
    runtime = "LiteRT"
    backend = "tensorflow"
    players = ("ai_edge_litert",)
    metadata_place = f"its member {METADATA} (the file is a zip too)"

    def write(self, generator, path, metadata):
        import tensorflow as tf

        from ganzoo.export.signature import archive

        with tempfile.TemporaryDirectory() as folder:
            exported, _ = archive(generator)
            exported.write_out(folder, verbose=False)
            converter = tf.lite.TFLiteConverter.from_saved_model(
                folder, signature_keys=[SIGNATURE]
            )
            # Of TensorFlow's other operations the runtime knows none.
            converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]
            Path(path).write_bytes(converter.convert())
        add_member(path, metadata)

    def play(self, path, inputs):
        from ai_edge_litert.interpreter import Interpreter

        play = Interpreter(str(path)).get_signature_runner(SIGNATURE)
        return play(**inputs)["images"]
