"""Ingestion as a sender sees it: a local HTTP server that keeps a ledger and fails as it is told."""

import json
import threading
from collections import deque
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

KEY = "clk_fake_key"
Act = Callable[["Handler", list[dict[str, Any]]], None]
"""What is done with one request instead of answering it; after all are done, requests are answered."""


class FakeIngestion:
    """Judges as ingestion does: known ids are duplicates, and `data.wrong` is rejected, `data.odd` quarantined."""

    def __init__(self) -> None:
        self.ledger: dict[str, dict[str, Any]] = {}
        self.requests: list[list[str]] = []
        self.acts: deque[Act] = deque()
        self.always: Act | None = None
        self.lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"service": self}))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def judge(self, event: dict[str, Any]) -> dict[str, Any]:
        if "wrong" in event["data"]:
            problem = {"field": "data.wrong", "problem": "is not known", "expected": "no such field"}
            return {"id": event["id"], "verdict": "rejected", "problems": [problem]}
        if event["id"] in self.ledger:
            return {"id": event["id"], "verdict": "duplicate"}
        self.ledger[event["id"]] = event
        if "odd" in event["data"]:
            return {"id": event["id"], "verdict": "quarantined", "reason": "impossible_date"}
        return {"id": event["id"], "verdict": "accepted"}


class Handler(BaseHTTPRequestHandler):
    service: FakeIngestion
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        events = json.loads(body)
        with self.service.lock:
            self.service.requests.append([event["id"] for event in events])
            act = self.service.acts.popleft() if self.service.acts else self.service.always
        if self.headers["x-api-key"] != KEY:
            self.say(401, {"title": "Unauthenticated", "detail": "The API key is not valid."})
        elif act is not None:
            act(self, events)
        else:
            self.answer(events)

    def answer(self, events: list[dict[str, Any]]) -> None:
        with self.service.lock:
            verdicts = [self.service.judge(event) for event in events]
        fine = all(each["verdict"] in {"accepted", "duplicate"} for each in verdicts)
        self.say(200 if fine else 207, {"read": len(verdicts), "verdicts": verdicts})

    def say(self, status: int, document: Any, **headers: str) -> None:
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


# -- failures -------------------------------------------------------------------------------------------------------


def drop_before(handler: Handler, events: list[dict[str, Any]]) -> None:
    """The connection breaks; nothing was recorded."""
    handler.close_connection = True
    handler.connection.close()


def drop_after(handler: Handler, events: list[dict[str, Any]]) -> None:
    """All is recorded, and the answer is lost."""
    with handler.service.lock:
        for event in events:
            handler.service.judge(event)
    drop_before(handler, events)


def half_recorded(handler: Handler, events: list[dict[str, Any]]) -> None:
    """Half of them are recorded when the ledger fails."""
    with handler.service.lock:
        for event in events[: len(events) // 2]:
            handler.service.judge(event)
    busy(handler, events)


def busy(handler: Handler, events: list[dict[str, Any]]) -> None:
    handler.say(503, {"title": "Overloaded", "detail": "Come back."}, retry_after="0")


def status(code: int, document: Any = b"no", **headers: str) -> Act:
    return lambda handler, _events: handler.say(code, document, **headers)


def held_until(released: threading.Event) -> Act:
    """Slow: it is answered once the event is set."""

    def hold(handler: Handler, events: list[dict[str, Any]]) -> None:
        released.wait(30)
        handler.answer(events)

    return hold
