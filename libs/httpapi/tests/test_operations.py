import base64
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from httpapi import IdentityOptions, LocalIssuer, Role, create_app, verifier_from
from httpapi.dead_letters import DeadLetterWithPayload
from httpapi.operations import BucketDigest, Flow, Lane, LaneFlow, TrailEntry, operations_router
from pydantic import ValidationError
from structlog.testing import capture_logs

USCC, JINJIANG, WUHOU = "91510104MA00000001", "510104", "510107"
AT = datetime(2026, 3, 1, tzinfo=UTC)


def letter(number: int) -> DeadLetterWithPayload:
    return DeadLetterWithPayload(
        id=number,
        topic="t",
        partition=0,
        record_offset=number,
        key=USCC,
        type="Fact",
        source="creditloop/ingestion/http-0",
        error="bad",
        created_at=AT,
        value=b"raw",
        document={"uscc": USCC},
    )


class MemoryService:
    """Dead letters 1 to 3, one book, one entity's trail."""

    def __init__(self) -> None:
        self.letters = {number: letter(number) for number in (1, 2, 3)}
        self.orders: list[tuple[object, ...]] = []

    @property
    def dead_letters(self) -> "MemoryService":
        return self

    async def page(self, after_id: int, limit: int) -> Sequence[DeadLetterWithPayload]:
        return [row for number, row in self.letters.items() if number > after_id][:limit]

    async def settled(self, before_id: int, limit: int) -> Sequence[DeadLetterWithPayload]:
        done = sorted((int(str(order[0])) for order in self.orders), reverse=True)
        return [self.letters[number] for number in done if number < before_id][:limit]

    async def get(self, letter_id: int) -> DeadLetterWithPayload | None:
        return self.letters.get(letter_id)

    async def encoded(self, letter_id: int, document: dict[str, object]) -> bytes | None:
        if "fine" not in document:
            raise ValueError("penalty.fine", "a whole number")
        return json.dumps(document).encode() if letter_id in self.letters else None

    async def check(self, letter_id: int, payload: bytes | None) -> str:
        if letter_id not in self.letters:
            return "unknown"
        return "done" if payload == b"fixed" else "still bad"

    async def replay(self, letter_id: int, payload: bytes | None, by: str) -> str:
        return self._settle(letter_id, "replay", payload, by)

    async def discard(self, letter_id: int, reason: str, by: str) -> str:
        return self._settle(letter_id, "discard", reason, by)

    def _settle(self, letter_id: int, *order: object) -> str:
        if letter_id not in self.letters:
            return "unknown"
        if any(done[0] == letter_id for done in self.orders):
            return "settled_before"
        self.orders.append((letter_id, *order))
        return "done"

    async def lanes(self) -> Sequence[Lane]:
        return [Lane(name="shared", next_offset=0, seen={}, next_sequence=[1, 4], pending_batches=0)]

    async def flow(self) -> Flow:
        reading = LaneFlow(
            name="ingestion-0",
            topic="creditloop.ingestion.v1",
            partition=0,
            read=7,
            end_offset=9,
            lag=2,
            published=3,
            pending_batches=1,
            oldest_pending_at=AT,
        )
        return Flow(at=AT, lanes=[reading], open_dead_letters=len(self.letters))

    def names(self) -> Sequence[str]:
        return ["facts"]

    async def digests(self, book: str) -> Sequence[BucketDigest]:  # noqa: ARG002 - the protocol's
        return [BucketDigest(bucket=0, rows=2, keys_hash=str(2**100), repeated=1)]

    async def keys(self, book: str, bucket: int) -> Sequence[tuple[str, int]]:  # noqa: ARG002 - the protocol's
        return [("registry/1", 1), ("registry/2", 1)]

    async def area_of(self, uscc: str) -> str | None:
        return JINJIANG if uscc == USCC else None

    async def entries(self, uscc: str) -> Sequence[TrailEntry]:
        return (
            [TrailEntry(at=AT, kind="fact", what="penalty_imposed", says={"ended": False})]
            if uscc == USCC
            else []
        )


@pytest.fixture
def service() -> MemoryService:
    return MemoryService()


Calling = Callable[..., httpx.AsyncClient]


