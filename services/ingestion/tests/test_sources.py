"""Sources over HTTP: particulars, keys, and the rate at which facts are taken."""

import json
from datetime import timedelta
from typing import Any

from httpapi import Role
from hypothesis import given
from hypothesis import strategies as st
from ingestion_builders import NOW, event, line
from ingestion_desk import Desk
from ingestion_service.model.source import Rate
from ingestion_service.rules.pacing import Bucket, filled, full, paid, wait_s

ONE = {"Content-Type": "application/cloudevents+json"}
BATCH = {"Content-Type": "application/cloudevents-batch+json"}
NDJSON = {"Content-Type": "application/x-ndjson"}
COURTS = {
    "name": "courts",
    "owner": "法院",
    "contact": "张三 028-0000000",
    "description": "执行信息",
    "fact_types": ["creditloop.penalty.imposed.v1"],
    "schema_version": "1",
    "expected_freshness": "P1D",
    "rate_limit": {"facts_per_s": 10, "burst": 100},
}


async def test_a_source_is_registered_with_all_that_is_known_of_it(desk: Desk) -> None:
    """Whoever is on duty finds whom to call, and what may be expected."""
    async with desk.person(Role.CITY_ADMINISTRATOR) as person:
        made = await person.post("/v1/sources", json=COURTS)
        one = (await person.get("/v1/sources/courts")).json()
        missing = await person.get("/v1/sources/nobody")

    assert made.status_code == 201, made.text
    assert {name: one[name] for name in COURTS} == COURTS
    assert (one["suspended"], one["last_facts"], missing.status_code) == (False, [], 404)


async def test_officers_of_the_citys_office_see_whose_files_they_may_load(desk: Desk) -> None:
    """They load files for any source; a district's officers load none, and administrators alone manage them."""
    async with desk.person(Role.CITY_ADMINISTRATOR) as person:
        await person.post("/v1/sources", json=COURTS)
    async with (
        desk.person(Role.AREA_OFFICER, area="510100") as city,
        desk.person(Role.AREA_OFFICER, area="510104") as local,
    ):
        listed = (await city.get("/v1/sources")).json()
        refused = [
            await local.get("/v1/sources"),
            await local.get("/v1/sources/courts"),
            await city.patch("/v1/sources/courts", json={"owner": "x"}),
            await city.get("/v1/sources/courts/keys"),
        ]

    (courts,) = [source for source in listed if source["name"] == "courts"]
    assert (courts["last_fact_at"], courts["expected_by"], courts["late"]) == (None, None, False)
    assert [answer.status_code for answer in refused] == [403] * 4


async def test_what_changes_is_kept_with_who_changed_it(desk: Desk) -> None:
    """Only what is named changes; null takes an expectation back."""
    async with desk.person(Role.CITY_ADMINISTRATOR) as person:
        await person.post("/v1/sources", json=COURTS)
        changed = await person.patch(
            "/v1/sources/courts", json={"contact": "李四", "expected_freshness": None, "rate_limit": None}
        )
        kept = (await person.get("/v1/sources/courts/changes")).json()["items"]

    assert (changed.json()["contact"], changed.json()["owner"]) == ("李四", "法院")
    assert (changed.json()["expected_freshness"], changed.json()["rate_limit"]) == (None, None)
    assert {each["field"] for each in kept} == {"registered", "contact", "expected_freshness_s", "rate"}
    assert {each["by"] for each in kept} == {kept[0]["by"]}


async def test_a_change_that_makes_no_sense_names_its_field(desk: Desk) -> None:
    """An administrator sees at once what is wrong."""
    wrong: dict[str, Any] = {
        "owner": None,
        "fact_types": ["no.such.type"],
        "expected_freshness": "soon",
        "rate_limit": {"facts_per_s": 0, "burst": 1},
        "name": "other",
    }
    async with desk.person(Role.CITY_ADMINISTRATOR) as person:
        for field, value in wrong.items():
            answer = await person.patch("/v1/sources/penalties", json={field: value})
            assert answer.status_code == 422, field
            assert answer.json()["errors"][0]["field"].startswith(f"body.{field}")


async def test_a_suspended_source_may_send_nothing_until_it_is_resumed(desk: Desk) -> None:
    """Its keys do not even open the door."""
    async with desk.person(Role.CITY_ADMINISTRATOR) as person, desk.source() as source:
        await person.patch("/v1/sources/penalties", json={"suspended": True})
        refused = await source.post("/v1/facts", content=line(), headers=ONE)
        await person.patch("/v1/sources/penalties", json={"suspended": False})
        taken = await source.post("/v1/facts", content=line(), headers=ONE)

    assert (refused.status_code, taken.status_code) == (401, 202)


