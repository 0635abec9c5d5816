"""The folder of one run."""

import json
import math
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ganzoo import old_names
from ganzoo.errors import InputError
from ganzoo.files.atomic import atomic, sweep
from ganzoo.files.lines import append, read_lines
from ganzoo.files.lock import locked
from ganzoo.files.names import brief, utf8
from ganzoo.files.read import explained, kind, read_json
from ganzoo.files.sealed import seal, unseal
from ganzoo.training import config as run_config
from ganzoo.training.setting import is_number, is_whole
from ganzoo.variant import LARGEST_FLOAT

LONGEST = 100  # Bytes of a description in a folder's name.
CONFIG, RESULT, LOCK, LOG = "config.json", "result.json", ".lock", "log.txt"
LOSSES, METRICS = "losses.jsonl", "metrics.jsonl"
# Where earlier versions wrote metrics; they wrote losses, told by their pace, to `METRICS`.
OLD_METRICS, PACE = "measures.jsonl", "sec_per_kimg"
CHECKPOINTS = "checkpoints"
FILES = (CONFIG, RESULT, LOCK, LOG, LOSSES, METRICS, OLD_METRICS, "loss.png", "reals.png")


class Run:
    """Files of one run, each written whole or not at all.

    `losses.jsonl` has losses and speed, a line a tick; `metrics.jsonl` what was scored, a
    line a snapshot. The folder may come from anybody: what is read is checked, no link in it
    is followed, and nothing that it holds is run.

    Args:
        path: The folder; see `create` and `open`.
    """

    def __init__(self, path: str | Path):
        self.path = Path(path)

    @classmethod
    def create(cls, outdir: str | Path, description: str) -> "Run":
        """A new folder `outdir/00000-description`, with the next free number."""
        outdir = Path(outdir)
        safe = re.sub(r"[^\w-]+", "-", description).strip("-")
        safe = safe.encode()[:LONGEST].decode(errors="ignore")
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
        if not isinstance(path, (str, os.PathLike)):
            raise InputError(f"A run is given by its path, a text. Received: {brief(path)}")
        run = cls(Path(path))
        try:
            is_run, there = (run.path / CONFIG).is_file(), _what_is_there(run.path)
        except OSError as error:
            is_run, there = False, f"cannot be opened ({error.strerror})"
        if not is_run:
            raise InputError(
                f"{brief(str(path), 400)} is not a run: it {there}. "
                "Give a folder that `ganzoo train` made, such as runs/00000-unown-wgan-gp."
            )
        return run

    @property
    def config(self) -> dict[str, Any]:
        """The keywords of `Trainer`, as recorded.

        Raises:
            InputError: If the file cannot be read, a key is missing or holds what it must not,
                or names a module that has not been allowed, see `ganzoo.trust`.
        """
        config = run_config.current(self.read_json(CONFIG))
        run_config.check(config, str(self.path / CONFIG))
        return config

    def change(self, **settings: Any) -> None:
        """Replace settings in the config; checkpoints that were made before stay valid.

        The config keeps them under `history`.

        Args:
            settings: Keywords of `Trainer` with their new values.

        Example:
            >>> with run.lock():
            ...     run.change(schedule="28:136,56:200:50")
        """
        config = self.config
        history = {key: list(old) for key, old in config.get(run_config.HISTORY, {}).items()}
        for key, value in settings.items():
            if config.get(key, value) != value:
                history.setdefault(key, [config[key]]).append(value)
        if history:
            settings[run_config.HISTORY] = history
        self.write_json(CONFIG, config | settings)

    @property
    def result(self) -> dict[str, Any] | None:
        """What the run ended with; `None` while it has not ended.

        `None` too where the file is damaged: to train on makes it again from the last
        checkpoint.
        """
        if kind(self.path / RESULT) is None:
            return None
        try:
            found = unseal(read_json(self.path / RESULT))
        except (OSError, ValueError, TypeError):
            return None
        return old_names.current(found, old_names.MEASURES) if _is_result(found) else None

    def end(self, result: dict[str, Any]) -> None:
        """Write what the run ended with."""
        self.write_json(RESULT, seal(result))

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

        The lock goes with the process that holds it, however that ends. What a killed process
        left half-written is removed.

        Raises:
            InputError: If something else than a file is where the run has a file.
        """

        def waiting() -> None:
            report(f"another process trains in {self.path}: waiting for it to end")

        self._check_kinds()
        with locked(self.path / LOCK, waiting):
            for folder in (self.path, self.path / CHECKPOINTS):
                sweep(folder)
            yield

    def _check_kinds(self) -> None:
        """Raises `InputError` where links, pipes or folders stand for files of the run."""
        wanted = dict.fromkeys(FILES, "a file") | {CHECKPOINTS: "a folder"}
        for name, meant in wanted.items():
            found = kind(self.path / name)
            if found not in (None, meant):
                raise InputError(
                    f"{self.path / name} must be {meant}, and is {found}. "
                    f"Put {meant} there, or remove it."
                )

    def read_json(self, name: str) -> dict[str, Any]:
        """A file's content.

        Raises:
            InputError: If it is not there, or is no JSON.
        """
        path = self.path / name
        with explained(path, advice="Bring it back, or start a new run."):
            found = read_json(path)
            if not isinstance(found, dict):
                raise ValueError("it holds no JSON object")
            return found

    def write_json(self, name: str, content: dict[str, Any]) -> None:
        """Write a file, whole or not at all."""
        with atomic(self.path / name) as temporary:
            temporary.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")

    def log(self, line: str) -> None:
        """Append a line to `log.txt`."""
        append(self.path / LOG, utf8(line))

    def add(self, name: str, figures: dict[str, Any]) -> None:
        """Append one line of figures to `losses.jsonl` or `metrics.jsonl`, durably."""
        append(self.path / name, json.dumps(figures), durable=True)

    def lines(self, name: str) -> list[dict[str, Any]]:
        """The figures in `losses.jsonl` or `metrics.jsonl`, by rising step.

        Lines that are damaged, as by a crash, are left out. Files of earlier versions, which
        had other names, are read too.

        Raises:
            InputError: If a file cannot be read.
        """
        sources = {LOSSES: (METRICS, LOSSES), METRICS: (OLD_METRICS, METRICS)}[name]
        lines = (line for source in sources for line in read_lines(self.path / source))
        kept = (line for line in lines if (PACE in line) == (name == LOSSES))
        whole = _is_losses if name == LOSSES else _has_time
        known = (old_names.current(line, old_names.MEASURES) for line in kept)
        by_step = {line["step"]: line for line in known if whole(line)}
        return [by_step[step] for step in sorted(by_step)]

    def forget_after(self, step: int) -> None:
        """Drop figures of steps that a resumed run will do again."""
        for name in (LOSSES, METRICS):
            kept = [figures for figures in self.lines(name) if figures["step"] <= step]
            if kept or (self.path / name).exists():
                with atomic(self.path / name) as temporary:
                    text = "".join(json.dumps(figures) + "\n" for figures in kept)
                    temporary.write_text(text, encoding="utf-8")
        for name in (OLD_METRICS, RESULT):
            (self.path / name).unlink(missing_ok=True)

    @property
    def checkpoints(self) -> list[Path]:
        """Checkpoints, oldest first; what lies among them in place of one is damaged.

        Raises:
            InputError: If their folder is a link, as none is followed out of a run.
        """
        from ganzoo.training.checkpoint import NAME  # Needs NumPy, which help does without.

        folder = self.path / CHECKPOINTS
        found = kind(folder)
        if found == "a link":
            raise InputError(
                f"{folder} is a link, which is not followed. Put the checkpoints themselves "
                "there."
            )
        if found != "a folder":
            return []
        return sorted(
            path
            for path in folder.iterdir()
            if not path.name.startswith(".")
            and (kind(path) != "a file" or NAME.fullmatch(path.name))
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

    def end(self, result: dict[str, Any]) -> None:
        pass

    def change(self, **settings: Any) -> None:
        pass

    def forget_after(self, step: int) -> None:
        pass


def _is_result(found: dict[str, Any]) -> bool:
    return (
        found.get("status") in ("done", "diverged")
        and _has_time(found)
        and all(isinstance(found.get(key, {}), dict) for key in ("figures", "measures"))
    )


def _has_time(line: dict[str, Any]) -> bool:
    """Whether a line says at which step, after how many images and seconds it was written."""
    times = (line.get("kimg"), line.get("seconds"))
    return is_whole(line.get("step")) and all(is_number(t) and t >= 0 for t in times)


def _is_losses(line: dict[str, Any]) -> bool:
    """Whether a line has a time and else numbers; a loss may be NaN or infinite."""
    return _has_time(line) and all(is_number(v) or _is_loss(v) for v in line.values())


def _is_loss(value: Any) -> bool:
    """Whether a float32 may have this value; a plot of larger ones overflows."""
    finite = isinstance(value, float) and math.isfinite(value)
    return isinstance(value, float) and (not finite or abs(value) <= LARGEST_FLOAT)


def _next_number(outdir: Path) -> int:
    numbers = [int(m.group()) for p in outdir.iterdir() if (m := re.match(r"\d+", p.name))]
    return max(numbers, default=-1) + 1


def _what_is_there(path: Path) -> str:
    if not path.exists():
        return "does not exist"
    return "holds no config.json" if path.is_dir() else "is a file"