@pytest.fixture
def calling(service: MemoryService, issuer: LocalIssuer, client_of: Calling) -> Calling:
    verifier = verifier_from(IdentityOptions(jwks_file=issuer.jwks_file))
    router = operations_router(service, service, service)
    app = create_app("sample", "1", verifier=verifier, routers=[router])
    return lambda role, **claims: client_of(app, Authorization="Bearer " + issuer.issue(role, **claims))


async def test_dead_letters_are_listed_in_pages(calling: Calling) -> None:
    """After an outage there may be thousands."""
    client = calling(Role.AUDITOR)

    first = (await client.get("/v1/dead-letters?limit=2")).json()
    rest = (await client.get("/v1/dead-letters", params={"cursor": first["next_cursor"]})).json()

    assert [row["id"] for row in first["items"] + rest["items"]] == [1, 2, 3]


@pytest.mark.parametrize(
    "path", ["/v1/dead-letters", "/v1/books", "/v1/books/facts", "/v1/lanes", "/v1/flow"]
)
async def test_only_auditors_and_city_administrators_of_the_whole_city_get_in(
    calling: Calling, path: str
) -> None:
    """Payloads and books know no areas."""
    allowed = [await calling(role).get(path) for role in (Role.AUDITOR, Role.CITY_ADMINISTRATOR)]
    refused = [
        await calling(Role.AUDITOR, area=JINJIANG).get(path),
        await calling(Role.AREA_OFFICER, area=JINJIANG).get(path),
        await calling(Role.PLATFORM, platform="p").get(path),
    ]

    assert [answer.status_code for answer in allowed] == [200, 200]
    assert [answer.status_code for answer in refused] == [403, 403, 403]


async def test_a_letter_can_be_fixed_and_replayed_once(calling: Calling, service: MemoryService) -> None:
    """The second click must not apply it again."""
    client = calling(Role.AUDITOR, subject="li")
    order = {"payload_base64": base64.b64encode(b"fixed\xff").decode()}

    first = await client.post("/v1/dead-letters/1/replay", json=order)
    second = await client.post("/v1/dead-letters/1/replay")

    assert (first.json(), second.status_code) == ({"id": 1, "settled": "replayed"}, 409)
    assert service.orders == [(1, "replay", b"fixed\xff", "li")]


async def test_a_letter_is_read_and_corrected_as_json(calling: Calling, service: MemoryService) -> None:
    """Nobody can read, let alone mend, protobuf in base64."""
    client = calling(Role.AUDITOR, subject="li")

    letter_ = (await client.get("/v1/dead-letters/1")).json()
    unfit = await client.post("/v1/dead-letters/1/replay", json={"payload_json": {"fone": 5}})
    both = await client.post(
        "/v1/dead-letters/1/replay", json={"payload_json": {"fine": 5}, "payload_base64": ""}
    )
    gone = await client.post("/v1/dead-letters/9/replay", json={"payload_json": {"fine": 5}})
    done = await client.post("/v1/dead-letters/1/replay", json={"payload_json": {"fine": 5}})

    assert letter_["json"] == {"uscc": USCC}
    assert (unfit.status_code, unfit.json()["errors"]) == (
        422,
        [
            {
                "field": "body.payload_json.penalty.fine",
                "problem": "does not fit the event's type",
                "expected": "a whole number",
                "fault": "wrong_form",
            }
        ],
    )
    assert [both.status_code, gone.status_code, done.status_code] == [422, 404, 200]
    assert service.orders == [(1, "replay", b'{"fine": 5}', "li")]


async def test_a_correction_can_be_tried_before_it_is_applied(
    calling: Calling, service: MemoryService
) -> None:
    """A keeper wants to know that it will do before his name stands under it."""
    client = calling(Role.AUDITOR)

    bad = await client.post("/v1/dead-letters/1/check")
    good = await client.post(
        "/v1/dead-letters/1/check", json={"payload_base64": base64.b64encode(b"fixed").decode()}
    )
    gone = await client.post("/v1/dead-letters/9/check")

    assert bad.json() == {"id": 1, "applies": False, "error": "still bad"}
    assert good.json() == {"id": 1, "applies": True, "error": None}
    assert (gone.status_code, service.orders) == (404, [])


