"""What every test file shares: the backend, a gradient on each of the three, a web server."""

import contextlib
import os
import threading
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# Networks this small gain nothing from threads, and PyTorch's wait for each other actively:
# beside another busy process a step took 30 times as long.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# Whose turn a test of backends is that names none. PyTorch compiles nothing, TensorFlow the
# steps, and JAX each operation of each shape, so that JAX runs only what names it.
TURNS = 5 * ["torch"] + ["tensorflow"]


def pytest_addoption(parser):
    parser.addoption("--all", action="store_true", help="also what is marked as thorough")


def pytest_collection_modifyitems(config, items):
    """Leaves out what other tests show at less cost, unless all is asked for."""
    if config.getoption("--all"):
        return
    here = os.environ["KERAS_BACKEND"]
    kept = [i for i in items if "thorough" not in i.keywords and here in _usual_backends(i)]
    config.hook.pytest_deselected(items=list(set(items) - set(kept)))
    items[:] = kept


def pytest_runtest_setup(item):
    if item.get_closest_marker("pipes") and not hasattr(os, "mkfifo"):
        pytest.skip("needs pipes in folders")


def _usual_backends(item):
    """The backends that a test usually runs on: those of its mark, or one by its name."""
    mark = item.get_closest_marker("backends")
    if mark is None:
        return [os.environ["KERAS_BACKEND"]]
    return mark.args or [TURNS[zlib.crc32(item.nodeid.encode()) % len(TURNS)]]


@pytest.fixture(autouse=True)
def same_weights_in_every_run():
    """Seeds Keras's initial weights, so that a bound holds today as it held yesterday."""
    import keras

    keras.utils.set_random_seed(0)


@pytest.fixture(scope="session")
def differentiate():
    """`differentiate(fn, variables)`: the value of `fn()` and its gradients, in NumPy."""
    import keras

    from ganzoo import backend

    def run(fn, variables):
        scope = contextlib.nullcontext()
        if backend.name == "jax":
            scope = keras.StatelessScope([(v, v.value) for v in variables])
        with scope:
            value, _, gradients = backend.value_and_grad(
                lambda: (fn(), {}), variables, variables
            )
        to_numpy = keras.ops.convert_to_numpy
        return float(to_numpy(value)), [to_numpy(gradient) for gradient in gradients]

    return run


@contextlib.contextmanager
def serve(files, cut=(), without_length=()):
    """Serve `files`, {path: bytes}; gives the address and a growing list of requests.

    Files in `cut` end halfway through what was promised; files in `without_length`
    come without a promise.
    """
    requests = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            name = self.path.lstrip("/")
            requests.append(name)
            if name not in files:
                self.send_error(404)
                return
            content = files[name]
            self.send_response(200)
            if name not in without_length:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2] if name in cut else content)

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", requests
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def serving():
    """The function `serve`, for tests to call."""
    return serve
