"""Published figures: what a person types, and what a library answers."""

import shlex
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ganzoo.errors import RunError
from ganzoo.metrics import published_images
from ganzoo.metrics.published import PUBLISHED

MADE, REAL = Path("my images/generated"), Path("my images/real")


def test_what_a_person_types_has_both_folders_whole():
    for name, entry in PUBLISHED.items():
        assert entry.name == name
        assert shlex.split(entry.command(MADE, REAL))[0] in ("fidelity", "python")
        assert {str(MADE), str(REAL)} <= set(shlex.split(entry.command(MADE, REAL)))


def test_the_answers_of_libraries_are_read():
    assert PUBLISHED["fid"].read('noise\n{\n "frechet_inception_distance": 3.5\n}\n') == 3.5
    assert PUBLISHED["clean-fid"].read("found 2 images\n7.25\n") == 7.25


def library(source):
    return replace(
        PUBLISHED["fid"], started=("-c", source), arguments=lambda *folders: [*folders]
    )


def test_a_library_runs_in_a_process_of_its_own():
    source = "import sys; print('{\"frechet_inception_distance\": %d}' % len(sys.argv))"
    assert library(source).measure(MADE, REAL) == 5


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("raise OSError('no network,\\nno weights')", "'no weights'"),
        ("print('nothing to say')", "'nothing to say'"),
        ("print('{}')", "'{}'"),
        ("pass", "'it printed nothing'"),
        ("raise SystemExit(3)", "'no reason'"),
        ("raise OSError('long ' * 999)", "long"),
    ],
)
def test_a_library_that_fails_is_one_line(source, said):
    with pytest.raises(RunError, match=r"^FID could not be measured: torch-fidelity") as error:
        library(source).measure(MADE, REAL)
    text = str(error.value)
    assert said in text and "\n" not in text and len(text) < 500


def test_a_library_that_is_not_there(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch_fidelity", None)
    assert not PUBLISHED["fid"].installed
    assert replace(PUBLISHED["fid"], module="json").installed


def test_of_many_real_images_a_part_is_drawn(monkeypatch, tmp_path):
    monkeypatch.setattr(published_images, "USUAL", 30)
    real = np.arange(50, dtype=np.uint8)[:, None, None, None] * np.ones((4, 4, 3), np.uint8)
    found = published_images.export(real[:3], real, tmp_path / "out")
    assert found.counts == (3, 30)
    assert len(list(found.real.iterdir())) == 30 and len(list(found.generated.iterdir())) == 3
    values = np.array([np.asarray(Image.open(f)) for f in sorted(found.real.iterdir())])
    assert values.shape == (30, 4, 4, 3) and len(np.unique(values)) == 30
    assert (np.diff(values[:, 0, 0, 0].astype(int)) > 0).all()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
