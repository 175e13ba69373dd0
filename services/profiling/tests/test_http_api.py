"""What staff are answered, and that nobody else is answered anything."""

from typing import Any

import pytest
import structlog
from fastapi import FastAPI
from httpapi import Role, route_accesses, undeclared_routes
from httpapi.identity import OUTSIDERS
from profiling_service.store.searching import refresh
from profiling_service.use_cases.record import record_facts
from sqlalchemy import text


async def test_every_route_declares_who_may_call_it(app: FastAPI) -> None:
    """Nothing is open by default, and nothing here is for outsiders."""
    assert undeclared_routes(app) == []
    for route in route_accesses(app):
        assert route.access is None or not route.access.roles & OUTSIDERS


async def test_an_entity_is_shown_with_named_indicators(ask: Any, sample: Any) -> None:
    """A value without its name and unit explains nothing."""
    answer = (await ask(f"/v1/entities/{sample.uscc}")).json()

    by_code = {indicator["code"]: indicator for indicator in answer["indicators"]}
    assert by_code["regulatory.penalties_12m"]["value"] == 1
    assert by_code["regulatory.penalties_12m"]["zh"] == "近12个月行政处罚"
    assert by_code["relation.entities_of_person"]["value"] == 1
    assert by_code["base.insured_staff"]["value"] is None
    assert (answer["status"], answer["name"]) == ("active", "虚构餐饮店")


async def test_an_officer_sees_their_own_area_only(ask: Any, sample: Any) -> None:
    """An entity of another area answers as one that does not exist."""
    officer = {"role": Role.AREA_OFFICER, "area": "510117"}

    assert (await ask(f"/v1/entities/{sample.other}", **officer)).status_code == 200
    for path in (
        f"/v1/entities/{sample.uscc}",
        f"/v1/entities/{sample.uscc}/facts",
        f"/v1/trail/{sample.uscc}",
    ):
        assert (await ask(path, **officer)).status_code == 404
    listed = (await ask("/v1/entities?area=510104", **officer)).json()["items"]
    assert [item["uscc"] for item in listed] == [sample.other]
    assert (await ask("/v1/signals", **officer)).json()["items"] == []
    assert [row["area_code"] for row in (await ask("/v1/statistics", **officer)).json()] == ["510117"]


async def test_lists_are_pages(ask: Any, sample: Any) -> None:
    """A cursor goes on where the page ended."""
    first = (await ask("/v1/entities?limit=1")).json()
    second = (await ask(f"/v1/entities?limit=1&cursor={first['next_cursor']}")).json()

    assert [page["items"][0]["uscc"] for page in (first, second)] == [sample.uscc, sample.other]
    assert second["next_cursor"] is None
    facts = (await ask(f"/v1/entities/{sample.uscc}/facts")).json()["items"]
    assert [fact["type"] for fact in facts] == ["registration_recorded", "penalty_imposed"]


async def test_names_of_many_codes_are_looked_up_in_the_callers_area(ask: Any, sample: Any) -> None:
    """A list of codes from another service is unreadable, and a call for each row is slow."""
    order = {"usccs": [sample.other, sample.uscc, "91510104YY00000000"]}

    whole = (await ask("/v1/entities/lookup", json=order)).json()
    own = (await ask("/v1/entities/lookup", Role.AREA_OFFICER, area="510117", json=order)).json()
    bad = await ask("/v1/entities/lookup", json={"usccs": ["?"]})

    assert [(row["uscc"], row["name"]) for row in whole] == [
        (sample.uscc, "虚构餐饮店"),
        (sample.other, "另一家"),
    ]
    assert (whole[0]["address"], whole[0]["status"]) == ("虚构路1号", "active")
    assert [row["uscc"] for row in own] == [sample.other]
    assert bad.status_code == 422


