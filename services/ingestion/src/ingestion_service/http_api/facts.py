"""`POST /v1/facts`: one CloudEvent, an array of them, or a stream of any length."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated, Literal
from urllib.parse import quote, unquote

import msgspec
from fastapi import APIRouter, Query, Request
from httpapi import AreaRule, Caller, Role, allow
from httpapi.field_errors import FieldError
from httpapi.problems import BadRequest, Forbidden, Invalid, ProblemError, UnsupportedMediaType
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ingestion_service.errors import WriterBusy, WriterUnavailable
from ingestion_service.http_api.bodies import LONGEST_BATCH, LONGEST_FACT, elements, pieces, whole
from ingestion_service.http_api.documents import FACTS_DOCUMENT
from ingestion_service.http_api.edge import Edge, overloaded
from ingestion_service.http_api.intake import Intake, intake_of
from ingestion_service.model.verdict import Outcome, Tally, Verdict
from ingestion_service.rules.composing import compose
from ingestion_service.rules.counting import count

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
NDJSON = "application/x-ndjson"
_MOST_EXAMPLES = 100
_encode = msgspec.json.Encoder().encode
_encode_lines = msgspec.json.Encoder().encode_lines

Sender = Annotated[
    Caller, allow(Role.SOURCE_SYSTEM, area=AreaRule.NOT_APPLICABLE, purpose="send facts of this source")
]
Wanted = Annotated[
    Literal["each", "summary"],
    Query(description="each: a verdict for every fact; summary: counts at the end"),
]


class Summary(msgspec.Struct):
    """What a whole batch or stream came to; `verdicts` are all, or the first hundred that were not accepted."""

    read: int
    accepted: int
    duplicate: int
    quarantined: int
    rejected: int
    verdicts: list[Verdict]


class VerdictStream(Response):
    """An answer written while the request is still being read, which Starlette's own streams cannot do."""

    media_type = NDJSON

    def __init__(self, parts: AsyncIterator[bytes], first: bytes) -> None:
        super().__init__(status_code=200)
        del self.headers["content-length"]
        self._parts = parts
        self._first = first

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Each part is sent as soon as it is known."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self._first, "more_body": True})
        async for part in self._parts:
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def facts_router(edge: Edge) -> APIRouter:
    """The route facts come in by."""
    router = APIRouter(tags=["facts 信息归集"])

    @router.post("/v1/facts", openapi_extra=FACTS_DOCUMENT, summary="Send facts (报送信息)")
    async def post_facts(request: Request, caller: Sender, verdicts: Wanted = "each") -> Response:
        """Each fact is accepted, quarantined, a duplicate, or rejected; the first two are durable by then."""
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        edge.used_keys.add(caller.key_id)
        try:
            if media_type == NDJSON:
                intake = await intake_of(edge, caller.source, streaming=True)
                return await _stream(request, intake, verdicts)
            intake = await intake_of(edge, caller.source)
            if media_type == BATCH:
                return await _batch(request, intake, verdicts)
            return await _single(request, intake, media_type)
        except (WriterBusy, WriterUnavailable) as error:
            raise overloaded(error) from error

    return router


# -- one ----------------------------------------------------------------------------------------------------------


async def _single(request: Request, intake: Intake, media_type: str) -> Response:
    binary = media_type != STRUCTURED and "ce-id" in request.headers
    if not binary and media_type != STRUCTURED:
        raise UnsupportedMediaType(f"Send {STRUCTURED}, {BATCH} or {NDJSON}, or ce- headers with JSON data.")
    body = await whole(request, LONGEST_FACT)
    intake.admit(1)
    verdict = (await intake.take([compose(_attributes(request), body) if binary else body]))[0]
    if verdict.verdict is Outcome.REJECTED:
        raise _problem(verdict, binary=binary)
    status = 200 if verdict.verdict is Outcome.DUPLICATE else 202
    where = f"/v1/facts/{quote(next(iter(intake.senders)))}/{quote(verdict.id or '', safe='')}"
    return Response(_encode(verdict), status, {"Location": where}, media_type="application/json")


def _attributes(request: Request) -> dict[str, str]:
    """Header names in lower case; values percent-decoded. Source: CloudEvents HTTP binding §3.1.3.2."""
    return {
        name.removeprefix("ce-"): unquote(value)
        for name, value in request.headers.items()
        if name.startswith("ce-")
    }


def _problem(verdict: Verdict, *, binary: bool) -> ProblemError:
    errors = [
        FieldError(_place(problem.field, binary=binary), problem.problem, problem.expected)
        for problem in verdict.problems
    ]
    if verdict.reason == "forbidden":
        return Forbidden("This key may not send that.", errors=errors)
    if not verdict.problems[0].field:
        return BadRequest("The fact cannot be read.", errors=errors)
    return Invalid("The fact was rejected.", errors=errors)


def _place(field: str, *, binary: bool) -> str:
    if not binary:
        return f"body.{field}".removesuffix(".")
    if field.startswith("data"):
        return "body" + field.removeprefix("data")
    return f"header.ce-{field}"


# -- many ---------------------------------------------------------------------------------------------------------


async def _batch(request: Request, intake: Intake, wanted: str) -> Response:
    lines = elements(await whole(request, LONGEST_BATCH))
    intake.admit(len(lines))
    verdicts = await intake.take_all(lines)
    tally = Tally()
    count(verdicts, tally)
    return _summary(tally, verdicts if wanted == "each" else _examples(verdicts))


async def _stream(request: Request, intake: Intake, wanted: str) -> Response:
    intake.admit(None)
    verdicts = intake.stream(intake.paced(pieces(request)))
    if wanted == "summary":
        return await _summary_of_stream(verdicts)
    first: list[Verdict] = await anext(verdicts, [])
    return VerdictStream(_parts(verdicts), _encode_lines(first))


async def _parts(verdicts: AsyncIterator[list[Verdict]]) -> AsyncIterator[bytes]:
    """One line for each verdict; where the writer fails, a last line with the problem, and nothing is read on."""
    async with aclosing(verdicts):  # type: ignore[type-var]
        try:
            async for some in verdicts:
                yield _encode_lines(some)
        except (WriterBusy, WriterUnavailable) as error:
            yield _encode({"problem": overloaded(error).document()}) + b"\n"


async def _summary_of_stream(verdicts: AsyncIterator[list[Verdict]]) -> Response:
    tally, kept = Tally(), list[Verdict]()
    async with aclosing(verdicts):  # type: ignore[type-var]
        async for some in verdicts:
            count(some, tally)
            if len(kept) < _MOST_EXAMPLES:
                kept += _examples(some)
    return _summary(tally, kept[:_MOST_EXAMPLES])


def _examples(verdicts: list[Verdict]) -> list[Verdict]:
    refused = {Outcome.QUARANTINED, Outcome.REJECTED}
    return [verdict for verdict in verdicts if verdict.verdict in refused][:_MOST_EXAMPLES]


def _summary(tally: Tally, verdicts: list[Verdict]) -> Response:
    """200 when every fact is in the ledger and usable, 207 when some are not."""
    counts = (tally.read, tally.accepted, tally.duplicate, tally.quarantined, tally.rejected)
    body = _encode(Summary(*counts, verdicts))
    return Response(body, 200 if tally.all_here else 207, media_type="application/json")
