"""What the service ships with is in force where nothing else judged; where people decided it is offered to them."""

from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import pytest
from classification_service.errors import ChangedModel
from classification_service.model.risk_model import RiskModel
from classification_service.store import packs
from classification_service.use_cases.promote import offer_models, register_models
from httpapi import Role
from sqlalchemy import text

NOW = datetime(2026, 11, 1, tzinfo=UTC)
MANAGER = Role.MODEL_MANAGER
GENERAL = files("classification_service").joinpath("packs/models/general-1.yaml").read_text(encoding="utf-8")


async def started(store: Any, models: list[RiskModel]) -> None:
    """As `main.register`, with a release's models."""
    async with store.open() as tx:
        newer = await register_models(models, tx, now=NOW)
        texts = {model.id: packs.shipped_text(model.id) for model in newer}
        await offer_models(newer, texts, tx, now=NOW)


def reworded(model: RiskModel) -> RiskModel:
    """The same model as a later release words it."""
    definition = dict(model.definition) | {"citation": "另一种表述", "zh": "改名"}
    return replace(model, definition=definition, sha256="0" * 64)


async def own_version(office: Any) -> None:
    """The city's own general@2, from 28 May on."""
    text = GENERAL.replace("\nversion: 1\n", "\nversion: 2\n").replace("\nbase: 150\n", "\nbase: 170\n")
    text = text.replace("\nvalid_from: 2022-01-13\n", "\nvalid_from: 2022-02-01\n")
    number = (await office.ask("wang", MANAGER, "POST /v1/drafts", {"text": text})).json()["id"]
    for answer in (
        await office.ask("wang", MANAGER, f"POST /v1/drafts/{number}/submit", {"version": 1}),
        await office.approve(number),
        await office.ask("wang", MANAGER, f"POST /v1/drafts/{number}/promote", {"day": "2026-05-28"}),
    ):
        assert answer.status_code == 200, answer.text


async def test_empty_books_have_every_shipped_version_in_force_from_its_day(
    sql_store: Any, shipped: list[RiskModel], general: RiskModel
) -> None:
    """A new city judges from the first event on."""
    others = [model for model in shipped if model.code != general.code]

    await started(sql_store, others)

    found = await sql_store.rows("select model_id, from_day from promotion where model_id <> 'general@1'")
    assert sorted(found) == sorted((model.id, model.valid_from) for model in others)
    assert await sql_store.rows("select count(*) from draft where offers <> ''") == [(0,)]


async def test_a_release_that_only_words_a_model_anew_starts_and_leaves_the_books(
    sql_store: Any, shipped: list[RiskModel], general: RiskModel
) -> None:
    """What judged is told by the text it judged with."""
    others = [model for model in shipped if model.code != general.code]
    await started(sql_store, others)
    before = await sql_store.rows("select id, sha256 from model order by id")

    await started(sql_store, [reworded(model) for model in others])

    assert await sql_store.rows("select id, sha256 from model order by id") == before
    assert await sql_store.rows("select count(*) from draft where offers <> ''") == [(0,)]


async def test_a_newer_shipped_version_is_an_open_draft_and_judges_nothing(
    office: Any, shipped: list[RiskModel]
) -> None:
    """Whatever a release brings, the city's classes are what two of its people approved."""
    await own_version(office)
    before = await office.store.rows("select * from promotion")

    await started(office.store, [model for model in shipped if model.code == "general"])

    assert await office.store.rows("select * from promotion") == before
    (offered,) = (await office.ask("wang", MANAGER, "GET /v1/drafts?state=open")).json()["items"]
    assert offered["offers"].startswith("general@2 ")
    draft = (await office.ask("wang", MANAGER, f"GET /v1/drafts/{offered['id']}")).json()
    assert "\nversion: 3\n" in draft["text"]
    assert draft["problems"] == []


async def test_a_name_that_both_have_stops_no_start(office: Any, shipped: list[RiskModel]) -> None:
    """The city numbers its own; a release numbers its files; the city's stays what it is."""
    await own_version(office)
    (own,) = await office.store.rows("select sha256 from model where id = 'general@2'")

    await started(office.store, [model for model in shipped if model.code == "general"])

    assert await office.store.rows("select sha256 from model where id = 'general@2'") == [own]
    assert own[0] != next(model for model in shipped if model.id == "general@2").sha256


async def test_what_was_offered_is_not_offered_again(office: Any, shipped: list[RiskModel]) -> None:
    """Not at the next start, nor after it was withdrawn, nor after it was taken."""
    graded = [model for model in shipped if model.code == "general"]
    await started(office.store, graded)
    (offered,) = (await office.ask("wang", MANAGER, "GET /v1/drafts?state=open")).json()["items"]
    await office.ask(
        "wang", MANAGER, f"POST /v1/drafts/{offered['id']}/withdraw", {"reason": "ours is better"}
    )

    await started(office.store, graded)
    await started(office.store, [reworded(model) for model in graded])

    assert await office.store.rows("select count(*) from draft where offers <> ''") == [(1,)]
    trail = (await office.ask("wang", MANAGER, f"GET /v1/drafts/{offered['id']}/trail")).json()["items"]
    assert [(each["who"], each["what"]) for each in trail] == [
        ("creditloop", "offered"),
        ("wang", "withdrawn"),
    ]


async def test_what_was_offered_before_there_were_such_hashes_is_not_offered_again(
    office: Any, shipped: list[RiskModel]
) -> None:
    """The upgrade knows it by its name."""
    graded = [model for model in shipped if model.code == "general"]
    await started(office.store, graded)
    async with office.store.engine.begin() as connection:
        await connection.execute(text("update draft set offers = 'general@2 before draft 1'"))

    await started(office.store, graded)

    assert await office.store.rows("select count(*) from draft where offers <> ''") == [(1,)]


async def test_an_offer_that_was_taken_is_the_citys_own(office: Any, shipped: list[RiskModel]) -> None:
    """It went through two persons like any draft, and the next start finds nothing new."""
    graded = [model for model in shipped if model.code == "general"]
    await started(office.store, graded)
    (offered,) = (await office.ask("wang", MANAGER, "GET /v1/drafts?state=open")).json()["items"]
    for answer in (
        await office.ask("wang", MANAGER, f"POST /v1/drafts/{offered['id']}/submit", {"version": 1}),
        await office.approve(offered["id"]),
        await office.ask("wang", MANAGER, f"POST /v1/drafts/{offered['id']}/promote", {"day": "2026-05-28"}),
    ):
        assert answer.status_code == 200, answer.text

    await started(office.store, graded)

    assert await office.store.rows("select count(*) from draft where offers <> ''") == [(1,)]
    assert await office.store.rows("select approver from model where id = 'general@2'") == [("li",)]


async def test_a_shipped_file_changed_under_its_version_still_stops_the_start(
    sql_store: Any, general: RiskModel
) -> None:
    """What judged is explained by what is stored."""
    with pytest.raises(ChangedModel):
        await started(sql_store, [replace(general, definition=dict(general.definition) | {"base": 1})])