async def test_a_key_is_rotated_without_a_gap(desk: Desk) -> None:
    """Both hold during the overlap; the old one is shown as expiring."""
    async with desk.person(Role.CITY_ADMINISTRATOR) as person:
        old = (await person.post("/v1/sources/penalties/keys")).json()
        rotated = await person.post(f"/v1/sources/penalties/keys/{old['key_id']}/rotate")
        new = rotated.json()
        keys = {key["key_id"]: key for key in (await person.get("/v1/sources/penalties/keys")).json()}
        shown = (await person.get("/v1/sources/penalties")).json()["expiring_keys"]
        unknown = await person.post("/v1/sources/penalties/keys/000000000000/rotate")
        for key, fact_id in ((old["key"], "1"), (new["key"], "2")):
            async with desk.client(**{"X-API-Key": key}) as sender:
                sent = await sender.post("/v1/facts", content=line(fact_id), headers=ONE)
                assert sent.status_code == 202

    assert rotated.status_code == 201
    assert new["replaced_expires_at"] == (NOW + timedelta(days=7)).isoformat().replace("+00:00", "Z")
    assert (keys[old["key_id"]]["expiring"], keys[new["key_id"]]["expiring"]) == (True, False)
    assert (shown, unknown.status_code) == ([old["key_id"]], 404)


async def _limit(desk: Desk, facts_per_s: int, burst: int) -> None:
    async with desk.person(Role.CITY_ADMINISTRATOR) as person:
        limit = {"facts_per_s": facts_per_s, "burst": burst}
        answer = await person.patch("/v1/sources/penalties", json={"rate_limit": limit})
        assert answer.status_code == 200


async def test_too_many_facts_are_sent_away_before_any_is_recorded(desk: Desk) -> None:
    """The sender is told when to come back with the very same request."""
    await _limit(desk, 10, 20)
    async with desk.source() as source:
        first = await source.post("/v1/facts", json=[event(f"a{n}") for n in range(15)], headers=BATCH)
        second = [event(f"b{n}") for n in range(15)]
        refused = await source.post("/v1/facts", json=second, headers=BATCH)
        recorded = len(desk.database.contents.facts)
        desk.clock.now_s += int(refused.headers["retry-after"])
        again = await source.post("/v1/facts", json=second, headers=BATCH)

    assert (first.status_code, refused.status_code, recorded, again.status_code) == (200, 429, 15, 200)
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["retry-after"] == "1"


async def test_a_batch_larger_than_the_burst_is_let_in_and_paid_off(desk: Desk) -> None:
    """Else it could never be sent; its owner then waits as long as smaller ones would have."""
    await _limit(desk, 10, 20)
    async with desk.source() as source:
        large = await source.post("/v1/facts", json=[event(f"a{n}") for n in range(50)], headers=BATCH)
        desk.clock.now_s += 3
        early = await source.post("/v1/facts", content=line("b"), headers=ONE)
        desk.clock.now_s += 1
        later = await source.post("/v1/facts", content=line("b"), headers=ONE)

    assert (large.status_code, early.status_code, later.status_code) == (200, 429, 202)


async def test_a_stream_is_let_in_when_the_bucket_is_full_and_counted_as_it_comes(desk: Desk) -> None:
    """Nobody knows beforehand how long it is."""
    await _limit(desk, 10, 20)
    body = b"\n".join(line(f"s{n}") for n in range(40))
    async with desk.source() as source:
        stream = await source.post("/v1/facts?verdicts=summary", content=body, headers=NDJSON)
        second = await source.post("/v1/facts?verdicts=summary", content=body, headers=NDJSON)
        desk.clock.now_s += int(second.headers["retry-after"])
        third = await source.post("/v1/facts?verdicts=summary", content=body, headers=NDJSON)

    assert (stream.status_code, json.loads(stream.text)["accepted"]) == (200, 40)
    assert (second.status_code, second.headers["retry-after"], third.status_code) == (429, "4", 200)


@given(st.lists(st.tuples(st.floats(0, 10), st.integers(1, 60)), max_size=40))
def test_no_source_gets_more_than_its_rate_in_the_long_run(requests: list[tuple[float, int]]) -> None:
    """Whatever the pattern of requests: what was let in is at most the burst, the rate times time, and one request."""
    rate, now_s, let_in = Rate(5, 20), 0.0, 0
    bucket: Bucket = full(rate, now_s)
    for pause_s, facts in requests:
        now_s += pause_s
        bucket = filled(bucket, rate, now_s)
        if wait_s(bucket, rate, facts) == 0:
            bucket, let_in = paid(bucket, facts), let_in + facts

    assert let_in <= rate.burst + rate.facts_per_s * now_s + 60 + 1e-6
