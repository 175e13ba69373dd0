"""An audit that cannot fail proves nothing: whatever row is taken away or forged by hand, it is found."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg
import httpx
import pytest
from booksaudit.report import Audit, audit
from creditloop_cli.local import local_stack
from creditloop_cli.services import open_services
from creditloop_cli.sources import source_key
from localstack.services import SERVICES

STACK = "e2e"


class Kept(NamedTuple):
    """A table that a book keeps.

    Attributes:
        forged: What makes a copied row another one, by column; empty where a forged row cannot be seen.
        among: Which of its rows may be taken away.
    """

    service: str
    table: str
    forged: dict[str, str]
    among: str = "true"


def _other(column: str) -> dict[str, str]:
    return {column: f"{column} || '-forged'"}


_OTHER_CODE = {"uscc": "'X' || substr(uscc, 2)"}

KEPT = [
    Kept("ingestion", "fact", _other("fact_id"), "standing = 1"),
    Kept("ingestion", "quarantine", {**_other("fact_id"), "id": "-id"}, "state = 'open'"),
    Kept("ingestion", "source", {}, "id in (select source_id from fact)"),
    Kept("profiling", "entity", _OTHER_CODE),
    Kept("profiling", "fact", {**_other("fact_id"), "number": "number + 100"}),
    Kept("profiling", "signal", _other("signal_id")),
    Kept("classification", "state", _OTHER_CODE),
    Kept("classification", "decision", {"number": "number + 100"}, "number > 1"),
    Kept("classification", "model", {}, "id in (select model_id from decision)"),
    Kept("classification", "review_result", _other("result_id")),
    Kept("sampling", "member", _OTHER_CODE, "change_number > 0"),
    Kept("sampling", "draw", {**_other("draw_id"), "number": "number + 100"}),
    Kept("sampling", "draw_population", _other("draw_id")),
    Kept("sampling", "draw_file", _other("draw_id")),
    Kept("sampling", "draw_entry", _OTHER_CODE),
    Kept("sampling", "task", {**_other("task_id"), **_OTHER_CODE}),
    Kept("sampling", "result", {**_other("result_id"), **_other("task_id")}),
    Kept("repair", "record", _other("record_id")),
    Kept("repair", "stop_order", _other("order_id")),
    Kept("repair", "entity", _OTHER_CODE),
    Kept("notification", "contact", _OTHER_CODE),
    Kept("notification", "signal", _other("signal_id"), "raised_on is not null"),
    *(
        Kept(
            "notification",
            "notice",
            {**_other("notice_id"), "sequence": "-sequence"},
            f"template = '{template}'",
        )
        for template in ("repair_notice", "publicity_stopped")
    ),
    Kept("notification", "letter", _other("notice_id")),
    Kept("notification", "clue", {**_other("clue_id"), **_other("signal_id"), "position": "-position"}),
    Kept("notification", "webhook", {**_other("delivery_id"), **_other("clue_id")}, "state = 'delivered'"),
    Kept("notification", "webhook_attempt", {**_other("delivery_id"), "sequence": "-sequence"}),
]

OF_THE_BUS = {"alembic_version", "lane", "outbox", "dead_letter", "idempotent_answer"}
"""Lanes and dead letters are audited as such; answers by idempotency key are forgotten after a day."""

WITHOUT_A_BOOK = {
    ("ingestion", "api_key"): "who may post, as staff say; nobody else knows it",
    ("ingestion", "source_change"): "who changed what of a source; nobody else knows it",
    ("ingestion", "last_fact"): "read from the ledger, and again from it when lost",
    ("ingestion", "alert"): "what the look-out found, and codes claimed twice; the facts are in a book",
    ("ingestion", "quarantine_job"): "orders of staff; what they settled is in the quarantine's book",
    ("ingestion", "code_alias"): "follows from facts of re-coding, which a book keeps",
    ("ingestion", "code_join"): "one row, how far held facts and old codes were brought together",
    ("ingestion", "sent_under"): "the code a fact came under, beside the fact that a book keeps",
    ("ingestion", "repeated_fact"): "how often a fact was sent again: a figure, no fact",
    ("ingestion", "quality_run"): "figures, computed anew on demand",
    ("ingestion", "quality_day"): "figures, computed anew on demand",
    ("ingestion", "mapping"): "how files are read, as staff and sources say; nobody else knows it",
    ("ingestion", "file"): "what was uploaded; its facts are in the ledger's book",
    ("ingestion", "file_job"): "how far a file was loaded; loading it again finds duplicates",
    ("profiling", "business_day"): "one row, the place of the daily run",
    ("profiling", "business_day_before"): "when each day began, for looking back",
    ("profiling", "due"): "whom a daily run at work has to look at; empty afterwards",
    ("profiling", "holding"): "follows from facts of stakes, which a book keeps",
    ("profiling", "relation"): "counted anew by each daily run",
    ("profiling", "related"): "counted anew by each daily run",
    ("profiling", "related_before"): "what relations were, for looking back",
    ("profiling", "rule_data"): "one row: by which forms features were made",
    ("profiling", "peer_bound"): "counted anew by each daily run",
    ("profiling", "suppression"): "what staff say; nobody else knows it",
    ("profiling", "verdict"): "what staff say; nobody else knows it",
    ("profiling", "search"): "made anew from entities by the background step",
    ("profiling", "search_due"): "whose search row is to be made anew",
    ("classification", "class_mix"): "counted from states and monthly runs, and anew each minute",
    ("classification", "class_count"): "sums of the states, which a book keeps; a test counts them anew",
    ("classification", "sector_count"): "sums of the states, which a book keeps; a test counts them anew",
    ("profiling", "signal_count"): "sums of the signals, which a book keeps; a test counts them anew",
    ("profiling", "signal_step"): "what staff did with a signal; nobody else knows it",
    (
        "classification",
        "review_withdrawal",
    ): "follows from facts, which are in a book; a second telling changes nothing",
    ("classification", "review_run"): "one row a day, of what was looked at",
    (
        "classification",
        "review_alarm",
    ): "what the look found, and what people said of it; the outcomes are in a book",
    ("classification", "promotion"): "when versions went live, as two people say; the versions are in a book",
    ("classification", "model_set"): "follows from promotions, and is named anew with the next",
    ("classification", "standing"): "one row, a counter",
    ("classification", "draft"): "what staff write; nobody else knows it",
    ("classification", "model_event"): "who did what with a version; nobody else knows it",
    ("classification", "rollback"): "what staff propose; nobody else knows it",
    ("classification", "shadow_run"): "what staff try; nothing comes of it",
    ("classification", "shadow_verdict"): "what staff try; nothing comes of it",
    ("classification", "intervention"): "what two people say; the decisions it made are in a book",
    ("classification", "objection"): "what staff file and decide; the decisions it made are in a book",
    ("classification", "monthly_run"): "what a run did: figures, and where it stands",
    ("classification", "monthly_stretch"): "how far a run is; done again it changes nothing",
    ("classification", "monthly_block"): "the demo makes no monthly run; with `decision` it makes one book",
    ("classification", "snapshot"): "where a copy of the states lies, with its hash",
    ("classification", "what_if"): "answers to questions, asked anew at will",
    ("sampling", "inspector"): "a list that staff put; nobody else knows it",
    ("sampling", "inspector_conflict"): "a list that staff put; nobody else knows it",
    ("repair", "daily_run"): "how many records a run stopped; an earlier stop may since be known for them",
    ("notification", "platform"): "subscriptions, as staff say; nobody else knows them",
    (
        "notification",
        "platform_operator",
    ): "who sells where, as staff and platforms say; nobody else knows it",
    ("notification", "undelivered_notice"): "the demo leaves none; with `letter` it makes one book",
}


@pytest.fixture(scope="module")
def set_aside(demo: dict[str, Any], state: Path) -> None:
    """One fact about a code that no entity can have waits in quarantine: the demo's own facts are all sound."""
    fact = {
        "specversion": "1.0",
        "id": "tampering-1",
        "source": "curl",
        "subject": "91510104YY0000010X",
        "type": "creditloop.complaint.received.v1",
        "time": "2026-01-01T00:00:00Z",
        "data": {"channel_kind": "complaint", "category": "food", "upheld": True, "platform": ""},
    }
    headers = {"X-API-Key": source_key(state, "curl"), "Content-Type": "application/cloudevents+json"}
    answer = httpx.post(f"{demo['urls']['ingestion']}/v1/facts", headers=headers, json=fact)
    assert answer.json()["verdict"] == "quarantined", answer.text


