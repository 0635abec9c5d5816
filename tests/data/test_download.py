import hashlib
import os

import pytest

from ganzoo.data import download
from ganzoo.data.download import Remote
from ganzoo.errors import InputError

FILES = {"one.bin": b"first" * 40_000, "two.bin": b"second" * 10}
INSTEAD = "bring it along"


def remote(name, content):
    """The wanted file: `content`, kept as `name` + `.kept`."""

    def check(path):
        if hashlib.sha256(path.read_bytes()).digest() != hashlib.sha256(content).digest():
            raise ValueError("another sha256")

    return Remote(name, f"{name}.kept", limit=300_000, check=check)


WANTED = [remote(name, content) for name, content in FILES.items()]


def fetch(url, folder, report=lambda line: None):
    return download.fetch(WANTED, url, folder, INSTEAD, report)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def refused(url, folder):
    """The one line that a failed fetch says."""
    with pytest.raises(InputError) as error:
        fetch(url, folder)
    line = str(error.value)
    assert "\n" not in line
    return line


@pytest.mark.parametrize("without_length", [(), ("one.bin",)])
@pytest.mark.parametrize("slash", ["", "/"])
def test_good_files_are_whole_under_their_names(tmp_path, without_length, slash, serving):
    lines = []
    folder = tmp_path / "new" / "folder"
    with serving(FILES, without_length=without_length) as (url, _):
        assert fetch(url + slash, folder, lines.append) == folder
    assert names(folder) == ["one.bin.kept", "two.bin.kept"]
    assert (folder / "one.bin.kept").read_bytes() == FILES["one.bin"]
    assert (folder / "two.bin.kept").read_bytes() == FILES["two.bin"]
    assert lines == ["one.bin.kept: 200,000 bytes", "two.bin.kept: 60 bytes"]


@pytest.mark.parametrize(
    ("served", "options", "why"),
    [
        (FILES, {"cut": ("two.bin",)}, "cut short"),
        (FILES, {"cut": ("two.bin",), "without_length": ("two.bin",)}, "another sha256"),
        (FILES | {"two.bin": b"wrong"}, {}, "not the right file: another sha256"),
        ({"one.bin": FILES["one.bin"]}, {}, "the server answered 404 Not Found"),
        (FILES | {"two.bin": bytes(300_001)}, {}, "larger than 300,000 bytes"),
    ],
    ids=["cut", "cut in silence", "wrong", "missing", "endless"],
)
def test_a_bad_file_is_one_clear_line_and_never_there(tmp_path, served, options, why, serving):
    with serving(served, **options) as (url, _):
        line = refused(url, tmp_path)
    assert line.startswith(f"two.bin.kept could not be fetched from {url}/two.bin: ")
    assert why in line
    assert line.endswith(f"Try again, name a mirror with --from URL, or {INSTEAD}.")
    assert names(tmp_path) == ["one.bin.kept"]


def test_a_second_try_goes_on_where_the_first_ended(tmp_path, serving):
    with serving(FILES, cut=("two.bin",)) as (url, requests):
        refused(url, tmp_path)
        assert requests == ["one.bin", "two.bin"]
    with serving(FILES) as (url, requests):
        fetch(url, tmp_path)
        assert requests == ["two.bin"]
    assert (tmp_path / "two.bin.kept").read_bytes() == FILES["two.bin"]


def test_a_damaged_file_is_fetched_anew_and_kept_until_the_new_one_is_whole(tmp_path, serving):
    (tmp_path / "one.bin.kept").write_bytes(b"damaged")
    with serving(FILES, cut=("one.bin",)) as (url, _):
        refused(url, tmp_path)
    assert (tmp_path / "one.bin.kept").read_bytes() == b"damaged"
    with serving(FILES) as (url, _):
        fetch(url, tmp_path)
    assert (tmp_path / "one.bin.kept").read_bytes() == FILES["one.bin"]


def test_a_server_that_is_down(tmp_path, serving):
    with serving(FILES) as (url, _):
        pass
    line = refused(url, tmp_path)
    assert "refused" in line
    assert "Try again" in line
    assert names(tmp_path) == []


def test_a_host_that_does_not_exist(tmp_path, monkeypatch):
    def no_network(*arguments, **options):
        raise download.urllib.error.URLError(OSError(-2, "Name or service not known"))

    monkeypatch.setattr(download.urllib.request, "urlopen", no_network)
    assert "Name or service not known" in refused("https://nowhere.invalid", tmp_path)


def test_a_server_that_never_answers(tmp_path, monkeypatch):
    def silence(*arguments, timeout, **options):
        raise TimeoutError

    monkeypatch.setattr(download.urllib.request, "urlopen", silence)
    assert "no answer in 30 seconds" in refused("https://slow.invalid", tmp_path)


def test_every_request_has_a_time_limit(tmp_path, monkeypatch, serving):
    real, limits = download.urllib.request.urlopen, []

    def watched(*arguments, timeout=None, **options):
        limits.append(timeout)
        return real(*arguments, timeout=timeout, **options)

    monkeypatch.setattr(download.urllib.request, "urlopen", watched)
    with serving(FILES) as (url, _):
        fetch(url, tmp_path)
    assert limits == [download.TIMEOUT] * 2


def test_a_folder_may_be_the_mirror(tmp_path):
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    fetch(tmp_path.as_uri(), tmp_path / "kept")
    assert names(tmp_path / "kept") == ["one.bin.kept", "two.bin.kept"]


@pytest.mark.parametrize("url", ["ftp://somewhere", "mirror.example/unown", "/tmp", ""])
def test_other_addresses_are_refused(tmp_path, url):
    assert "no address to fetch from" in refused(url, tmp_path)
    assert names(tmp_path) == []


@pytest.mark.parametrize("url", ["http://[", "http://a b/c"])
def test_broken_addresses_are_refused(tmp_path, url):
    assert "could not be fetched" in refused(url, tmp_path)


def test_where_nothing_can_be_written(tmp_path, serving):
    (tmp_path / "taken").write_text("a file")
    with serving(FILES) as (url, _):
        line = refused(url, tmp_path / "taken")
    assert "cannot be written to" in line
    assert "GANZOO_CACHE" in line


def test_files_are_flushed_before_they_get_their_name(tmp_path, monkeypatch, serving):
    events = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda fd: (events.append("flush"), fsync(fd)))
    monkeypatch.setattr(os, "replace", lambda a, b: (events.append("name"), replace(a, b)))
    with serving(FILES) as (url, _):
        fetch(url, tmp_path)
    assert events[:2] == ["flush", "name"]
    assert events.count("name") == 2
