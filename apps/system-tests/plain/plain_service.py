"""A service in plain Python: the standard library, and the requests that curl would send.

    REGISTRY_URL=http://127.0.0.1:4002 REGISTRY_CREDENTIAL_FILE=… python3 plain_service.py

Prints the port that it listens on. It registers as `plain`, beats three times per TTL, and leaves on SIGTERM. When it is
killed, nobody beats any more, and it is gone after its TTL.
"""

import json
import os
import signal
import sys
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

TTL_SECONDS = 3
REGISTRY = os.environ["REGISTRY_URL"] + "/v1/services/plain/instances"
INSTANCE_ID = os.environ.get("INSTANCE_ID", "plain-python")
with open(os.environ["REGISTRY_CREDENTIAL_FILE"], encoding="utf-8") as file:
    CREDENTIAL = file.read().strip()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        url = urlsplit(self.path)
        if url.path == "/health":
            return self.answer(200, {"status": "ok"})
        if url.path == "/greeting":
            name = parse_qs(url.query).get("name", ["nobody"])[0]
            return self.answer(200, {"greeting": f"Hello {name}", "instance": INSTANCE_ID})
        return self.answer(404, {"title": "There is nothing here"})

    def do_POST(self):
        self.send(201, self.headers.get("content-type", "text/plain"), self.body())

    def body(self):
        if self.headers.get("transfer-encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("content-length", 0)))
        pieces = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            pieces.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(pieces)

    def answer(self, status, body):
        self.send(status, "application/json", json.dumps(body).encode())

    def send(self, status, content_type, data):
        self.send_response(status)
        self.send_header("content-type", content_type)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


def ask(method, path="", body=None):
    """Returns the status. The registry may be away: 0, and the next beat tries again."""
    request = urllib.request.Request(
        REGISTRY + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"authorization": f"Bearer {CREDENTIAL}", "content-type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=2) as response:
            return response.status
    except urllib.error.HTTPError as error:
        print(f"{method} {path}: {error.code} {error.read().decode()}", file=sys.stderr, flush=True)
        return error.code
    except OSError as error:
        print(f"{method} {path}: {error}", file=sys.stderr, flush=True)
        return 0


def register(port):
    return ask("POST", body={
        "id": INSTANCE_ID,
        "version": "1.0.0",
        "address": "127.0.0.1",
        "port": port,
        "protocol": "http",
        "ttl": f"{TTL_SECONDS}s",
        "healthPath": "/health",
        "tags": ["python"],
    })


def main():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    over = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: over.set())
    port = server.server_port
    status = register(port)
    print(port, flush=True)
    while not over.wait(TTL_SECONDS / 3):
        status = ask("PUT", f"/{INSTANCE_ID}/heartbeat", {}) if status == 200 else register(port)
    ask("DELETE", f"/{INSTANCE_ID}")
    server.shutdown()


if __name__ == "__main__":
    main()
