"""A fact, and how it is written as a CloudEvent 1.0 in JSON."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

from creditloop_client.errors import UnusableFact

_LONGEST_ID = 200


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened to one market entity.

    Attributes:
        type: One of `GET /v1/fact-types`, such as `creditloop.penalty.imposed.v1`.
        subject: The entity's unified social credit code (统一社会信用代码).
        time: When it happened, with its offset.
        data: What it says, as the schema of its type tells; days may be `date`.
        id: Your own id of it, 1 to 200 characters; sent twice it counts once. Without an own id see `new_id`.
        supersedes: Id of an earlier fact of yours that this one corrects.
    """

    type: str
    subject: str
    time: datetime
    data: Mapping[str, object]
    id: str
    supersedes: str | None = None


class Line(NamedTuple):
    """A fact ready to be sent: its id, and its CloudEvent in UTF-8 without line ends."""

    id: str
    json: bytes


def new_id(
    fact_type: str, subject: str, time: datetime, data: Mapping[str, object], *, part: str = ""
) -> str:
    """An id made from what the fact says: the same fact has the same id, whenever and wherever it is sent.

    Two different events that read alike, such as two complaints of one day, would be taken for one:
    tell them apart by `part`, such as the number of the row.

    Raises:
        UnusableFact: The content cannot be written as JSON, or the time has no offset.
    """
    _require_offset("", time)
    content = [fact_type, subject, time.astimezone(UTC).isoformat(), dict(data), part]
    return f"c-{hashlib.sha256(_json('', content, sort_keys=True)).hexdigest()[:32]}"


def write(fact: Fact, source: str) -> Line:
    """The fact of this source as a structured CloudEvent.

    Raises:
        UnusableFact: It has no id, its time no offset, or its data cannot be written as JSON.
    """
    if not 0 < len(fact.id) <= _LONGEST_ID or "\0" in fact.id:
        raise UnusableFact(fact.id, "id", f"must have 1 to {_LONGEST_ID} characters, none of them U+0000")
    _require_offset(fact.id, fact.time)
    event = {
        "specversion": "1.0",
        "id": fact.id,
        "source": source,
        "type": fact.type,
        "subject": fact.subject,
        "time": fact.time.isoformat(),
        "datacontenttype": "application/json",
        **({} if fact.supersedes is None else {"supersedes": fact.supersedes}),
        "data": dict(fact.data),
    }
    return Line(fact.id, _json(fact.id, event))


def _require_offset(id_: str, time: datetime) -> None:
    if time.utcoffset() is None:
        raise UnusableFact(id_, "time", "has no offset: give it a tzinfo, such as +08:00")


def _json(id_: str, document: object, *, sort_keys: bool = False) -> bytes:
    try:
        return json.dumps(
            document,
            ensure_ascii=False,
            allow_nan=False,
            separators=(",", ":"),
            sort_keys=sort_keys,
            default=_day,
        ).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise UnusableFact(id_, "data", f"cannot be written as JSON: {error}") from error


def _day(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")
