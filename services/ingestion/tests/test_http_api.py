"""The HTTP edge over memory: what senders and staff are answered."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from httpapi import LocalIssuer, Role, undeclared_routes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ingestion_builders import OTHER_USCC, PILOT, SAYS, event, line
from ingestion_desk import Desk, desk_of
from ingestion_service.http_api import intake
from ingestion_service.http_api.bodies import LONGEST_FACT, Lines
from ingestion_service.model.fact import FACT_TYPES
from ingestion_service.worker import WriterOptions

ONE = {"Content-Type": "application/cloudevents+json; charset=UTF-8"}
BATCH = {"Content-Type": "application/cloudevents-batch+json"}
NDJSON = {"Content-Type": "application/x-ndjson"}


def lines_of(answer: httpx.Response) -> list[dict[str, Any]]:
    return [json.loads(text) for text in answer.text.splitlines()]


def verdicts_of(answer: httpx.Response) -> list[str]:
    found = (
        lines_of(answer)
        if answer.headers["content-type"] == "application/x-ndjson"
        else answer.json()["verdicts"]
    )
    return [verdict["verdict"] for verdict in found]


def test_no_route_is_open_unsaid(desk: Desk) -> None:
    """Nothing is open by default."""
    assert undeclared_routes(desk.app) == []


async def test_one_fact_is_durable_before_the_answer(desk: Desk) -> None:
    """202 is a promise."""
    async with desk.source() as client:
        answer = await client.post("/v1/facts", content=line(), headers=ONE)

        assert (answer.status_code, answer.json()) == (202, {"id": "P-1", "verdict": "accepted"})
        assert (await client.get(answer.headers["location"])).json()["verdict"] == "accepted"


async def test_the_same_fact_again_is_a_duplicate_and_said_so(desk: Desk) -> None:
    """The sender learns that its first attempt had arrived."""
    async with desk.source() as client:
        await client.post("/v1/facts", content=line(), headers=ONE)
        answer = await client.post("/v1/facts", content=line(), headers=ONE)

    assert (answer.status_code, answer.json()["verdict"]) == (200, "duplicate")


async def test_a_quarantined_fact_is_told_with_its_reason(desk: Desk) -> None:
    """It is kept, and somebody will look at it."""
    async with desk.source() as client:
        answer = await client.post("/v1/facts", content=line(subject=PILOT), headers=ONE)

    assert answer.status_code == 202
    assert answer.json() == {"id": "P-1", "verdict": "quarantined", "reason": "uscc_legacy_pilot"}


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        (b"{", 400, "body"),
        (b"[]", 400, "body"),
        (line(time="yesterday"), 422, "body.time"),
        (line(data={"kinds": ["fine"], "fine_fen": "x"}), 422, "body.data.fine_fen"),
        (line(source="registry"), 403, "body.source"),
    ],
)
async def test_a_rejected_fact_is_a_problem_that_names_the_field(
    desk: Desk, body: bytes, status: int, field: str
) -> None:
    """RFC 9457, with what would be right."""
    async with desk.source() as client:
        answer = await client.post("/v1/facts", content=body, headers=ONE)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (status, field)
    assert answer.json()["errors"][0]["expected"]
    assert desk.database.contents.facts == {}


async def test_binary_mode_is_taken_too(desk: Desk) -> None:
    """Attributes in ce- headers, data in the body."""
    attributes = {f"ce-{name}": value for name, value in event("Ü-1").items() if name != "data"}
    headers = {**attributes, "ce-id": "%C3%9C-1", "Content-Type": "application/json"}
    async with desk.source() as client:
        answer = await client.post("/v1/facts", json=event()["data"], headers=headers)
        wrong = await client.post("/v1/facts", content=b'{"kinds": []}', headers=headers)

    assert (answer.status_code, answer.json()["id"]) == (202, "Ü-1")
    assert wrong.json()["errors"][0]["field"] == "body.kinds"


async def test_every_fact_of_a_batch_gets_its_verdict_in_order(desk: Desk) -> None:
    """One bad fact does not stop the others."""
    batch = [
        event("1"),
        event("2", subject="bad"),
        event("1"),
        event("3", id=None),
        "x",
        event("4", source="registry"),
    ]
    async with desk.source() as client:
        answer = await client.post("/v1/facts", json=batch, headers=BATCH)
        again = await client.post("/v1/facts", json=batch[:2], headers=BATCH)

    assert answer.status_code == 207
    assert verdicts_of(answer) == ["accepted", "quarantined", "duplicate", "rejected", "rejected", "rejected"]
    assert [verdict["id"] for verdict in answer.json()["verdicts"]] == ["1", "2", "1", None, None, "4"]
    assert (again.status_code, verdicts_of(again)) == (200, ["duplicate", "duplicate"])


async def test_a_stream_is_answered_line_by_line(desk: Desk) -> None:
    """Blank lines are nothing; the last line needs no line feed."""
    body = b"\n".join([line("1"), b"", b"{", b"  ", line("2", subject="bad"), line("1"), line("3")])
    async with desk.source() as client:
        answer = await client.post("/v1/facts", content=body, headers=NDJSON)

    assert answer.status_code == 200
    assert verdicts_of(answer) == ["accepted", "rejected", "quarantined", "duplicate", "accepted"]


async def test_a_long_stream_can_be_summed_up(desk: Desk) -> None:
    """Ten thousand facts, of which the sender wants to know what went wrong."""

    async def body() -> AsyncIterator[bytes]:
        for start in range(0, 10_000, 100):
            numbers = range(start, start + 100)
            yield b"".join(
                line(str(number % 9_000), subject="bad" if number < 200 else OTHER_USCC) + b"\n"
                for number in numbers
            )

    async with desk.source() as client:
        answer = await client.post("/v1/facts?verdicts=summary", content=body(), headers=NDJSON)

    found = answer.json()
    assert answer.status_code == 207
    assert [found[name] for name in ("read", "accepted", "duplicate", "quarantined", "rejected")] == [
        10_000,
        8_800,
        1_000,
        200,
        0,
    ]
    assert len(found["verdicts"]) == 100


async def test_a_slow_stream_is_answered_as_it_comes(desk: Desk) -> None:
    """A sensor that streams all day wants each verdict now."""
    sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    told: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/facts",
        "raw_path": b"/v1/facts",
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "server": ("ingestion", 80),
        "http_version": "1.1",
        "headers": [
            (b"x-api-key", desk.keys["penalties"].encode()),
            (b"content-type", b"application/x-ndjson"),
        ],
    }
    answering = asyncio.create_task(desk.app(scope, sent.get, told.put))  # type: ignore[arg-type]

    await sent.put({"type": "http.request", "body": line("1") + b"\n", "more_body": True})
    start, first = await asyncio.wait_for(told.get(), 5), await asyncio.wait_for(told.get(), 5)
    await sent.put({"type": "http.request", "body": line("2"), "more_body": False})
    second = await asyncio.wait_for(told.get(), 5)
    await answering

    assert start["status"] == 200
    assert b'"1"' in first["body"]
    assert b'"2"' in second["body"]


def test_a_line_longer_than_a_fact_may_be_is_cut_out() -> None:
    """Memory is bounded whatever comes."""
    lines = Lines()

    found = [*lines.feed(b"a\n" + b"x" * LONGEST_FACT), *lines.feed(b"y" * 10), *lines.feed(b"z\nb\n")]

    assert [len(item) < 100 for item in found] == [True, True, True]
    assert (found[0], found[2], lines.end()) == (b"a", b"b", [])


async def test_two_requests_with_the_same_facts_at_once_count_once(desk: Desk) -> None:
    """Impatient senders repeat a request that is still at work."""
    body = b"\n".join(line(str(number)) for number in range(300))
    async with desk.source() as client:
        answers = await asyncio.gather(
            *(client.post("/v1/facts?verdicts=summary", content=body, headers=NDJSON) for _ in range(4))
        )

    assert sum(answer.json()["accepted"] for answer in answers) == 300
    assert sum(answer.json()["duplicate"] for answer in answers) == 900
    assert len(desk.database.contents.published) == 300


async def test_too_much_is_refused_and_told_when_to_come_back(issuer: LocalIssuer) -> None:
    """Back-pressure rather than a process without memory."""
    async with desk_of(issuer, WriterOptions(linger_s=0, patience_s=0.01)) as desk:

        def down() -> None:
            raise OSError("down")

        desk.database.before_commit = down
        async with desk.source() as client:
            one = await client.post("/v1/facts", content=line(), headers=ONE)
            stream = await client.post("/v1/facts", content=line(), headers=NDJSON)

    assert (one.status_code, one.headers["retry-after"]) == (503, "5")
    assert stream.status_code == 503


async def test_other_bodies_are_refused(desk: Desk) -> None:
    """Said clearly, so that a first attempt with curl succeeds at the second."""
    async with desk.source() as client:
        other = await client.post("/v1/facts", content=line(), headers={"Content-Type": "text/plain"})
        huge = await client.post("/v1/facts", content=b" " * (LONGEST_FACT + 1), headers=ONE)
        no_array = await client.post("/v1/facts", content=line(), headers=BATCH)
        empty = await client.post("/v1/facts", content=b"[]", headers=BATCH)

    assert [other.status_code, huge.status_code, no_array.status_code] == [415, 413, 400]
    assert empty.status_code == 200


async def test_only_sources_send_facts(desk: Desk) -> None:
    """Staff correct in the quarantine; they do not invent facts."""
    async with desk.client() as nobody, desk.person(Role.CITY_ADMINISTRATOR) as person:
        assert (await nobody.post("/v1/facts", content=line(), headers=ONE)).status_code == 401
        assert (await person.post("/v1/facts", content=line(), headers=ONE)).status_code == 403


async def test_a_source_sees_its_own_facts_only(desk: Desk) -> None:
    """And staff of one area see none: areas are not known here."""
    async with desk.source() as own, desk.source("registry") as other:
        await own.post("/v1/facts", content=line("a/b"), headers=ONE)
        found = [await client.get("/v1/facts/penalties/a%2Fb") for client in (own, other)]
    async with desk.person(Role.AREA_OFFICER, area="510104") as local, desk.person(Role.AUDITOR) as city:
        found += [await client.get("/v1/facts/penalties/a%2Fb") for client in (local, city)]

    assert [answer.status_code for answer in found] == [200, 404, 404, 200]
    assert found[0].json()["contents"]["penalty_imposed"]["document_number"]


async def test_staff_work_through_the_quarantine(desk: Desk) -> None:
    """List, read, release with a correction; each once."""
    async with desk.source() as source:
        await source.post(
            "/v1/facts", json=[event("1", subject="bad"), event("2", subject=PILOT)], headers=BATCH
        )
    async with desk.person(Role.CITY_ADMINISTRATOR) as person:
        listed = (await person.get("/v1/quarantine?limit=1")).json()
        rest = (await person.get(f"/v1/quarantine?cursor={listed['next_cursor']}")).json()
        original = (await person.get("/v1/quarantine/1")).json()["original"]
        wrong = await person.post("/v1/quarantine/1/release")
        headers = {"Idempotency-Key": '"k1"'}
        right = [
            await person.post("/v1/quarantine/1/release", json={"subject": OTHER_USCC}, headers=headers)
            for _ in range(2)
        ]
        pilot = await person.post("/v1/quarantine/2/release")
        again = await person.post("/v1/quarantine/2/discard", json={"reason": "not ours"})

    assert [row["fact_id"] for row in listed["items"] + rest["items"]] == ["1", "2"]
    assert json.loads(original) == event("1", subject="bad")
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "body.subject")
    assert [answer.status_code for answer in right] == [200, 200]
    assert (pilot.status_code, again.status_code) == (200, 409)
    assert sorted(desk.database.contents.published) == [("penalties", "1"), ("penalties", "2")]


async def test_a_batch_larger_than_the_queue_waits_for_its_turn(
    issuer: LocalIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It fits in one request, so it is not sent away half recorded; one small request is not kept waiting."""
    monkeypatch.setattr(intake, "_PATIENCE_S", 0.0)
    async with (
        desk_of(issuer, WriterOptions(linger_s=0, batch=500, queue=500)) as desk,
        desk.source() as client,
    ):
        answer = await client.post("/v1/facts", json=[event(str(n)) for n in range(1750)], headers=BATCH)

    assert answer.status_code == 200, answer.text
    assert [verdict["id"] for verdict in answer.json()["verdicts"]] == [str(n) for n in range(1750)]


