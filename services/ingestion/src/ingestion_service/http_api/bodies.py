"""Reads request bodies without ever holding more than a bounded part of them."""

from collections.abc import AsyncIterator

import msgspec
from httpapi.field_errors import FieldError
from httpapi.problems import BadRequest, TooLarge
from starlette.requests import ClientDisconnect, Request

from ingestion_service.http_api.intake import PIECE

LONGEST_FACT = 256 * 1024
LONGEST_BATCH = 16 * 1024 * 1024
TOO_LONG = b'"a line longer than 262144 bytes"'
"""Stands for a line that is too long, and like it is no fact."""

_ARRAY = msgspec.json.Decoder(list[msgspec.Raw])


async def whole(request: Request, longest: int) -> bytes:
    """The whole body.

    Raises:
        TooLarge: It has more than `longest` bytes.
        BadRequest: The client went away before its end.
    """
    parts: list[bytes] = []
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > longest:
                raise TooLarge(f"At most {longest} bytes here; send more as application/x-ndjson.")
            parts.append(chunk)
    except ClientDisconnect as error:
        raise BadRequest("The request ended early.") from error
    return b"".join(parts)


def elements(body: bytes) -> list[bytes]:
    """The elements of a JSON array, each as it came.

    Raises:
        BadRequest: The body is no JSON array.
    """
    try:
        return [bytes(element) for element in _ARRAY.decode(body)]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        wrong = FieldError("body", "is not a JSON array", "a JSON array of CloudEvents")
        raise BadRequest("The batch cannot be read.", errors=[wrong]) from error


class Lines:
    """Splits a stream of bytes into lines; blank ones are passed over, one that is too long becomes `TOO_LONG`."""

    def __init__(self) -> None:
        self._rest = b""
        self._skipping = False

    def feed(self, chunk: bytes) -> list[bytes]:
        """The lines that end in this chunk."""
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if self._skipping and lines:
            lines[0], self._skipping = TOO_LONG, False
        if len(self._rest) > LONGEST_FACT:
            self._rest, self._skipping = b"", True
        return [
            line if len(line) <= LONGEST_FACT else TOO_LONG for line in lines if line and not line.isspace()
        ]

    def end(self) -> list[bytes]:
        """The last line, if it does not end in a line feed."""
        return [TOO_LONG] if self._skipping else self.feed(b"\n")


async def pieces(request: Request) -> AsyncIterator[list[bytes]]:
    """Lines of the body as they come, at most `PIECE` at a time; ends where the client goes away."""
    lines = Lines()
    try:
        async for chunk in request.stream():
            found = lines.feed(chunk)
            for start in range(0, len(found), PIECE):
                yield found[start : start + PIECE]
    except ClientDisconnect:
        return
    if last := lines.end():
        yield last
