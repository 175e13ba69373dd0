"""A write sent twice with one Idempotency-Key happens once, and the second sender gets the first answer.

    async def make_plan(body: PlanBody, caller: ..., tx: Tx, once: OncePerKey) -> Response:
        return await once.answer(tx.idempotency, 201, lambda: use_cases.make_plan(body, tx))

The answer is stored in the caller's own transaction, so it is kept exactly when the write is. A request that
failed stores nothing: it may be sent again under the same key.

Source: IETF draft-ietf-httpapi-idempotency-key-header. The key is a structured-field string; a fingerprint
tells requests apart; a missing key is answered 400, one reused for another request 422, one at work 409.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Protocol

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from starlette.responses import Response

from httpapi.field_errors import Fault, FieldError
from httpapi.problems import BadRequest, Conflict, Invalid

REPLAYED_HEADER = "Idempotency-Replayed"
_KEY = re.compile(r'"([\x21\x23-\x5b\x5d-\x7e]{1,255})"|([\x21\x23-\x5b\x5d-\x7e]{1,255})')


class KeyMissing(BadRequest):
    """Raised when a write that needs an Idempotency-Key comes without one, or with an unreadable one."""

    slug, title = "idempotency-key-missing", "An Idempotency-Key is needed"


class KeyReused(Invalid):
    """Raised when a key comes again with another request than it first came with."""

    slug, title = "idempotency-key-reused", "This Idempotency-Key belongs to another request"


class KeyInProgress(Conflict):
    """Raised when the first request with this key is still at work."""

    slug, title = (
        "idempotency-key-in-progress",
        "The first request with this Idempotency-Key is still at work",
    )


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What the first request was answered, and the SHA-256 of what it asked."""

    fingerprint: bytes
    status: int
    body: bytes


class IdempotencyStore(Protocol):
    """Keeps answers by key, within the caller's transaction."""

    async def begin(self, key: str, caller: str) -> StoredAnswer | None:
        """The key is this transaction's alone until it ends; returns the answer if there is one already.

        Raises:
            KeyInProgress: another transaction is at work under this key.
        """
        ...

    async def finish(self, key: str, caller: str, answer: StoredAnswer) -> None:
        """The answer is kept when the transaction commits."""
        ...


@dataclass(frozen=True, slots=True)
class Once:
    """One write request with its key, if it came with one."""

    key: str | None
    fingerprint: bytes
    request: Request

    async def answer(
        self, store: IdempotencyStore, status: int, work: Callable[[], Awaitable[BaseModel | None]]
    ) -> Response:
        """The stored answer of this key's first request, or that of `work`, done now and stored.

        Raises:
            KeyReused: the key first came with another request.
            KeyInProgress: the key's first request is still at work.
        """
        if self.key is None:
            return _response(status, _encoded(await work()))
        caller: str = self.request.state.caller.subject
        stored = await store.begin(self.key, caller)
        if stored is not None:
            return self._replay(stored)
        body = _encoded(await work())
        await store.finish(self.key, caller, StoredAnswer(self.fingerprint, status, body))
        return _response(status, body)

    def _replay(self, stored: StoredAnswer) -> Response:
        if stored.fingerprint != self.fingerprint:
            expected = "a new key for a new request, or the first request unchanged"
            raise KeyReused(
                errors=[FieldError("header.idempotency-key", "was used already", expected, Fault.TAKEN)]
            )
        response = _response(stored.status, stored.body)
        response.headers[REPLAYED_HEADER] = "true"
        return response


async def _once(
    request: Request, idempotency_key: Annotated[str | None, Header(max_length=257)] = None
) -> Once:
    key = None if idempotency_key is None else _parse(idempotency_key)
    return Once(key, fingerprint_of(request, await request.body()), request)


async def _once_required(once: Annotated[Once, Depends(_once)]) -> Once:
    if once.key is None:
        raise _missing("is missing")
    return once


OncePerKey = Annotated[Once, Depends(_once)]
"""For a write that heeds an Idempotency-Key when one comes."""

OnceKeyRequired = Annotated[Once, Depends(_once_required)]
"""For a write that is refused without an Idempotency-Key."""


def fingerprint_of(request: Request, body: bytes) -> bytes:
    """SHA-256 over method, path, query and body: what makes two requests the same request."""
    digest = hashlib.sha256()
    for part in (request.method, request.url.path, request.url.query):
        digest.update(part.encode("utf-8", "surrogateescape") + b"\0")
    digest.update(body)
    return digest.digest()


def _parse(header: str) -> str:
    match = _KEY.fullmatch(header.strip())
    if match is None:
        raise _missing("cannot be read")
    return match[1] or match[2]


def _missing(problem: str) -> KeyMissing:
    expected = (
        'a quoted text of 1 to 255 visible ASCII characters, such as "8e03978e-40d5-43dd-bc93-6894a57f9324"'
    )
    return KeyMissing(errors=[FieldError("header.idempotency-key", problem, expected)])


def _encoded(answer: BaseModel | None) -> bytes:
    if answer is None:
        return b""
    return answer.model_dump_json(by_alias=True).encode()


def _response(status: int, body: bytes) -> Response:
    return Response(body, status, media_type="application/json" if body else None)
