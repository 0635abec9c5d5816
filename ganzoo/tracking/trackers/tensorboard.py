import io
import json
import time

from ganzoo.tracking.tracker import Tracker


class TensorBoard(Tracker):
    """Event files in the run's folder, for `tensorboard --logdir runs`."""

    module = extra = "tensorboard"

    def begin(self, name, folder, config):
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.compat.proto.summary_pb2 import Summary
        from tensorboard.plugins.text.metadata import create_summary_metadata
        from tensorboard.summary.writer.event_file_writer import EventFileWriter
        from tensorboard.util.tensor_util import make_tensor_proto

        self._event, self._summary = Event, Summary
        self._writer = EventFileWriter(str(folder / "tensorboard"))
        text = f"```\n{json.dumps(config, indent=2)}\n```".encode()
        described = create_summary_metadata(display_name="settings", description="")
        tensor = make_tensor_proto(text)
        value = Summary.Value(tag="settings", tensor=tensor, metadata=described)
        self._add(0, [value])

    def figures(self, images, figures):
        self._add(
            images, [self._summary.Value(tag=k, simple_value=v) for k, v in figures.items()]
        )

    def sheet(self, images, path):
        from PIL import Image

        content = path.read_bytes()
        width, height = Image.open(io.BytesIO(content)).size
        picture = self._summary.Image(width=width, height=height, encoded_image_string=content)
        self._add(images, [self._summary.Value(tag="samples", image=picture)])

    def end(self):
        self._writer.close()

    def _add(self, images, values):
        summary = self._summary(value=values)
        self._writer.add_event(self._event(wall_time=time.time(), step=images, summary=summary))
        self._writer.flush()
