"""Routes to look at events that could not be applied, and to settle them."""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Protocol

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field, JsonValue, PlainSerializer

from httpapi.access import AreaRule, allow, audit_read
from httpapi.field_errors import Fault, FieldError
from httpapi.identity import Caller, Role
from httpapi.pages import Page, PageRequest
from httpapi.problems import Conflict, Invalid, NotFound

KEEPER = allow(
    Role.AUDITOR, Role.CITY_ADMINISTRATOR, area=AreaRule.CITY_ONLY, purpose="keep the service whole"
)
Keeper = Annotated[Caller, KEEPER]
WhetherSettled = Annotated[
    bool, Query(description="those settled, newest first, instead of those open, oldest first")
]
LetterId = Annotated[int, Path(ge=1, lt=2**63)]

_NO_LETTER = "There is no such dead letter."


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


class LetterSettled(Conflict):
    """Raised when a dead letter was replayed or discarded before."""

    slug, title = "dead-letter-settled", "This dead letter was settled before"


class StillFails(Conflict):
    """Raised when a dead letter was replayed and its event still cannot be applied."""

    slug, title = "dead-letter-still-fails", "The event still cannot be applied"


class DeadLetter(BaseModel):
    """One event that could not be applied, and why."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    topic: str
    partition: int
    record_offset: int
    key: str
    type: str
    source: str
    error: str
    created_at: datetime
    settled_at: datetime | None = None
    settled_as: str | None = Field(None, description="null while open; else replayed or discarded")
    settled_by: str | None = None
    reason: str | None = None


class DeadLetterWithPayload(DeadLetter):
    """A dead letter with the event as it came."""

    value: Annotated[bytes, PlainSerializer(_base64, return_type=str)]
    document: dict[str, JsonValue] | None = Field(
        None,
        serialization_alias="json",
        description="the event to read; null when this service cannot read it",
    )


class DeadLetters(Protocol):
    """A service's dead letters, as `eventbus.DeadLetters` gives them; each call is one transaction."""

    async def page(self, after_id: int, limit: int) -> Sequence[object]:
        """Up to `limit` open letters with a greater id, in order of id: attributes as `DeadLetter`."""
        ...

    async def settled(self, before_id: int, limit: int) -> Sequence[object]:
        """Up to `limit` settled letters with a smaller id, the newest first: attributes as `DeadLetter`."""
        ...

    async def get(self, letter_id: int) -> object | None:
        """The letter: attributes as `DeadLetterWithPayload`, or None."""
        ...

    async def encoded(self, letter_id: int, document: dict[str, object]) -> bytes | None:
        """A corrected event in the form in which the letter's event came; None when there is no such letter.

        Raises:
            ValueError: A field does not fit; `args` are its path and what would be right.
        """
        ...

    async def check(self, letter_id: int, payload: bytes | None) -> str:
        """What `replay` would answer; nothing is applied."""
        ...

    async def replay(self, letter_id: int, payload: bytes | None, by: str) -> str:
        """The event is applied once more, with the corrected payload if one is given.

        Returns:
            `done`, `unknown`, `settled_before`, or why it still cannot be applied.
        """
        ...

    async def discard(self, letter_id: int, reason: str, by: str) -> str:
        """The letter is closed with its reason and never applied; `done`, `unknown` or `settled_before`."""
        ...


class Replay(BaseModel):
    """An order to apply a dead letter once more."""

    payload_base64: str | None = Field(
        None, description="the corrected event's bytes; without any payload the event as it came"
    )
    payload_json: dict[str, JsonValue] | None = Field(
        None, description="the corrected event as `json` of the dead letter shows it"
    )


class Discard(BaseModel):
    """An order to close a dead letter without applying it."""

    reason: str = Field(min_length=3, max_length=1000)


class Check(BaseModel):
    """Whether a replay would succeed now."""

    id: int
    applies: bool
    error: str | None = Field(None, description="why it still cannot be applied")


class Settled(BaseModel):
    """Confirms what was done with a dead letter."""

    id: int
    settled: str


def dead_letters_router(letters: DeadLetters) -> APIRouter:
    """Routes to list, read, check, replay and discard dead letters."""
    router = APIRouter(prefix="/v1/dead-letters", tags=["operations"])
    _add_reading(router, letters)
    _add_settling(router, letters)
    return router