async def test_what_was_settled_is_listed_apart_newest_first(calling: Calling) -> None:
    """Who mended what is asked long after nothing is open any more."""
    client = calling(Role.AUDITOR)
    for number in (1, 3):
        await client.post(f"/v1/dead-letters/{number}/replay")

    first = (await client.get("/v1/dead-letters?settled=true&limit=1")).json()
    rest = (
        await client.get(
            "/v1/dead-letters", params={"settled": True, "limit": 1, "cursor": first["next_cursor"]}
        )
    ).json()

    assert [row["id"] for row in first["items"] + rest["items"]] == [3, 1]


async def test_a_letter_can_be_discarded_with_a_reason(calling: Calling, service: MemoryService) -> None:
    """Who closed it, and why, must be found later."""
    client = calling(Role.AUDITOR, subject="li")

    silent = await client.post("/v1/dead-letters/2/discard", json={"reason": ""})
    said = await client.post("/v1/dead-letters/2/discard", json={"reason": "test data"})

    assert [silent.status_code, said.status_code] == [422, 200]
    assert service.orders == [(2, "discard", "test data", "li")]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/dead-letters/9", 404),
        ("POST", "/v1/dead-letters/9/replay", 404),
        ("GET", f"/v1/dead-letters/{2**63}", 422),
        ("GET", "/v1/books/nothing", 404),
        ("GET", "/v1/books/facts/-1", 422),
        ("GET", "/v1/trail/%00", 422),
    ],
)
async def test_what_is_not_there_or_not_askable_is_a_client_error(
    calling: Calling, method: str, path: str, status: int
) -> None:
    """Any number and any text may stand in a path."""
    answer = await calling(Role.AUDITOR).request(method, path)

    assert answer.status_code == status


async def test_a_payload_that_is_not_base64_is_named(calling: Calling) -> None:
    """A replay of garbage would only make a second dead letter."""
    answer = await calling(Role.AUDITOR).post("/v1/dead-letters/1/replay", json={"payload_base64": "é"})

    assert answer.json()["errors"][0]["field"] == "body.payload_base64"


async def test_books_are_read_from_names_to_keys(calling: Calling) -> None:
    """The audit compares digests first and asks keys only where they differ; sums exceed JSON's safe integers."""
    client = calling(Role.CITY_ADMINISTRATOR)

    names = (await client.get("/v1/books")).json()
    digests = (await client.get("/v1/books/facts")).json()
    keys = (await client.get("/v1/books/facts/0")).json()

    assert names == {"books": ["facts"]}
    assert digests == [{"bucket": 0, "rows": 2, "keys_hash": str(2**100), "repeated": 1}]
    assert keys[0] == {"key": "registry/1", "count": 1}


async def test_what_flows_is_told_in_one_answer(calling: Calling) -> None:
    """The operations page asks six services every few seconds."""
    flow = (await calling(Role.AUDITOR).get("/v1/flow")).json()

    (lane,) = flow["lanes"]
    assert (lane["lag"], lane["pending_batches"], flow["open_dead_letters"]) == (2, 1, 3)


@pytest.mark.parametrize(
    "sentence", [{"kind": "class C"}, {"what": "class A, score 165"}, {"says": {"due": None}}]
)
def test_a_trail_tells_codes_and_no_sentences(sentence: dict[str, Any]) -> None:
    """Its readers speak two languages: a sentence made in a service is in one, and has to be taken apart again."""
    entry = {"at": AT, "kind": "decision", "what": "C", "says": {"score": 165.5, "number": 3}}

    assert TrailEntry(**entry).says == {"score": 165.5, "number": 3}
    with pytest.raises(ValidationError):
        TrailEntry(**entry | sentence)


async def test_a_trail_is_for_staff_of_the_entitys_area_and_its_reading_is_logged(calling: Calling) -> None:
    """It may show classes and personal data."""
    with capture_logs() as logs:
        inside = await calling(Role.INSPECTOR, area=JINJIANG).get(f"/v1/trail/{USCC}")
        outside = await calling(Role.INSPECTOR, area=WUHOU).get(f"/v1/trail/{USCC}")
        enterprise = await calling(Role.ENTERPRISE, entity=USCC).get(f"/v1/trail/{USCC}")

    assert [inside.status_code, outside.status_code, enterprise.status_code] == [200, 404, 403]
    assert [(entry["what"], entry["says"]) for entry in inside.json()] == [
        ("penalty_imposed", {"ended": False})
    ]
    assert [(e["what"], e["uscc"]) for e in logs if e["event"] == "read"] == [("trail", USCC)]
