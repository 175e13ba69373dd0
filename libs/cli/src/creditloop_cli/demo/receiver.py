"""A platform company's side, as small as it can be: it takes clues by webhook and believes only what is signed.

Written with the public `standardwebhooks` library and nothing of ours, as any platform would.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec
from standardwebhooks import Webhook, WebhookVerificationError

_LONGEST = 1 << 20


class Receiver:
    """What was received; `clues` by webhook id, so that a redelivery counts once.

    Attributes:
        refused: Calls whose signature was not good.
    """

    def __init__(self) -> None:
        self.clues: dict[str, dict[str, object]] = {}
        self.refused = 0
        self.url = ""
        self._secret = ""

    def trust(self, secret: str) -> None:
        """From now on this secret signs."""
        self._secret = secret

    def take(self, headers: dict[str, str], body: bytes) -> int:
        """The HTTP status for one call: 204 when it is believed, 401 when not."""
        try:
            Webhook(self._secret).verify(body, headers)
        except WebhookVerificationError:
            self.refused += 1
            return 401
        self.clues[headers["webhook-id"]] = msgspec.json.decode(body, type=dict[str, object])
        return 204


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that listens on a free local port until the end."""
    receiver = Receiver()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(receiver))
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/clues"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler_of(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = min(int(self.headers.get("content-length") or 0), _LONGEST)
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.send_response(receiver.take(headers, self.rfile.read(length)))
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Calls are counted, not logged."""

    return Handler
