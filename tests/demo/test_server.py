"""The server shows one folder, on this machine alone."""

import threading
import urllib.error
import urllib.request
from contextlib import contextmanager

import pytest

from ganzoo.demo.server import address, serving
from ganzoo.errors import InputError


@contextmanager
def served(folder):
    with serving(folder) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.js", "text/javascript"),
        ("a.mjs", "text/javascript"),
        ("a.wasm", "application/wasm"),
        ("a.json", "application/json"),
    ],
)
def test_files_have_the_types_that_browsers_ask_for(tmp_path, name, kind):
    (tmp_path / name).write_bytes(b"1")
    with served(tmp_path) as server, urllib.request.urlopen(address(server) + name) as answer:
        assert answer.headers.get_content_type() == kind and answer.read() == b"1"


def test_nothing_outside_the_folder_is_shown(tmp_path):
    (tmp_path / "secret").write_text("secret")
    inside = tmp_path / "page"
    inside.mkdir()
    with served(inside) as server:
        assert server.server_address[0] == "127.0.0.1"
        for path in ("../secret", "%2e%2e/secret", "..%2fsecret"):
            with pytest.raises(urllib.error.HTTPError) as caught:
                urllib.request.urlopen(address(server) + path)
            assert caught.value.code == 404


def test_a_port_that_is_taken_is_one_line(tmp_path):
    with serving(tmp_path) as server:
        port = server.server_port
        with pytest.raises(InputError, match=f"^Port {port} cannot be had"):
            serving(tmp_path, port).__enter__()