async def test_a_key_is_shown_once_and_works_until_revoked(desk: Desk) -> None:
    """Only a hash is kept."""
    async with desk.person(Role.CITY_ADMINISTRATOR) as person:
        made = await person.post("/v1/sources", json={"name": "courts", "owner": "法院"})
        twice = await person.post("/v1/sources", json={"name": "courts", "owner": "法院"})
        issued = (await person.post("/v1/sources/courts/keys")).json()
        async with desk.client(**{"X-API-Key": issued["key"]}) as courts:
            sent = await courts.post("/v1/facts", content=line(source="courts"), headers=ONE)
            await person.delete(f"/v1/sources/courts/keys/{issued['key_id']}")
            refused = await courts.post("/v1/facts", content=line(source="courts"), headers=ONE)
        listed = (await person.get("/v1/sources")).json()

    assert [made.status_code, twice.status_code, sent.status_code, refused.status_code] == [
        201,
        409,
        202,
        401,
    ]
    assert "courts" in [source["name"] for source in listed]


async def test_a_key_is_revoked_only_under_its_own_source(desk: Desk) -> None:
    """A slip in the path must not cut another source off."""
    async with desk.person(Role.CITY_ADMINISTRATOR) as person:
        key = (await person.post("/v1/sources/penalties/keys")).json()
        wrong = await person.delete(f"/v1/sources/registry/keys/{key['key_id']}")
        async with desk.client(**{"X-API-Key": key["key"]}) as sender:
            still = await sender.post("/v1/facts", content=line(), headers=ONE)

    assert (wrong.status_code, still.status_code) == (404, 202)


