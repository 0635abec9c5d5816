"""A hub on this machine: what pushing and pulling use of the Hugging Face Hub."""

import base64
import hashlib
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

API = re.compile(r"/api/models/(?P<name>[\w.-]+/[\w.-]+)(?P<rest>/.*)?")
FILE = re.compile(r"/(?P<name>[\w.-]+/[\w.-]+)/resolve/(?P<revision>[^/]+)/(?P<file>.+)")


class Hub:
    """Repositories by name: `private`, and for each commit its files."""

    def __init__(self):
        self.private, self.commits, self.requests = {}, {}, []

    def commit(self, name, files):
        oid = hashlib.sha1(repr(sorted(files.items())).encode()).hexdigest()
        self.commits.setdefault(name, []).append((oid, files))
        return oid

    def find(self, name, revision):
        found = self.commits.get(name, [])
        if revision == "main":
            return found[-1] if found else None
        return next((each for each in found if each[0] == revision), None)


class Handler(BaseHTTPRequestHandler):
    def answer(self, content, status=200, **headers):
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def body(self):
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        content = b""
        while size := int(self.rfile.readline(), 16):
            content += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return content

    def do_POST(self):
        hub, body = self.server.hub, self.body()
        hub.requests.append(self.path)
        if self.path == "/api/repos/create":
            said = json.loads(body)
            name = f"{said['organization']}/{said['name']}"
            hub.private[name] = said.get("private", said.get("visibility") == "private")
            return self.answer({"url": f"{self.server.address}/{name}"})
        if self.path == "/api/validate-yaml":
            return self.answer({"errors": [], "warnings": []})
        match = API.fullmatch(self.path.partition("?")[0])
        if match and "/preupload/" in match["rest"]:
            names = [each["path"] for each in json.loads(body)["files"]]
            modes = [{"path": n, "uploadMode": "regular", "shouldIgnore": False} for n in names]
            return self.answer({"files": modes})
        if match and "/commit/" in match["rest"]:
            lines = [json.loads(line) for line in body.splitlines()]
            files = {
                line["value"]["path"]: base64.b64decode(line["value"]["content"])
                for line in lines
                if line["key"] == "file"
            }
            oid = hub.commit(match["name"], files)
            url = f"{self.server.address}/{match['name']}/commit/{oid}"
            return self.answer({"success": True, "commitOid": oid, "commitUrl": url})
        return self.answer({"error": "not found"}, 404)

    def do_GET(self):
        hub, path = self.server.hub, self.path.partition("?")[0]
        hub.requests.append(path)
        if match := FILE.fullmatch(path):
            found = hub.find(match["name"], match["revision"])
            if found and match["file"] in found[1]:
                content = found[1][match["file"]]
                etag = f'"{hashlib.sha1(content).hexdigest()}"'
                return self.answer(content, ETag=etag, X_Repo_Commit=found[0])
        elif match := API.fullmatch(path):
            rest = match["rest"] or "/revision/main"
            found = hub.find(match["name"], rest.rpartition("/")[2])
            if found and rest.startswith("/revision/"):
                files = [{"rfilename": name} for name in found[1]]
                return self.answer({"id": match["name"], "sha": found[0], "siblings": files})
        return self.answer({"error": "not found"}, 404, X_Error_Code="RepoNotFound")

    def do_HEAD(self):
        self.do_GET()

    def log_message(self, *arguments):
        pass


@pytest.fixture
def hub(monkeypatch, tmp_path):
    """A hub, its address in `hub.address`; and no token or cache of the person's own."""
    for key in ("HF_TOKEN", "HF_ENDPOINT"):
        monkeypatch.delenv(key, raising=False)
    monkeypatch.setenv("HF_TOKEN_PATH", str(tmp_path / "token"))
    monkeypatch.setenv("HF_HUB_DISABLE_TELEMETRY", "1")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.hub = Hub()
    server.address = server.hub.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
