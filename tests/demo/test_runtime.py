"""ONNX Runtime for browsers: fetched once and checked, or taken from a folder."""

import base64
import hashlib
import io
import tarfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from ganzoo.demo import runtime
from ganzoo.errors import InputError

CONTENT = {name: f"content of {name}".encode() for name in runtime.FILES}


@pytest.fixture
def archive(tmp_path, monkeypatch):
    """An archive as the registry has one, and the checksum that belongs to it."""
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "cache"))
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, content in {**CONTENT, "ort.js": b"of no use here"}.items():
            member = tarfile.TarInfo(f"package/dist/{name}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    digest = hashlib.sha512(buffer.getvalue()).digest()
    monkeypatch.setattr(runtime, "SHA512", base64.b64encode(digest).decode())
    return buffer.getvalue()


def test_it_is_fetched_once_and_only_what_is_used_is_kept(serving, archive, tmp_path):
    with serving({runtime.ARCHIVE: archive}) as (url, requests):
        folders = [runtime.find(url=url, report=lambda line: None) for _ in range(2)]
        assert requests == [runtime.ARCHIVE]
    assert folders[0] == folders[1]
    kept = {path.name: path.read_bytes() for path in (tmp_path / "cache").rglob("*.*m*")}
    assert {name: kept[name] for name in CONTENT} == CONTENT
    assert not (tmp_path / "cache" / runtime.ARCHIVE).exists()
    assert {path.name for path in folders[0].iterdir()} == set(runtime.FILES)


def test_another_archive_is_refused_and_not_kept(serving, archive, tmp_path):
    files = {runtime.ARCHIVE: archive[:-1] + b"!"}
    with serving(files) as (url, _), pytest.raises(InputError) as caught:
        runtime.find(url=url, report=lambda line: None)
    assert "SHA-512" in str(caught.value) and "--runtime" in str(caught.value)
    assert {path.suffix for path in (tmp_path / "cache").glob("*")} <= {".lock"}


@pytest.mark.parametrize("inside", ["", "dist", "package/dist"])
def test_a_folder_that_has_it_will_do(tmp_path, inside):
    folder = tmp_path / inside
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in CONTENT.items():
        (folder / name).write_bytes(content)
    assert runtime.find(tmp_path) == folder


def test_a_folder_without_it_is_refused(tmp_path):
    with pytest.raises(InputError, match=rf"npm install onnxruntime-web@{runtime.VERSION}$"):
        runtime.find(tmp_path)


def test_two_commands_at_once_fetch_it_once(serving, archive):
    with serving({runtime.ARCHIVE: archive}) as (url, requests), ThreadPoolExecutor(2) as pool:
        one, other = pool.map(lambda _: runtime.find(url=url, report=lambda line: None), "ab")
    assert requests == [runtime.ARCHIVE] and one == other
    assert {path.name for path in one.iterdir()} == set(runtime.FILES)