async def test_names_of_our_own_services_are_not_registered(desk: Desk) -> None:
    """Facts under such a name would pass downstream for our own services' word."""
    async with desk.person(Role.CITY_ADMINISTRATOR) as person:
        refused = await person.post("/v1/sources", json={"name": "creditloop.repair", "owner": "x"})

    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "body.name")


async def test_a_correction_nested_too_deeply_is_told_so(desk: Desk) -> None:
    """What can just be read may be too deep to be written again."""
    async with desk.source() as client, desk.person(Role.CITY_ADMINISTRATOR) as person:
        await client.post("/v1/facts", content=line(subject="bad"), headers=ONE)
        statuses = {
            (
                await person.post(
                    "/v1/quarantine/1/release",
                    content=b'{"data":{"x":' + b"[" * depth + b"]" * depth + b"}}",
                    headers={"Content-Type": "application/json"},
                )
            ).status_code
            for depth in range(850, 1001)
        }

    assert all(400 <= status < 500 for status in statuses), statuses


async def test_the_contract_is_public(desk: Desk) -> None:
    """Who builds a source reads the schemas first."""
    async with desk.client() as client:
        types = (await client.get("/v1/fact-types")).json()
        schema = (await client.get(types[6]["schema_path"])).json()
        missing = await client.get("/v1/fact-types/nothing/schema")

    assert len(types) == len(FACT_TYPES)
    assert schema["examples"][0]["data"] == SAYS[types[6]["type"]]
    assert schema["$id"] == "urn:creditloop:fact-type:creditloop.penalty.imposed.v1"
    assert missing.status_code == 404


