"""Snapshots, monthly runs and what-ifs over HTTP: who may, and what is answered."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
import yaml
from classification_service.main import Service, bus_of
from classification_service.model.judgement import IndicatorsChanged
from classification_service.model.risk_model import Catalogue, RiskModel
from classification_service.settings import Settings
from classification_service.store.mix import SqlMixes
from classification_service.store.packs import StoredModels
from fastapi import FastAPI
from httpapi import LocalIssuer, Role, undeclared_routes
from httpapi.tokens import IdentityOptions, verifier_from
from sqlalchemy import text

USCC = "91510104YY000001XM"
OTHER = "91510117YY0000028G"
MONTH = {"business_day": "2026-05-31"}
Ask = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
async def app(
    migrated_database: str,
    sql_store: Any,
    general: RiskModel,
    catalogue: Catalogue,
    change: Callable[..., IndicatorsChanged],
    run: Callable[..., Awaitable[None]],
    tmp_path: Path,
) -> AsyncIterator[FastAPI]:
    """The application over a database with two entities in two areas."""
    await run(sql_store, change(1), change(1, uscc=OTHER, area_code="510117", social_complaints_12m=3))
    bus = bus_of(Settings(database_url=migrated_database, kafka_bootstrap_servers="unused:1"))
    service = Service(bus, catalogue, StoredModels([general]), tmp_path / "snapshots")
    monthly = service.monthly(())
    verifier = verifier_from(IdentityOptions(jwks_file=issuer_of(tmp_path).jwks_file))
    made = service.application(verifier, monthly=monthly)
    made.state.monthly = monthly
    yield made
    await bus.engine.dispose()


def issuer_of(folder: Path) -> LocalIssuer:
    """Signs tokens of any role."""
    return LocalIssuer(folder)


@pytest.fixture
async def ask(app: FastAPI, tmp_path: Path) -> AsyncIterator[Ask]:
    """Asks as a role; the model manager when none is named."""
    issuer = issuer_of(tmp_path)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://classification") as client:

        async def asked(
            path: str, role: Role = Role.MODEL_MANAGER, *, json: object = None, key: str = "", **claims: Any
        ) -> httpx.Response:
            headers = {"Authorization": f"Bearer {issuer.issue(role, **claims)}"}
            headers |= {"Idempotency-Key": key} if key else {}
            method = "GET" if json is None else "POST"
            return await client.request(method, path, headers=headers, json=json)

        yield asked


def draft(general: RiskModel, **fields: object) -> str:
    """The general model with other numbers, as a person writes it."""
    return yaml.safe_dump({**general.definition, "version": 2, **fields}, allow_unicode=True)


async def test_a_month_is_begun_at_once_and_done_in_the_background(ask: Ask, app: FastAPI) -> None:
    """It takes minutes: whoever asks is told its number, and asks how far it is."""
    begun = await ask("/v1/runs/monthly", json=MONTH)
    again = await ask("/v1/runs/monthly", json=MONTH)
    at_first = (await ask(begun.headers["location"])).json()

    await app.state.monthly.look()

    done = (await ask(f"/v1/runs/monthly/{begun.json()['id']}")).json()
    assert (begun.status_code, again.status_code) == (202, 202)
    assert begun.json() == again.json() == at_first
    assert (at_first["is_complete"], at_first["stretches_left"], at_first["entities"]) == (False, 1, 0)
    assert (done["is_complete"], done["stretches_left"], done["entities"]) == (True, 0, 2)
    assert (await ask("/v1/runs/monthly/999999")).status_code == 404


async def test_a_month_of_nobody_is_refused_over_http(ask: Ask, sql_store: Any) -> None:
    """It would be empty, and stand for good."""
    async with sql_store.engine.begin() as connection:
        await connection.execute(text("truncate state"))

    refused = await ask("/v1/runs/monthly", json=MONTH)

    assert refused.status_code == 422
    assert "nobody is judged yet" in refused.text
    assert (await ask("/v1/runs/monthly")).json()["items"] == []


async def test_a_month_is_listed_and_read_from_the_books_alone(
    ask: Ask, app: FastAPI, tmp_path: Path
) -> None:
    """Files may be on another machine: a class of a month is answered without them."""
    await ask("/v1/runs/monthly", json=MONTH)
    await app.state.monthly.look()
    ran = (await ask("/v1/runs/monthly", json=MONTH)).json()
    listed = (await ask("/v1/runs/monthly")).json()["items"]
    for part in (tmp_path / "snapshots").glob("*/*"):
        part.unlink()
    months = await ask(f"/v1/entities/{USCC}/classes/monthly", Role.INSPECTOR, area="510104")

    assert (ran["is_complete"], ran["entities"], ran["stretches_left"]) == (True, 2, 0)
    assert listed == [ran]
    (month,) = months.json()["items"]
    assert month["business_day"] == "2026-05-31"
    assert month["risk_class"] in "ABCD"


async def test_a_month_that_was_judged_is_a_point_of_the_trend_though_nobody_looked(
    ask: Ask, app: FastAPI, sql_store: Any
) -> None:
    """Its blocks keep who was in which class; it is reckoned once."""
    await ask("/v1/runs/monthly", json=MONTH)
    await app.state.monthly.look()
    mixes = SqlMixes(sql_store.engine)

    for _ in range(2):
        await mixes.keep(date(2026, 6, 3))

    path = "/v1/statistics/classes/trend?until=2026-06-30"
    whole, part = (await ask(path)).json(), (await ask(f"{path}&area=510117")).json()
    seen = [{point["day"]: point["entities"] for point in each["points"]} for each in (whole, part)]
    assert [(each["2026-05-31"], each["2026-06-03"]) for each in seen] == [(2, 2), (1, 1)]


async def test_an_area_sees_its_own_classes_of_a_snapshot_and_no_others(ask: Ask) -> None:
    """The past is no less internal than the present."""
    taken = (await ask("/v1/snapshots", json={})).json()
    path = f"/v1/snapshots/{taken['id']}/classes"

    own = await ask(path, Role.INSPECTOR, area="510104")
    others = await ask(f"{path}?area=510117", Role.INSPECTOR, area="510104")
    everything = await ask(path)
    stranger = await ask(f"/v1/entities/{OTHER}/classes/monthly", Role.INSPECTOR, area="510104")

    assert [row["uscc"] for row in own.json()["items"]] == [USCC]
    assert others.status_code == 404
    assert [row["uscc"] for row in everything.json()["items"]] == [USCC, OTHER]
    assert stranger.status_code == 404


async def test_a_draft_is_tried_and_its_movers_are_listed(ask: Ask, general: RiskModel) -> None:
    """Before anybody is judged by it."""
    taken = (await ask("/v1/snapshots", json={})).json()

    answer = (await ask("/v1/models/what-if", json={"model": draft(general, base=600)})).json()

    path = f"/v1/models/what-if/{answer['id']}"
    first = (await ask(f"{path}/moves?limit=1")).json()
    rest = (await ask(f"{path}/moves?limit=1&cursor={first['next_cursor']}")).json()
    elsewhere = (await ask(f"{path}/moves?area=510117")).json()
    zone = (await ask(f"{path}/moves?area=5101Z1")).json()
    assert answer["snapshot_id"] == taken["id"]
    assert (answer["model"], answer["movers"], answer["entities"]) == ("general@2", 2, 2)
    assert answer["mix"]["now"] == taken["counts"]
    assert sum(answer["mix"]["then"].values()) == 2
    assert answer["load"]["ratios"]["C"]["confidence"] == "project-chosen"
    assert set(answer["by_area"]) == {"510104", "510117"}
    assert [row["uscc"] for row in first["items"] + rest["items"]] == [USCC, OTHER]
    assert [row["uscc"] for row in elsewhere["items"]] == [OTHER]
    assert zone["items"] == []
    assert (await ask(path)).json() == answer


def with_shares(general: RiskModel, **fields: object) -> str:
    """The general model with shares in place of cuts."""
    scale = {"lowest": 0, "highest": 1000, "shares": {"A": 0.6, "B": 0.9, "C": 0.97}}
    return draft(general, scale=scale, valid_from=general.valid_from + timedelta(days=1), **fields)


async def test_shares_take_the_cuts_of_the_what_if_of_the_same_text_and_of_no_other(
    ask: Ask, general: RiskModel
) -> None:
    """Who approves reads a what-if's number: what it says must be what it found."""
    await ask("/v1/snapshots", json={})
    saved = (await ask("/v1/drafts", json={"text": with_shares(general)})).json()
    submit = f"/v1/drafts/{saved['id']}/submit"
    other = await ask("/v1/models/what-if", json={"model": with_shares(general, base=160)})
    own = await ask("/v1/models/what-if", json={"draft_id": saved["id"]})

    of_another = await ask(submit, json={"version": 1, "what_if_id": other.json()["id"]})
    submitted = await ask(submit, json={"version": 1, "what_if_id": own.json()["id"]})

    (error,) = of_another.json()["errors"]
    assert (of_another.status_code, error["field"]) == (422, "text.scale.shares")
    assert "tried another text" in error["problem"]
    assert submitted.status_code == 200, submitted.text
    snapshot = own.json()["snapshot_id"]
    assert submitted.json()["cuts_from"] == f"what-if {own.json()['id']} over snapshot {snapshot}"
    shown = (await ask(f"/v1/drafts/{saved['id']}/diff")).json()
    cuts = {row["place"]: row["is"] for row in shown["differences"] if row["place"].startswith("scale.cuts")}
    assert [float(cuts[f"scale.cuts.{letter}"]) for letter in "ABC"] == own.json()["cuts"]


