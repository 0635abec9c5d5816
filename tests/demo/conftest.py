"""Drives a headless Chromium over its debugging pipe: real keys, real time, no network."""

import base64
import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER = next((found for name in NAMES if (found := shutil.which(name))), None)
FLAGS = (
    "--headless --no-sandbox --disable-gpu --no-first-run --disable-sync --hide-scrollbars "
    "--disable-background-networking --disable-component-update --disable-dev-shm-usage "
    "--remote-debugging-pipe"
)
NO_NETWORK = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
PATIENCE = 60.0  # Seconds until what is waited for must have come.


class Browser:
    """One page of a browser.

    Attributes:
        requested: Addresses that the page has asked for.
        problems: What the page has written to its console as an error.
    """

    def __init__(self, profile: Path, width: int = 1280, height: int = 900):
        assert BROWSER is not None
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()
        # Chromium reads from descriptor 3 and writes to 4.
        script = f'exec "$@" 3<&{theirs_in} 4>&{theirs_out}'
        flags = [*FLAGS.split(), NO_NETWORK, f"--user-data-dir={profile}"]
        self._process = subprocess.Popen(
            ["bash", "-c", script, "bash", BROWSER, *flags, "about:blank"],
            pass_fds=(theirs_in, theirs_out),
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._number, self._read, self._session = 0, b"", None
        self.requested: list[str] = []
        self.problems: list[str] = []
        targets = self.ask("Target.getTargets")["targetInfos"]
        page = next(each["targetId"] for each in targets if each["type"] == "page")
        attached = self.ask("Target.attachToTarget", targetId=page, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.ask(f"{domain}.enable")
        self.resize(width, height)

    def close(self) -> None:
        self._session = None
        try:
            self.ask("Browser.close")
            self._process.wait(timeout=20)
        except (OSError, EOFError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        os.close(self._out)
        os.close(self._in)

    def resize(self, width: int, height: int) -> None:
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.ask("Emulation.setDeviceMetricsOverride", **metrics)

    def open(self, address: str) -> None:
        self.ask("Page.navigate", url=address)

    def run(self, script: str) -> Any:
        """The value of an expression in the page."""
        answer = self.ask(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait(self, script: str) -> Any:
        """The value of an expression as soon as it is true."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if value := self.run(f"(() => {{ try {{ return {script}; }} catch {{}} }})()"):
                return value
            time.sleep(0.005)
        raise AssertionError(f"Not so in {PATIENCE:.0f} s: {script}. {self.problems}")

    def type(self, text: str) -> None:
        for character in text:
            self.ask("Input.dispatchKeyEvent", type="keyDown", text=character)
            self.ask("Input.dispatchKeyEvent", type="keyUp")

    def mouse(self, kind: str, x: float, y: float) -> None:
        self.ask(
            "Input.dispatchMouseEvent",
            type=kind,
            x=x,
            y=y,
            button="left",
            buttons=1,
            clickCount=1,
        )

    def screenshot(self, path: Path, whole: bool = True) -> None:
        answer = self.ask("Page.captureScreenshot", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(answer["data"]))

    def ask(self, method: str, **parameters: Any) -> Any:
        """The answer to a command of the DevTools protocol."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, (method, answer)
                return answer["result"]
            self._note(answer)

    def _next(self) -> Any:
        while b"\0" not in self._read:
            more = os.read(self._in, 1 << 16)
            if not more:
                raise EOFError("The browser has ended.")
            self._read += more
        line, _, self._read = self._read.partition(b"\0")
        return json.loads(line)

    def _note(self, event: Any) -> None:
        found = event.get("params", {})
        if event.get("method") == "Network.requestWillBeSent":
            self.requested.append(found["request"]["url"])
        elif event.get("method") == "Runtime.exceptionThrown":
            self.problems.append(str(found["exceptionDetails"]))
        elif event.get("method") == "Log.entryAdded" and found["entry"]["level"] == "error":
            self.problems.append(f"{found['entry']['text']} {found['entry'].get('url', '')}")
        elif event.get("method") == "Runtime.consoleAPICalled" and found["type"] == "error":
            self.problems.append(str(found["args"]))


@pytest.fixture(scope="module")
def chromium(tmp_path_factory):
    """A browser with one page."""
    if BROWSER is None:
        pytest.skip(f"None of {', '.join(NAMES)} is installed")
    browser = Browser(tmp_path_factory.mktemp("profile"))
    try:
        yield browser
    finally:
        browser.close()