async def test_figures_are_asked_for_by_period(desk: Desk) -> None:
    """A period too long, or upside down, is told so."""
    async with desk.person(Role.AUDITOR) as person:
        good = await person.get("/v1/figures?first=2026-11-01&last=2026-11-23")
        bad = await person.get("/v1/figures?first=2026-11-23&last=2026-11-01")

    assert good.json()[0]["facts"] == 1
    assert bad.status_code == 422


_members = st.dictionaries(st.text(max_size=6), st.none() | st.integers() | st.text(max_size=5), max_size=3)
_any_event = st.fixed_dictionaries(
    {},
    optional={
        name: st.none() | st.integers() | st.text(max_size=20) | _members
        for name in ("specversion", "id", "source", "type", "subject", "time", "data")
    },
).map(lambda changes: {**event(), **changes})
_bodies = st.one_of(
    st.binary(max_size=300),
    _any_event.map(lambda one: json.dumps(one).encode()),
    st.lists(_any_event, max_size=4).map(lambda many: json.dumps(many).encode()),
    st.lists(_any_event, max_size=4).map(lambda many: b"\n".join(json.dumps(one).encode() for one in many)),
)
_media_types = st.sampled_from(
    [*ONE.values(), *BATCH.values(), *NDJSON.values(), "application/json", "x/\x7f"]
)


async def test_no_body_is_answered_with_a_fault_of_ours(desk: Desk) -> None:
    """Thousands of bodies, half sensible to not at all; never a 5xx."""
    statuses: set[int] = set()
    sent: list[tuple[bytes, str]] = []

    @settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(_bodies, _media_types)
    def collect(body: bytes, media_type: str) -> None:
        sent.append((body, media_type))

    collect()
    async with desk.source() as client:
        for body, media_type in sent:
            answer = await client.post("/v1/facts", content=body, headers={"Content-Type": media_type})
            assert answer.status_code < 500, (body, media_type, answer.text)
            statuses.add(answer.status_code)

    assert {200, 207, 400, 415, 422} <= statuses