async def test_search_says_what_of_an_entity_matched_and_keeps_to_the_area(
    ask: Any, sample: Any, sql_world: Any
) -> None:
    """An officer finds nobody elsewhere, whatever area they ask for."""
    await refresh(sql_world.engine)
    path, officer = "/v1/entities/search?q=另一加", {"role": Role.AREA_OFFICER, "area": "510104"}

    (item,) = (await ask(path)).json()["items"]

    assert (item["uscc"], item["matched_by"], item["ranges"]) == (sample.other, "name", [[0, 2]])
    assert (item["status"], item["is_exact"]) == ("active", False)
    assert (await ask(path, **officer)).json() == {"items": []}
    assert (await ask(f"{path}&area=510117", **officer)).json() == {"items": []}
    assert (await ask("/v1/entities/search?q=")).status_code == 422


async def test_a_signal_is_cleared_once_and_told(ask: Any, sample: Any, sql_world: Any) -> None:
    """The same request again gives the same answer; another officer's is refused."""
    (signal,) = (await ask("/v1/signals?open=true&family=penalty_imposed")).json()["items"]
    path = f"/v1/signals/{signal['signal_id']}/clear"

    stranger = await ask(path, Role.AREA_OFFICER, area="510117", json={"reason": "mine"})
    done = await ask(path, json={"reason": "interviewed"})
    again = await ask(path, json={"reason": "interviewed"})
    other = await ask(path, Role.AREA_OFFICER, area="510104", json={"reason": "interviewed"})

    assert [answer.status_code for answer in (stranger, done, again, other)] == [404, 200, 200, 409]
    assert done.json() == again.json()
    async with sql_world.engine.connect() as connection:
        assert (await connection.execute(text("select count(*) from outbox"))).scalar_one() == 1


async def test_a_signal_is_shown_with_all_that_belongs_to_it(ask: Any, sample: Any) -> None:
    """What the facts say, what was before, what is suppressed, what colleagues thought: on one page."""
    path = f"/v1/signals/penalty_imposed|{sample.uscc}|2"
    until = {"until": "2026-09-01", "reason": "known already"}

    suppressed = await ask(f"{path}/suppress", json=until)
    judged = await ask(f"{path}/verdict", json={"useful": False, "note": "a clerk's error"})
    file = (await ask(path)).json()

    assert (suppressed.status_code, judged.status_code) == (201, 200)
    assert (file["family_zh"], file["state"], file["open"]) == ("受到行政处罚", "suppressed", True)
    assert [fact["particulars"]["fine_fen"] for fact in file["facts"]] == ["3000000"]
    assert [(said["uscc"], said["until"]) for said in file["suppressions"]] == [(sample.uscc, "2026-09-01")]
    assert [(said["useful"], said["note"]) for said in file["verdicts"]] == [(False, "a clerk's error")]
    assert file["useful"] is False
    assert (await ask(path, Role.AREA_OFFICER, area="510117")).status_code == 404


async def test_suppressions_are_listed_and_ended_in_their_area(ask: Any, sample: Any) -> None:
    """An officer answers for their own area, and for no other."""
    order = {"family": "listed", "until": "2026-09-01", "reason": "campaign under way"}
    officer = {"role": Role.AREA_OFFICER, "area": "510104"}

    made = await ask("/v1/suppressions", json=order | {"area": "510104"}, **officer)
    stranger = await ask("/v1/suppressions", json=order | {"area": "510117"}, **officer)
    city = await ask("/v1/suppressions", json=order | {"area": "510100"})
    of_entity = await ask("/v1/suppressions", json=order | {"uscc": sample.other})
    wrong = [order | {"area": "510104", "uscc": sample.uscc}, order | {"area": "999999"}, order]
    wrong += [
        order | {"area": "510104", "family": "rumour"},
        order | {"area": "510104", "until": "2026-01-01"},
    ]
    refused = [(await ask("/v1/suppressions", json=body)).status_code for body in wrong]
    mine = (await ask("/v1/suppressions?in_force=true", **officer)).json()["items"]
    path = f"/v1/suppressions/{made.json()['suppression_id']}"
    ended = [
        (await ask(path, method="DELETE", **who)).status_code
        for who in ({"role": Role.AREA_OFFICER, "area": "510117"}, officer, officer)
    ]

    assert [answer.status_code for answer in (made, stranger, city, of_entity)] == [201, 404, 201, 201]
    assert refused == [422] * 5
    assert [said["area"] for said in mine] == ["510104"]
    assert ended == [404, 204, 404]
    everything = (await ask("/v1/suppressions")).json()["items"]
    assert [(said["area"], said["in_force"]) for said in everything] == [
        ("510104", False),
        ("510100", True),
        (None, True),
    ]


