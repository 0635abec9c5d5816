import json

from ganzoo.export.format import Format


class ONNX(Format):
    """ONNX, for ONNX Runtime and many other programs and devices."""

    suffix = ".onnx"
    title = "ONNX"
    runtime = "ONNX Runtime"
    backend = "tensorflow"
    writers = ("onnx", "tf2onnx")
    players = ("onnxruntime",)
    metadata_place = "its metadata_props"

    def write(self, generator, path, metadata):
        import onnx
        import tensorflow as tf
        import tf2onnx

        from ganzoo.export.signature import archive, input_shapes

        _, function = archive(generator)
        inputs = [
            tf.TensorSpec(shape, dtype, name=name)
            for name, (shape, dtype) in input_shapes(generator).items()
        ]
        model, _ = tf2onnx.convert.from_function(function, inputs)
        for value in (*model.graph.input, *model.graph.output):
            value.type.tensor_type.shape.dim[0].dim_param = "N"
        texts = {key: v if isinstance(v, str) else json.dumps(v) for key, v in metadata.items()}
        onnx.helper.set_model_props(model, texts)
        onnx.save_model(model, path)

    def play(self, path, inputs):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3  # Errors.
        session = onnxruntime.InferenceSession(
            path, options, providers=["CPUExecutionProvider"]
        )
        return session.run(["images"], dict(inputs))[0]
