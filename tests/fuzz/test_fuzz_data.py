"""Damaged data give a set or one line, and soon.

`GANZOO_FUZZ=2000 pytest tests/fuzz` tries as many inputs; the test command tries some.
"""

import gzip
import io
import json
import os
import struct
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from ganzoo.data import ImageSet, Reading, load
from ganzoo.errors import InputError

EXAMPLES = int(os.environ.get("GANZOO_FUZZ", "60"))
LONGEST = 300  # Characters of a message.
SECONDS = 20.0
GENERATOR = np.random.default_rng(0)
PIXELS = GENERATOR.integers(0, 256, (6, 8, 8), np.uint8)
LABELS = np.array([0, 1, 2, 0, 1, 2])


def encoded(pixels: np.ndarray, format: str = "PNG", **options) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format, **options)
    return file.getvalue()


def saved(save: Callable[..., None], *arrays, **named) -> bytes:
    file = io.BytesIO()
    save(file, *arrays, **named)
    return file.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def idx(array: np.ndarray) -> bytes:
    sizes = b"".join(struct.pack(">I", size) for size in array.shape)
    return bytes([0, 0, 8, array.ndim]) + sizes + array.astype(np.uint8).tobytes()


RGBA = np.repeat(PIXELS[0][..., None], 4, axis=2)
PICTURES = {
    "a/0.png": encoded(PIXELS[0]),
    "a/1.jpg": encoded(PIXELS[1], "JPEG"),
    "b/2.tif": encoded(PIXELS[2].astype(np.uint16) * 9, "TIFF"),
    "b/3.gif": encoded(PIXELS[3], "GIF"),
    "b/4.webp": encoded(RGBA, "WEBP", lossless=True),
    "b/5.png": encoded(RGBA),
}
LISTING = {"labels": [[name, number % 2] for number, name in enumerate(PICTURES)]}
JSON = {"dataset.json": json.dumps(LISTING).encode()}
ARRAYS = {"x_train": PIXELS, "y_train": LABELS, "x_test": PIXELS[:3], "y_test": LABELS[:3]}
INPUTS: dict[str, dict[str, bytes]] = {
    "folder": PICTURES,
    "folder with labels": PICTURES | JSON,
    "split": {f"{part}/{n}": d for part in ("train", "test") for n, d in PICTURES.items()},
    "zip": {"x.zip": zipped(PICTURES)},
    "zip with labels": {"x.zip": zipped(PICTURES | JSON)},
    "npy": {"x.npy": saved(np.save, PIXELS)},
    "npz": {"x.npz": saved(np.savez, **ARRAYS)},
    "npz packed": {"x.npz": saved(np.savez_compressed, images=PIXELS, labels=LABELS[:, None])},
    "idx": {
        "train-images-idx3-ubyte": idx(PIXELS),
        "train-labels-idx1-ubyte.gz": gzip.compress(idx(LABELS)),
    },
}  # fmt: skip
FILES = ("zip", "zip with labels", "npy", "npz", "npz packed")
NUMBERS = [
    b"\0",
    b"\xff",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\0\0\0\0",
    b"9" * 40,
    b"-1",
]


@st.composite
def damaged(draw: st.DrawFn, content: bytes) -> bytes:
    """A file with some bytes changed, left out, doubled or put in."""
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, max(0, len(content) - 1)))
        end = min(len(content), start + draw(st.integers(1, 12)))
        piece = draw(st.one_of(st.sampled_from(NUMBERS), st.binary(max_size=8)))
        how = draw(st.sampled_from(["change", "cut", "insert", "double", "remove"]))
        if how == "change":
            content = content[:start] + piece + content[start + len(piece) :]
        elif how == "cut":
            content = content[:start]
        elif how == "insert":
            content = content[:start] + piece + content[start:]
        elif how == "double":
            content = content[:end] + content[start:]
        else:
            content = content[:start] + content[end:]
    return content


@st.composite
def inputs(draw: st.DrawFn) -> tuple[str, dict[str, bytes], dict, bool]:
    kind = draw(st.sampled_from([*INPUTS]))
    files = dict(INPUTS[kind])
    for name in draw(st.lists(st.sampled_from([*files]), min_size=1, max_size=3)):
        files[name] = draw(damaged(files[name]))
    reading = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "fit": st.sampled_from(["pad", "stretch"]),
                "labels": st.just(False),
                "levels": st.sampled_from(["auto", "0,4095"]),
                "pages": st.just("all"),
                "background": st.just("#ff8000"),
            },
        )
    )
    return kind, files, reading, draw(st.booleans())


@pytest.fixture(scope="module", autouse=True)
def cache():
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("GANZOO_CACHE", folder)
        yield


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(inputs())
def test_damaged_data_are_a_set_or_one_line(case):
    kind, files, reading, stream = case
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        source = Path(folder) / next(iter(files)) if kind in FILES else Path(folder)
        begun = time.perf_counter()
        try:
            found = load(source, 8, stream=stream, reading=Reading(**reading))
        except InputError as error:
            assert "\n" not in str(error) and 10 < len(str(error)) < LONGEST
        else:
            assert isinstance(found, ImageSet) and len(found.labels) == len(found) >= 2
            pixels = np.asarray(found.images)
            assert pixels.dtype == np.uint8 and pixels.shape[1:3] == (8, 8)
            assert found.labels.min() >= 0 and found.labels.max() < len(found.classes)
        assert time.perf_counter() - begun < SECONDS


@pytest.mark.parametrize("kind", [*INPUTS])
def test_undamaged_inputs_are_read(kind, tmp_path):
    for name, content in INPUTS[kind].items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    source = tmp_path / next(iter(INPUTS[kind])) if kind in FILES else tmp_path
    assert len(load(source, 8)) == 6