@pytest.fixture
async def in_database(
    set_aside: None, admin_url: str, request: pytest.FixtureRequest
) -> AsyncIterator[asyncpg.Connection]:
    """A connection to the database of the parameter `kept` that no foreign key or trigger holds back."""
    service = request.getfixturevalue("kept").service
    connection = await asyncpg.connect(f"{admin_url.rpartition('/')[0]}/creditloop_{service}")
    await connection.execute("set session_replication_role = replica")
    yield connection
    await connection.close()


async def audited() -> Audit:
    """What the audit of the running stack finds."""
    async with open_services(local_stack(STACK)) as services:
        return await audit(services.get, 10)


async def _columns(connection: asyncpg.Connection, table: str) -> list[str]:
    rows = await connection.fetch(
        """select column_name from information_schema.columns
           where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER'""",
        table,
    )
    return [row["column_name"] for row in rows]


@pytest.mark.parametrize("kept", KEPT, ids=lambda each: f"{each.service}-{each.table}-{each.among}")
async def test_a_row_taken_away_is_found(kept: Kept, in_database: asyncpg.Connection) -> None:
    """A loss by a fault of ours, or by somebody's hand, looks like this."""
    columns = ", ".join(await _columns(in_database, kept.table))
    one = f'select ctid from "{kept.table}" where {kept.among} limit 1'
    await in_database.execute(f'create temp table taken as select * from "{kept.table}" where ctid = ({one})')
    removed = await in_database.execute(f'delete from "{kept.table}" where ctid = ({one})')

    found = await audited()

    await in_database.execute(
        f'insert into "{kept.table}" ({columns}) overriding system value select {columns} from taken'
    )
    assert removed == "DELETE 1"
    assert found.lost + found.doubled > 0