async def test_an_order_that_is_sent_again_is_carried_out_once(ask: Ask, general: RiskModel) -> None:
    """A client that heard nothing asks again: a second copy would take an older one from under who reads it."""
    first = await ask("/v1/snapshots", json={}, key="a-copy")
    again = await ask("/v1/snapshots", json={}, key="a-copy")
    tried = await ask("/v1/models/what-if", json={"model": draft(general)}, key="a-what-if")
    tried_again = await ask("/v1/models/what-if", json={"model": draft(general)}, key="a-what-if")

    assert first.json() == again.json()
    assert len((await ask("/v1/snapshots")).json()["items"]) == 1
    assert tried.json() == tried_again.json()


async def test_an_answer_says_what_it_is_of(ask: Ask, general: RiskModel) -> None:
    """Yesterday's copy of the city is not the city."""
    taken = (await ask("/v1/snapshots", json={})).json()

    answer = (await ask("/v1/models/what-if", json={"model": draft(general)})).json()

    assert (answer["snapshot_id"], answer["against"]) == (taken["id"], ["general@1"])
    assert datetime.fromisoformat(answer["made_at"]) == datetime.fromisoformat(taken["made_at"])
    assert set(answer["load"]["now"]) == {"uniform", *"ABCD", "observed", "key"}
    assert answer["load"]["now"]["uniform"] == pytest.approx(0.03 * answer["entities"], abs=0.05)


