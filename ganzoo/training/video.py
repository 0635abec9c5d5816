"""Films, as GIF or MP4."""

import importlib.util
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from ganzoo.data.sheet import GROUND
from ganzoo.errors import InputError, RunError
from ganzoo.files.atomic import atomic

FRAMES_A_SECOND = 20  # Of an MP4. A GIF counts in hundredths of a second: 5 of them.
QUALITY = 8  # Of 10, as imageio-ffmpeg counts.


def check_film(path: Path) -> None:
    """Raises `InputError` if a film cannot be written under this name, here."""
    if path.suffix.lower() not in WRITERS:
        raise InputError(
            f"{path.name!r} is not the name of a film: let it end in {' or '.join(WRITERS)}."
        )
    if path.suffix.lower() == ".mp4" and importlib.util.find_spec("imageio_ffmpeg") is None:
        raise InputError(
            "MP4 needs a package that is not installed. Run: pip install 'ganzoo[video]', or "
            f"write {path.with_suffix('.gif').name}."
        )


def save_film(
    frames: Iterable[Image.Image],
    seconds: Sequence[float],
    path: Path,
    samples: Sequence[Image.Image],
) -> None:
    """Write a film that plays in a loop (GIF) or once (MP4); it is there whole or not at all.

    Args:
        frames: Images of one size and mode, L or RGB; taken one by one.
        seconds: How long each is shown, rounded to twentieths and at least one.
        path: Ends in `.gif` or `.mp4`.
        samples: Some of the frames. The 256 colours that a GIF of colour images has are chosen
            from them, for all frames: of its own, each would flicker.

    Raises:
        InputError: If the name has another end, or MP4 lacks its package.
        RunError: If the encoder fails.
    """
    check_film(path)
    ticks = [max(1, round(each * FRAMES_A_SECOND)) for each in seconds]
    with atomic(path) as temporary:
        WRITERS[path.suffix.lower()](iter(frames), ticks, temporary, samples)


def _save_gif(
    frames: Iterator[Image.Image],
    ticks: Sequence[int],
    path: Path,
    samples: Sequence[Image.Image],
) -> None:
    if samples[0].mode == "RGB":
        montage = Image.fromarray(np.concatenate([np.asarray(frame) for frame in samples]))
        palette = montage.quantize(256, Image.Quantize.MEDIANCUT)
        frames = (f.quantize(palette=palette, dither=Image.Dither.NONE) for f in frames)
    next(frames).save(
        path,
        format="GIF",
        save_all=True,
        append_images=frames,
        duration=[1000 * n // FRAMES_A_SECOND for n in ticks],
        loop=0,
    )


def _save_mp4(
    frames: Iterator[Image.Image],
    ticks: Sequence[int],
    path: Path,
    samples: Sequence[Image.Image],
) -> None:
    import imageio_ffmpeg

    # H.264 halves the colours' resolution, so sides are even: not by a scale, which would blur.
    width, height = (side + side % 2 for side in samples[0].size)
    writer = imageio_ffmpeg.write_frames(
        str(path),
        (width, height),
        pix_fmt_in="rgb24",
        fps=FRAMES_A_SECOND,
        quality=QUALITY,
        codec="libx264",
        macro_block_size=2,
        ffmpeg_log_level="error",
    )
    try:
        writer.send(None)
        for frame, count in zip(frames, ticks, strict=True):
            even = Image.new("RGB", (width, height), (GROUND,) * 3)
            even.paste(frame, (0, 0))
            for _ in range(count):
                writer.send(even.tobytes())
    except (OSError, RuntimeError) as error:  # RuntimeError: there is no ffmpeg.
        raise RunError(f"The MP4 cannot be written: {error}") from error
    finally:
        writer.close()


WRITERS: dict[str, Callable[..., None]] = {
    ".gif": _save_gif,
    ".mp4": _save_mp4,
}
