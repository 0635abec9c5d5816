"""A web server for one folder, for this machine alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from ganzoo.errors import InputError

HOST = "127.0.0.1"


class Handler(SimpleHTTPRequestHandler):
    """Files of the folder, whatever this system takes their endings for."""

    extensions_map = {
        **SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".css": "text/css",
        ".json": "application/json",
        ".wasm": "application/wasm",
        ".onnx": "application/octet-stream",
        ".svg": "image/svg+xml",
    }

    def end_headers(self) -> None:
        """Other pages may not read the files, and an older page is not shown again."""
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is said of each request."""


@contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[ThreadingHTTPServer]:
    """A server of the files in `folder`, which the caller lets run: `serve_forever`.

    Args:
        folder: The folder.
        port: The port on 127.0.0.1; 0 for any that is free.

    Raises:
        InputError: If another program has the port.
    """
    try:
        server = ThreadingHTTPServer((HOST, port), partial(Handler, directory=str(folder)))
    except OSError as error:
        raise InputError(
            f"Port {port} cannot be had: {error.strerror or error}. Give another --port, or "
            "leave it out for any that is free."
        ) from error
    with server:
        yield server


def address(server: ThreadingHTTPServer) -> str:
    """Where the page is."""
    return f"http://{HOST}:{server.server_port}/"