def _add_reading(router: APIRouter, letters: DeadLetters) -> None:
    @router.get("", summary="Dead letters, newest first 死信清单", dependencies=[KEEPER])
    async def list_dead_letters(
        page: PageRequest,
        settled: WhetherSettled = False,  # noqa: FBT002
    ) -> Page[DeadLetter]:
        rows = await _rows(letters, page, settled=settled)
        return page.page(
            rows, key=lambda row: (DeadLetter.model_validate(row).id,), item=DeadLetter.model_validate
        )

    @router.get("/{letter_id}", summary="One dead letter 死信详情")
    async def read_dead_letter(caller: Keeper, letter_id: LetterId) -> DeadLetterWithPayload:
        found = await letters.get(letter_id)
        if found is None:
            raise NotFound(_NO_LETTER)
        letter = DeadLetterWithPayload.model_validate(found)
        audit_read(caller, "dead_letter", letter.key)
        return letter


async def _rows(letters: DeadLetters, page: PageRequest, *, settled: bool) -> Sequence[object]:
    after = page.after(int)
    if settled:
        return await letters.settled(int(after[0]) if after else 2**63 - 1, page.limit + 1)
    return await letters.page(int(after[0]) if after else 0, page.limit + 1)


def _add_settling(router: APIRouter, letters: DeadLetters) -> None:
    @router.post(
        "/{letter_id}/check",
        summary="Whether a corrected dead letter could be handled 校验死信更正",
        dependencies=[KEEPER],
    )
    async def check_dead_letter(letter_id: LetterId, order: Replay | None = None) -> Check:
        outcome = await letters.check(letter_id, await _payload(letters, letter_id, order))
        _refuse_unknown(outcome)
        return Check(id=letter_id, applies=outcome == "done", error=None if outcome == "done" else outcome)

    @router.post("/{letter_id}/replay", summary="Handle a dead letter anew 重放死信")
    async def replay_dead_letter(caller: Keeper, letter_id: LetterId, order: Replay | None = None) -> Settled:
        payload = await _payload(letters, letter_id, order)
        return _settled(letter_id, "replayed", await letters.replay(letter_id, payload, caller.subject))

    @router.post("/{letter_id}/discard", summary="Give a dead letter up, with a reason 作废死信")
    async def discard_dead_letter(caller: Keeper, letter_id: LetterId, order: Discard) -> Settled:
        return _settled(
            letter_id, "discarded", await letters.discard(letter_id, order.reason, caller.subject)
        )


def _settled(letter_id: int, how: str, outcome: str) -> Settled:
    _refuse_unknown(outcome)
    if outcome != "done":
        raise StillFails(f"The event still cannot be applied: {outcome}")
    return Settled(id=letter_id, settled=how)


def _refuse_unknown(outcome: str) -> None:
    if outcome == "unknown":
        raise NotFound(_NO_LETTER)
    if outcome == "settled_before":
        raise LetterSettled("This dead letter was replayed or discarded before.")


async def _payload(letters: DeadLetters, letter_id: int, order: Replay | None) -> bytes | None:
    """The corrected event's bytes, from either form; None when it is to be applied as it came."""
    if order is None or order.payload_json is None:
        return None if order is None else _decoded(order.payload_base64)
    if order.payload_base64 is not None:
        wrong = FieldError(
            "body.payload_base64", "is given beside payload_json", "one of the two", Fault.CONTRADICTORY
        )
        raise Invalid(errors=[wrong])
    try:
        payload = await letters.encoded(letter_id, dict(order.payload_json))
    except ValueError as error:
        field, expected = error.args
        path = ".".join(part for part in ("body.payload_json", field) if part)
        wrong = FieldError(path, "does not fit the event's type", expected, Fault.WRONG_FORM)
        raise Invalid(errors=[wrong]) from error
    if payload is None:
        raise NotFound(_NO_LETTER)
    return payload


def _decoded(payload_base64: str | None) -> bytes | None:
    if payload_base64 is None:
        return None
    try:
        return base64.b64decode(payload_base64, validate=True)
    except (binascii.Error, ValueError) as error:
        wrong = FieldError(
            "body.payload_base64",
            "is not base64",
            "standard base64 with padding, RFC 4648 section 4",
            Fault.WRONG_FORM,
        )
        raise Invalid(errors=[wrong]) from error
