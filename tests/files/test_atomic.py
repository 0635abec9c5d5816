"""Files that are there whole or not at all."""

import os
import sys

import pytest

from ganzoo.errors import InputError
from ganzoo.files.atomic import atomic


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_file_appears_when_complete(tmp_path):
    path = tmp_path / "a.txt"
    with atomic(path) as temporary:
        assert temporary.parent == tmp_path
        assert temporary.name.startswith(".tmp-")
        assert temporary.suffix == ".txt"
        temporary.write_text("new")
        assert not path.exists()
    assert names(tmp_path) == ["a.txt"]
    assert path.read_text() == "new"


def test_older_file_stays_until_the_new_one_is_complete(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with atomic(path) as temporary:
        temporary.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_error_leaves_all_as_it_was(tmp_path, error):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(error), atomic(path) as temporary:
        temporary.write_text("half")
        raise error
    assert names(tmp_path) == ["a.txt"]
    assert path.read_text() == "old"


def test_nothing_written_is_an_error(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(FileNotFoundError), atomic(path):
        pass
    assert path.read_text() == "old"


def test_folder_appears_when_complete(tmp_path):
    path = tmp_path / "000040"
    with atomic(path) as temporary:
        (temporary / "inner").mkdir(parents=True)
        (temporary / "inner/a.txt").write_text("a")
        assert not path.exists()
    assert names(tmp_path) == ["000040"]
    assert (path / "inner/a.txt").read_text() == "a"


def test_half_a_folder_is_removed(tmp_path):
    with pytest.raises(ValueError), atomic(tmp_path / "000040") as temporary:
        temporary.mkdir()
        (temporary / "a.txt").write_text("a")
        raise ValueError
    assert names(tmp_path) == []


def test_folder_does_not_replace_one_with_files_in_it(tmp_path):
    path = tmp_path / "000040"
    path.mkdir()
    (path / "kept.txt").write_text("kept")
    with pytest.raises(OSError), atomic(path) as temporary:
        temporary.mkdir()
    assert names(tmp_path) == ["000040"]
    assert (path / "kept.txt").read_text() == "kept"


def test_two_writers_do_not_meet(tmp_path):
    path = tmp_path / "a.txt"
    with atomic(path) as first:
        first.write_text("first")
        with atomic(path) as second:
            assert first != second
            second.write_text("second")
        assert path.read_text() == "second"
    assert path.read_text() == "first"


def test_all_is_flushed_before_it_is_named(tmp_path, monkeypatch):
    events = []
    replace, fsync = os.replace, os.fsync
    monkeypatch.setattr(os, "fsync", lambda d: (events.append("flush"), fsync(d)))
    monkeypatch.setattr(os, "replace", lambda *a: (events.append("name"), replace(*a)))
    with atomic(tmp_path / "a.txt") as temporary:
        temporary.write_text("a")
    folder = [] if sys.platform == "win32" else ["flush"]
    assert events == ["flush", "name", *folder]


def test_folder_that_is_not_there(tmp_path):
    gone = tmp_path / "gone"
    with pytest.raises(InputError) as caught, atomic(gone / "a.txt"):
        pass
    assert str(caught.value) == (
        f"There is no folder {str(gone)!r} to write 'a.txt' into. Make it first."
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_permissions_are_those_of_any_new_file(tmp_path):
    with atomic(tmp_path / "a.txt") as temporary:
        temporary.write_text("a")
    (tmp_path / "b.txt").write_text("b")
    assert (tmp_path / "a.txt").stat().st_mode == (tmp_path / "b.txt").stat().st_mode


def test_relative_names(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with atomic("a.txt") as temporary:
        temporary.write_text("a")
    assert names(tmp_path) == ["a.txt"]
