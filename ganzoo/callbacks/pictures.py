"""Where a callback's pictures go: below a notebook's cell, or to a file."""

from pathlib import Path
from typing import Any

from PIL import Image

from ganzoo.data.sheet import save_png
from ganzoo.notebook import notebook_display


class Pictures:
    """Shows one picture after the other in the same place of a notebook, or writes files.

    Args:
        folder: Where files go; `None`: to the current folder, and in a notebook nowhere.
    """

    def __init__(self, folder: str | Path | None = None):
        self.folder = None if folder is None else Path(folder)
        self._shown: Any = None

    def put(self, picture: Image.Image, name: str) -> None:
        """Show the picture, and write it where files are wanted.

        Args:
            picture: The picture.
            name: Name of the file, with `.png`.
        """
        display = notebook_display()
        if display is not None and self._shown is None:
            self._shown = display(picture, display_id=True)
        elif display is not None:
            self._shown.update(picture)
        if self.folder is not None or display is None:
            folder = self.folder or Path()
            folder.mkdir(parents=True, exist_ok=True)
            save_png(picture, folder / name)