async def test_many_signals_are_settled_with_one_reason(ask: Any, sample: Any) -> None:
    """What cannot be settled is named; a stranger settles nothing."""
    ids = [f"penalty_imposed|{sample.uscc}|2", f"listed|{sample.uscc}|9"]
    order = {"signal_ids": ids, "reason": "campaign of June"}

    stranger = (await ask("/v1/signals/clear", Role.AREA_OFFICER, area="510117", json=order)).json()
    done = (await ask("/v1/signals/clear", json=order)).json()

    assert stranger == {"cleared": [], "not_cleared": ids}
    assert done == {"cleared": ids[:1], "not_cleared": ids[1:]}
    assert (await ask("/v1/signals?state=cleared")).json()["items"][0]["cleared_reason"] == "campaign of June"


async def test_who_reads_the_signals_of_one_entity_is_on_record(ask: Any, sample: Any) -> None:
    """A list narrowed to one code says as much of it as its own page; a list of an area names nobody."""
    with structlog.testing.capture_logs() as logs:
        await ask("/v1/signals")
        await ask(f"/v1/signals?uscc={sample.uscc}")

    reads = [(log["what"], log["uscc"]) for log in logs if log["event"] == "read"]
    assert reads == [("signal", sample.uscc)]


async def test_a_family_below_its_target_is_proposed_for_tuning(
    ask: Any, sql_world: Any, sample: Any
) -> None:
    """Thirty verdicts, three of them useful: the bound is to move, and what that would have spared is said."""
    rows = [
        f"('complaints_rising|{sample.uscc}|{at}', '{sample.uscc}', 'complaints_rising', {at}, 2, 'inspect', '{{}}',"
        f" '', '2026-05-01', '2026-05-09', {str(at <= 3).lower()}, {3 + at % 2})"
        for at in range(1, 31)
    ]
    async with sql_world.engine.begin() as connection:
        await connection.execute(
            text(
                "insert into signal (signal_id, uscc, family, episode, severity, suggested_step, evidence, area_code,"
                f" raised_on, due_on, useful, measure) values {', '.join(rows)}"
            )
        )

    figures = {row["family"]: row for row in (await ask("/v1/signals/precision")).json()}
    rising, penalty = figures["complaints_rising"], figures["penalty_imposed"]

    assert (rising["raised"], rising["judged"], rising["useful"], rising["precision"]) == (30, 30, 3, 0.1)
    assert 0.03 < rising["low"] < 0.04 < 0.25 < rising["high"] < 0.27
    assert rising["tuning"] == {"parameter": "at_least", "now": 3, "proposed": 4, "raised_then": 15}
    assert rising["months"] == [{"month": "2026-05-01", "raised": 30, "judged": 30, "useful": 3}]
    assert (penalty["raised"], penalty["precision"], penalty["tuning"]) == (1, None, None)
    elsewhere = (await ask("/v1/signals/precision", Role.AREA_OFFICER, area="510117")).json()
    assert {row["raised"] for row in elsewhere} == {0}


async def test_families_are_listed_with_what_they_lean_on(ask: Any) -> None:
    """Whoever is warned may ask why there is such a warning at all."""
    families = {family["code"]: family for family in (await ask("/v1/signals/families")).json()}

    assert len(families) >= 24
    assert families["complaints_unusual"]["alpha"] == 0.0005
    assert families["elevator_trapped"]["sector"] == "elevator_maintenance"
    assert families["complaints_rising"]["rule"]["at_least"] == 3
    bound = families["reports_missed"]["rule"]["reaches"][0]
    assert (bound["indicator"], bound["bound"]) == ("dynamic.annual_reports_missed_36m", 2)
    assert families["reports_missed"]["worse"] == {"severity": "alarm", "at_least": 3}


