from ganzoo.export.archived import add_member
from ganzoo.export.format import METADATA, Format


class KerasFile(Format):
    """Keras's own, on any backend; loading it takes `import ganzoo`."""

    suffix = ".keras"
    title = "Keras"
    runtime = "Keras"
    exact = True
    metadata_place = f"its member {METADATA} (the file is a zip)"

    def write(self, generator, path, metadata):
        generator.save(path)
        add_member(path, metadata)

    def play(self, path, inputs):
        import keras

        several = list(inputs.values())
        given = several if len(several) > 1 else several[0]
        images = keras.saving.load_model(path)(given, training=False)
        return keras.ops.convert_to_numpy(images)