@pytest.mark.parametrize(
    "kept",
    [each for each in KEPT if each.forged],
    ids=lambda each: f"{each.service}-{each.table}-{each.among}",
)
async def test_a_forged_row_is_found(kept: Kept, in_database: asyncpg.Connection) -> None:
    """A record, a decision or a letter that nothing caused must not pass for one that something did."""
    columns = await _columns(in_database, kept.table)
    values = ", ".join(kept.forged.get(column, column) for column in columns)
    place = await in_database.fetchval(
        f"""insert into "{kept.table}" ({", ".join(columns)}) overriding system value
            select {values} from "{kept.table}" where {kept.among} limit 1 returning ctid"""
    )

    found = await audited()

    await in_database.execute(f"delete from \"{kept.table}\" where ctid = '({place[0]},{place[1]})'")
    assert found.lost + found.doubled > 0


def test_the_books_agree_again_after_all_was_put_back(
    set_aside: None, creditloop: Callable[..., Any]
) -> None:
    """Otherwise what was found above would prove nothing."""
    done = creditloop("audit", "--stack", STACK, "--json", check=False)

    found = json.loads(done.stdout)
    assert (found["lost"], found["doubled"], done.returncode) == (0, 0, 0)


async def test_every_table_has_a_book_or_a_reason(demo: dict[str, Any], admin_url: str) -> None:
    """A new table that the audit does not look at must be somebody's decision."""
    there = set()
    for service in SERVICES:
        connection = await asyncpg.connect(f"{admin_url.rpartition('/')[0]}/creditloop_{service}")
        rows = await connection.fetch("select tablename from pg_tables where schemaname = 'public'")
        there |= {(service, row["tablename"]) for row in rows if row["tablename"] not in OF_THE_BUS}
        await connection.close()

    assert there == {(each.service, each.table) for each in KEPT} | set(WITHOUT_A_BOOK)