async def test_the_daily_run_goes_forward_only(ask: Any) -> None:
    """Business time is a parameter, and does not run backwards."""
    done = await ask("/v1/daily-runs", json={"day": "2026-06-02"})
    back = await ask("/v1/daily-runs", json={"day": "2026-05-01"})
    denied = await ask("/v1/daily-runs", Role.AUDITOR, json={"day": "2026-06-03"})

    assert done.json() == {"day": "2026-06-02", "complete": True, "entities": 2, "changed": 2}
    assert (back.status_code, denied.status_code) == (422, 403)
    assert back.json()["errors"][0]["expected"] == "2026-06-02 or later"
    assert (await ask("/v1/business-day")).json() == done.json()


async def test_the_catalogue_and_the_books_can_be_read(ask: Any) -> None:
    """The audit asks for the books, the console for the catalogue."""
    indicators = {each["code"]: each for each in (await ask("/v1/catalogue")).json()["indicators"]}

    assert len(indicators) == 157
    assert indicators["regulatory.penalties_unfulfilled"]["facts"] == ["penalty_fulfilled", "penalty_imposed"]
    assert indicators["relation.entities_of_person"]["facts"] == []
    for book in (await ask("/v1/books")).json()["books"]:
        assert (await ask(f"/v1/books/{book}")).status_code == 200
    assert (await ask("/v1/lanes")).status_code == 200


async def test_the_profile_of_now_is_the_one_that_was_told(ask: Any, sample: Any) -> None:
    """Looking back to this moment must give what everybody was told."""
    told = (await ask(f"/v1/entities/{sample.uscc}")).json()

    replayed = (await ask(f"/v1/entities/{sample.uscc}/profile")).json()

    assert replayed["indicators"] == told["indicators"]
    assert told["legal_person_ref"] == "p-1"
    assert (replayed["as_told"], replayed["facts"], replayed["name"]) == (True, [1, 2], told["name"])


async def test_a_profile_of_a_day_leaves_out_what_came_later(ask: Any, sample: Any) -> None:
    """In two clocks: what had happened by a day, by what is known now."""
    path = f"/v1/entities/{sample.uscc}/profile?valid_at=2026-05-01"

    answer = (await ask(path)).json()

    assert (answer["valid_at"], answer["as_told"], answer["facts"]) == ("2026-05-01", False, [1])


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("known_at=2000-01-01T00:00:00Z", 404),
        ("known_at=2026-06-01T00:00:00", 422),
        ("valid_at=1900-01-01", 422),
        ("valid_at=yesterday", 422),
    ],
)
async def test_a_moment_that_cannot_be_answered_says_so(
    ask: Any, sample: Any, query: str, status: int
) -> None:
    """An instant without offset is two instants; and of nobody there is no profile."""
    assert (await ask(f"/v1/entities/{sample.uscc}/profile?{query}")).status_code == status


async def test_relations_and_clusters_are_named(ask: Any, sample: Any) -> None:
    """The two of the test share a person and an address."""
    await ask("/v1/daily-runs", json={"day": "2026-06-02"})

    related = (await ask(f"/v1/entities/{sample.uscc}/relations")).json()
    clusters = (await ask("/v1/clusters?kind=person&at_least=2")).json()

    assert {(row["kind"], row["uscc"]) for row in related} == {
        ("person", sample.other),
        ("address", sample.other),
    }
    assert clusters == [
        {"kind": "person", "ref": "p-1", "entities": 2, "risky": 0, "revoked": 0, "young": 0},
    ]


async def test_an_inferred_industry_shows_its_words(
    ask: Any, sample: Any, sql_world: Any, book: Any, facts: Any
) -> None:
    """Nobody has to believe a guess without its reasons."""
    async with sql_world.transaction() as tx:
        change = facts("registration_changed", on=0, field="business_scope", after="餐饮服务；预包装食品销售")
        await record_facts([change], tx, book)

    answer = (await ask(f"/v1/entities/{sample.uscc}/industry")).json()

    assert (answer["registered"], answer["inferred"][:1]) == ("H62", "H")
    assert 0 < answer["confidence"] <= 1
    assert answer["evidence"][0]["text"]
