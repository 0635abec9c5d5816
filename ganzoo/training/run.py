"""The folder of one run."""

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ganzoo.errors import InputError
from ganzoo.files.atomic import atomic
from ganzoo.files.lock import locked
from ganzoo.files.names import utf8

LONGEST = 100  # Characters of a description in a folder's name.


class Run:
    """Files of one run, each written whole or not at all.

    `metrics.jsonl` has losses and speed, a line a tick; `measures.jsonl` what was scored, a
    line a snapshot.

    Args:
        path: The folder; see `create` and `open`.
    """

    def __init__(self, path: Path):
        self.path = path

    @classmethod
    def create(cls, outdir: str | Path, description: str) -> "Run":
        """A new folder `outdir/00000-description`, with the next free number."""
        outdir = Path(outdir)
        safe = re.sub(r"[^\w-]+", "-", description).strip("-")[:LONGEST]
        try:
            outdir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(
                f"The folder {str(outdir)!r} for runs cannot be made ({error.strerror}). "
                "Choose another with --outdir."
            ) from error
        while True:
            path = outdir / f"{_next_number(outdir):05d}-{safe}"
            try:
                path.mkdir()
            except FileExistsError:
                continue
            except OSError as error:
                raise InputError(
                    f"A run cannot be made in {str(outdir)!r} ({error.strerror}). "
                    "Choose another folder with --outdir."
                ) from error
            return cls(path)

    @classmethod
    def open(cls, path: str | Path) -> "Run":
        """An existing run.

        Raises:
            InputError: If the folder is not one.
        """
        run = cls(Path(path))
        if not (run.path / "config.json").is_file():
            there = "does not exist"
            if run.path.exists():
                there = "holds no config.json" if run.path.is_dir() else "is a file"
            raise InputError(
                f"{str(path)!r} is not a run: it {there}. "
                "Give a folder that `ganzoo train` made, such as runs/00000-unown-wgan-gp."
            )
        return run

    @property
    def config(self) -> dict[str, Any]:
        """The keywords of `Trainer`, as recorded.

        Raises:
            InputError: If the file is not of a run.
        """
        config = self.read_json("config.json")
        if not all(isinstance(config.get(key), str) for key in ("schedule", "architecture")):
            raise InputError(
                f"{self.path / 'config.json'} is not of a run of ganzoo. "
                "Give a folder that `ganzoo train` made."
            )
        return config

    @property
    def result(self) -> dict[str, Any] | None:
        """What the run ended with, or `None` while it has not ended."""
        return self.read_json("result.json") if (self.path / "result.json").is_file() else None

    @property
    def is_over(self) -> bool:
        """Whether the run ended by itself: done, or diverged."""
        return self.result is not None

    @property
    def is_done(self) -> bool:
        """Whether the run came to the end of its schedule."""
        return self.result is not None and self.result.get("status") == "done"

    @contextmanager
    def lock(self, report: Callable[[str], None] = lambda text: None) -> Iterator[None]:
        """Wait until no other process trains in this folder, and keep others out.

        The lock goes with the process that holds it, however that ends.
        """

        def waiting() -> None:
            report(f"another process trains in {self.path}: waiting for it to end")

        with locked(self.path / ".lock", waiting):
            yield

    def read_json(self, name: str) -> dict[str, Any]:
        """A file's content.

        Raises:
            InputError: If it is not there, or is no JSON.
        """
        try:
            found = json.loads((self.path / name).read_text(encoding="utf-8"))
            if not isinstance(found, dict):
                raise ValueError("it holds no JSON object")
            return found
        except (OSError, ValueError) as error:
            raise InputError(
                f"{self.path / name} cannot be read ({error}). Start a new run instead."
            ) from error

    def write_json(self, name: str, content: dict[str, Any]) -> None:
        """Write a file, whole or not at all."""
        with atomic(self.path / name) as temporary:
            temporary.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")

    def log(self, line: str) -> None:
        """Append a line to `log.txt`."""
        with (self.path / "log.txt").open("a", encoding="utf-8") as file:
            file.write(utf8(line) + "\n")

    def add(self, name: str, figures: dict[str, Any]) -> None:
        """Append one line of figures to `metrics.jsonl` or `measures.jsonl`, durably."""
        with (self.path / name).open("a", encoding="utf-8") as file:
            file.write(json.dumps(figures) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def lines(self, name: str) -> list[dict[str, Any]]:
        """The figures in a file of lines; one that a crash cut short is left out."""
        path = self.path / name
        lines = []
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        for line in text.splitlines():
            try:
                lines.append(json.loads(line))
            except ValueError:
                break
        return lines

    def forget_after(self, step: int) -> None:
        """Drop figures of steps that a resumed run will do again."""
        for name in ("metrics.jsonl", "measures.jsonl"):
            kept = [figures for figures in self.lines(name) if figures.get("step", 0) <= step]
            if kept or (self.path / name).exists():
                with atomic(self.path / name) as temporary:
                    text = "".join(json.dumps(figures) + "\n" for figures in kept)
                    temporary.write_text(text, encoding="utf-8")
        (self.path / "result.json").unlink(missing_ok=True)

    @property
    def checkpoints(self) -> list[Path]:
        """Complete checkpoints, oldest first."""
        folder = self.path / "checkpoints"
        if not folder.is_dir():
            return []
        return sorted(
            path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")
        )


class Onlooker(Run):
    """A run that another process writes: this one trains along, and writes nothing.

    Args:
        path: The folder, where there is one to resume from.
    """

    def __init__(self, path: Path = Path(os.devnull)):
        super().__init__(path)

    @contextmanager
    def lock(self, report: Callable[[str], None] = lambda text: None) -> Iterator[None]:
        yield

    def write_json(self, name: str, content: dict[str, Any]) -> None:
        pass

    def log(self, line: str) -> None:
        pass

    def add(self, name: str, figures: dict[str, Any]) -> None:
        pass

    def forget_after(self, step: int) -> None:
        pass


def _next_number(outdir: Path) -> int:
    numbers = [int(m.group()) for p in outdir.iterdir() if (m := re.match(r"\d+", p.name))]
    return max(numbers, default=-1) + 1
