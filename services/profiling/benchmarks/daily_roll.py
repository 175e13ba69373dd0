# ruff: noqa: INP001, T201 - a script, not a package; its cities are not secret
"""Rolls a city forward day by day on real PostgreSQL; prints what each day took.

A few thousand fictional entities get their histories through the service's own use case; the database then multiplies
them, each copy under its own code, person and address. The copies' days are those of their originals, so a day of the
city is a day of the originals times the copies.

Run: `.venv/bin/python services/profiling/benchmarks/daily_roll.py [--entities 4000000] [--originals 20000] [--days 3]`
"""

import argparse
import asyncio
import itertools
import json
import random
import resource
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

from contracts.ingestion.v1_pb2 import FactAccepted
from eventbus import Bus, Received
from localstack import Stack
from localstack.kafka import topics
from localstack.postgres import databases
from profiling_service import settings, tables, wire
from profiling_service.main import alone
from profiling_service.model.facts import Fact
from profiling_service.rules.profiles import RuleBook
from profiling_service.rules.windows import as_day
from profiling_service.store import EntityCache, Profiles, daily_transactions
from profiling_service.store.migrations import begin_calendar, upgrade
from profiling_service.use_cases.daily_run import DailyRun
from profiling_service.use_cases.record import record_facts
from sqlalchemy import text
from vocabulary.areas import areas
from vocabulary.uscc import synthesise

FIRST_DAY = date(2026, 8, 1)
DAY_MS = 86_400_000
KINDS: tuple[tuple[int, str, dict[str, Any]], ...] = (
    (30, "annual_report_filed", {"report_year": 2025}),
    (4, "annual_report_missed", {"report_year": 2024}),
    (8, "complaint_received", {"channel_kind": "complaint"}),
    (6, "inspection_completed", {"result_codes": ["no_problem"]}),
    (3, "inspection_completed", {"result_codes": ["unreachable"]}),
    (
        4,
        "penalty_imposed",
        {"kinds": ["fine"], "fine_fen": 500_000, "severity": "ordinary", "violation": "V"},
    ),
    (3, "listing_entered", {"list": "abnormal", "reason": "unreachable"}),
    (6, "registration_changed", {"field": "address", "after": "虚构路9号"}),
    (6, "licence_granted", {"licence_kind": "food_operation", "number": "L", "valid_until_day": 20_900}),
    (4, "product_tested", {"field": "food", "passed": True, "product": "P"}),
    (2, "commitment_signed", {"kind": "annual_report"}),
    (2, "opinion_observed", {"sentiment": "negative"}),
)
COPY_ENTITIES = """
    insert into entity ({columns})
    select {values} from entity original, generate_series(1, :copies) as copy
    where original.uscc like '9%'
"""
COPY_FACTS = """
    insert into fact ({columns})
    select {values} from fact original, generate_series(1, :copies) as copy where original.uscc like '9%'
"""
COLUMNS = text("""
    select column_name::text from information_schema.columns
    where table_schema = 'public' and table_name = :table order by ordinal_position
""")
NEW_CODE = "chr(64 + copy / 26 % 26 + 1) || chr(65 + copy % 26) || substr(original.uscc, 3)"


def histories(book: RuleBook, originals: int, seed: int) -> Iterator[list[Fact]]:
    """The facts of each original, about three and a half on average."""
    rng, read = random.Random(seed), wire.FactReader(book.forms)
    weights = [weight for weight, _, _ in KINDS]
    districts = [code for code in areas() if code.isdigit()]
    numbers = itertools.count(1)

    def fact(uscc: str, age: int, **data: Any) -> Fact:
        at = (as_day(FIRST_DAY) - age) * DAY_MS + rng.randrange(DAY_MS)
        message = FactAccepted(
            source="bench",
            fact_id=f"B-{next(numbers)}",
            uscc=uscc,
            occurred_at_ms=at,
            recorded_at_ms=at + 5,
            **data,
        )
        return read(Received("", 0, 0, "", "", 0, uscc, message.SerializeToString(), 0, ""))

    for number in range(originals):
        uscc = synthesise("9", "1", "510104", number)
        established = as_day(FIRST_DAY) - rng.randrange(1, 7000)
        registered = {
            "name": f"虚构商行{number}",
            "entity_type": "1130",
            "established_on_day": established,
            "area_code": rng.choice(districts),
            "industry": rng.choice(("F52", "H62", "C14", "M75", "L72")),
            "address": f"虚构路{number // 3}号",
            "legal_person_ref": f"p-{number // 2}",
            "registered_capital_fen": 50_000_000,
        }
        yield [
            fact(uscc, as_day(FIRST_DAY) - established, registration_recorded=registered),
            *(
                fact(uscc, rng.randrange(1, 1200), **{kind: data})
                for _, kind, data in rng.choices(KINDS, weights, k=rng.choice((0, 1, 2, 3, 4, 5)))
            ),
        ]


