"""Films."""

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image

from ganzoo.errors import InputError, RunError
from ganzoo.training import video


def frames(count, mode="L", size=(31, 21)):
    rng = np.random.default_rng(0)
    shape = (count, size[1], size[0], *([3] if mode == "RGB" else []))
    return [Image.fromarray(each) for each in rng.integers(0, 256, shape, np.uint8)]


def test_a_gray_gif_keeps_every_pixel_and_loops(tmp_path):
    made = frames(4)
    video.save_film(made, [0.05, 0.1, 0.5, 2.0], tmp_path / "a.GIF", made)
    film = Image.open(tmp_path / "a.GIF")
    assert film.n_frames == 4 and film.info["loop"] == 0
    durations = []
    for index, frame in enumerate(made):
        film.seek(index)
        durations.append(film.info["duration"])
        np.testing.assert_array_equal(np.asarray(film.convert("L")), np.asarray(frame))
    assert durations == [50, 100, 500, 2000]


def test_a_colour_gif_has_one_palette_of_the_nearest_colours(tmp_path):
    flat = [Image.new("RGB", (20, 10), colour) for colour in ("#ff0000", "#00ff00", "#123456")]
    video.save_film(iter(flat), [0.1] * 3, tmp_path / "a.gif", flat)
    film = Image.open(tmp_path / "a.gif")
    for index, frame in enumerate(flat):
        film.seek(index)
        shown = np.asarray(film.convert("RGB")).astype(int)
        assert abs(shown - np.asarray(frame)).max() <= 4


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_an_mp4_has_each_frame_as_long_as_asked(tmp_path, mode):
    made = frames(3, mode)
    video.save_film(iter(made), [0.01, 0.1, 0.5], tmp_path / "a.mp4", made[:1])
    assert imageio_ffmpeg.count_frames_and_secs(str(tmp_path / "a.mp4"))[0] == 1 + 2 + 10
    size = next(imageio_ffmpeg.read_frames(str(tmp_path / "a.mp4")))["size"]
    assert size == (32, 22)  # Even, as H.264 wants, and not scaled.


def test_an_unknown_ending_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"'a.avi' is not the name of a film"):
        video.save_film(frames(1), [1.0], tmp_path / "a.avi", frames(1))


def test_mp4_without_its_package_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(video.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pip install 'ganzoo\[video\]', or write a.gif"):
        video.check_film(tmp_path / "a.mp4")
    video.check_film(tmp_path / "a.gif")


def test_what_fails_leaves_no_file(tmp_path):
    with pytest.raises(ValueError):
        video.save_film(frames(2), [1.0], tmp_path / "a.mp4", frames(1))
    assert list(tmp_path.iterdir()) == []


def test_mp4_without_ffmpeg_is_one_line(tmp_path, monkeypatch):
    def missing(*arguments, **options):
        raise RuntimeError("No ffmpeg exe could be found.")
        yield

    monkeypatch.setattr(imageio_ffmpeg, "write_frames", missing)
    with pytest.raises(RunError, match=r"cannot be written: No ffmpeg exe could be found\."):
        video.save_film(frames(2), [1.0, 1.0], tmp_path / "a.mp4", frames(1))
    assert list(tmp_path.iterdir()) == []