async def test_a_bad_draft_is_refused_with_its_lines(ask: Ask, general: RiskModel) -> None:
    """All that is wrong at once, each with where it stands."""
    await ask("/v1/snapshots", json={})

    refused = await ask(
        "/v1/models/what-if",
        json={
            "model": draft(
                general, base="much", scale={"lowest": 0, "highest": 1000, "cuts": {"A": 9, "B": 5, "C": 7}}
            )
        },
    )

    problems = {error["field"]: error["problem"] for error in refused.json()["errors"]}
    assert refused.status_code == 422
    assert any("base" in field for field in problems)
    assert all(problem.startswith("line ") for problem in problems.values())


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "body.model"),
        ({"model_id": "general@9"}, "body.model_id"),
        ({"draft_id": 99_999}, "body.draft_id"),
        ({"model_id": "general@1", "draft_id": 1}, "body.model"),
        ({"model_id": "general@1", "snapshot_id": 99_999}, "body.snapshot_id"),
        ({"model_id": "general@1", "ratios": "of-nowhere"}, "body.ratios"),
    ],
)
async def test_what_cannot_be_answered_names_the_field(ask: Ask, asked: dict[str, Any], field: str) -> None:
    """The caller can act on it."""
    refused = await ask("/v1/models/what-if", json=asked)

    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == [field]


async def test_what_is_not_there_is_not_found(ask: Ask) -> None:
    """Numbers of nothing."""
    for path in ("/v1/snapshots/9999", "/v1/snapshots/9999/classes", "/v1/models/what-if/9999"):
        assert (await ask(path)).status_code == 404
    assert (await ask("/v1/models/what-if/9999/moves")).status_code == 404
    assert (await ask(f"/v1/entities/{USCC[:-1]}A/classes/monthly")).status_code == 404


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.AUDITOR, Role.APPROVER])
async def test_only_those_who_answer_for_models_run_and_try(ask: Ask, role: Role) -> None:
    """A run re-judges the whole city."""
    claims = {"area": "510104"} if role is Role.INSPECTOR else {}

    answers = [
        await ask("/v1/runs/monthly", role, json=MONTH, **claims),
        await ask("/v1/models/what-if", role, json={"model_id": "general@1"}, **claims),
        await ask("/v1/snapshots", role, json={}, **claims),
    ]

    assert {answer.status_code for answer in answers} == {403}


async def test_every_read_is_logged_and_every_route_declared(ask: Ask, app: FastAPI) -> None:
    """Who looked at whose class of the past can be answered."""
    taken = (await ask("/v1/snapshots", json={})).json()

    with structlog.testing.capture_logs() as logs:
        await ask(f"/v1/snapshots/{taken['id']}/classes", subject="li")
        await ask(f"/v1/entities/{USCC}/classes/monthly", subject="li")

    reads = [(log["subject"], log["what"], log["uscc"]) for log in logs if log["event"] == "read"]
    assert reads == [("li", f"classes of snapshot {taken['id']}", None), ("li", "monthly classes", USCC)]
    assert undeclared_routes(app) == []