class City:
    """A city in a database of its own.

    Args:
        bus: The service's bus, entered; nothing is published.
        book: Rule data.
    """

    def __init__(self, bus: Bus, book: RuleBook) -> None:
        self._bus = bus
        self._book = book
        self._profiles = Profiles(EntityCache(1000))

    async def found(self, originals: int, seed: int) -> None:
        """The originals and their histories are there."""
        batch: list[Fact] = []
        for history in histories(self._book, originals, seed):
            batch += history
            if len(batch) > 4000:
                await self._record(batch)
                batch = []
        await self._record(batch)

    async def _record(self, facts: list[Fact]) -> None:
        async with self._bus.transaction() as transaction:
            await record_facts(facts, self._profiles.over(transaction), self._book)

    async def multiply(self, copies: int) -> None:
        """Every original is there so many times more."""
        anew = {
            "signals": "0",
            "uscc": NEW_CODE,
            "legal_person_ref": "legal_person_ref || copy",
            "address_key": "address_key || copy",
        }
        async with self._bus.engine.begin() as connection:
            await connection.execute(text("set local statement_timeout = 0"))
            for statement, table in ((COPY_ENTITIES, "entity"), (COPY_FACTS, "fact")):
                columns = list((await connection.execute(COLUMNS, {"table": table})).scalars())
                filled = statement.format(
                    columns=", ".join(columns),
                    values=", ".join(anew.get(name, f"original.{name}") for name in columns),
                )
                await connection.execute(text(filled), {"copies": copies})
        await self._bus.engine.dispose()

    async def settle(self) -> float:
        """Relations are as a run before left them; how long counting took."""
        started = time.perf_counter()
        async with daily_transactions(self._bus.transaction, self._profiles)() as transaction:
            await transaction.count_relations()
            await transaction.looked_at("~")
        return round(time.perf_counter() - started, 1)

    async def roll(self, day: int) -> dict[str, float]:
        """One day further; what it took."""
        started = time.perf_counter()
        run = DailyRun(daily_transactions(self._bus.transaction, self._profiles), alone, self._book)
        state = await run(day)
        seconds = time.perf_counter() - started
        return {"seconds": round(seconds, 1), "looked_at": state.entities, "changed": state.changed}

    async def size(self) -> tuple[int, int]:
        """Entities and facts."""
        async with self._bus.engine.connect() as connection:
            await connection.execute(text("set local statement_timeout = 0"))
            row = (
                await connection.execute(
                    text("select (select count(*) from entity), (select count(*) from fact)")
                )
            ).one()
            await connection.execute(text("commit"))
            return row[0], row[1]


@asynccontextmanager
async def bench_city() -> AsyncIterator[City]:
    """An empty city on a local PostgreSQL and Kafka, which are started and ended."""
    stack, book, name = Stack("bench-roll"), settings.rule_book(), "profiling_roll"
    await stack.up(services=False)
    try:
        await databases.create(stack.admin_database_url, name)
        await topics.create(stack.kafka, ["creditloop.profiling.v1"], partitions=4)
        url = databases.url_of(stack.admin_database_url, name)
        await upgrade(url, settings.MIGRATIONS)
        bus = Bus(
            service="profiling",
            database_url=url,
            bootstrap_servers=stack.kafka,
            partitions=4,
            on_connect=tables.ON_CONNECT,
        )
        async with bus:
            await begin_calendar(bus.engine, FIRST_DAY)
            yield City(bus, book)
    finally:
        await stack.destroy()


async def bench(entities: int, originals: int, days: int, seed: int) -> dict[str, Any]:
    """The figures."""
    async with bench_city() as city:
        await city.found(originals, seed)
        first = as_day(FIRST_DAY) + 1
        print(f"histories recorded; the originals' first night {await city.roll(first)}", flush=True)
        await city.multiply(entities // originals - 1)
        there, facts = await city.size()
        print(f"{there} entities, {facts} facts", flush=True)
        count_s = await city.settle()
        print(f"relations counted for the first time in {count_s} s", flush=True)
        each = []
        for day in range(first + 1, first + 1 + days):
            each.append(await city.roll(day))
            print(f"day {each[-1]}", flush=True)
    return {
        "entities": there,
        "facts": facts,
        "indicators": settings.rule_book().catalogue.width,
        "first_count_s": count_s,
        "days": each,
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entities", type=int, default=4_000_000)
    parser.add_argument("--originals", type=int, default=20_000)
    parser.add_argument("--days", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    print(json.dumps(asyncio.run(bench(asked.entities, asked.originals, asked.days, asked.seed))))


if __name__ == "__main__":
    main()
