# ruff: noqa: INP001 - a script, not a package
"""What the statistics of sectors and a review cost, over random entities and outcomes on a real PostgreSQL.

    python services/classification/benchmarks/reviews.py [--entities 200000] [--decisions 2] [--outcomes 100000]

Prints seconds, the best of three.
"""

import argparse
import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from classification_service.model.review import ReviewScope
from classification_service.model.sectors import SECTORS
from classification_service.rules.choosing import ScorerSet
from classification_service.rules.reviewing.summary import Context, summary_of
from classification_service.rules.scoring import Scorer
from classification_service.rules.sector_matters import matters_of
from classification_service.store import packs
from classification_service.store.review_reads import ReviewReads
from classification_service.store.schema import migrate
from classification_service.store.sector_reads import SectorReads
from eventbus import Bus
from localstack.postgres import databases
from localstack.stack import Stack
from vocabulary.sparse_values import pack

_AT = datetime(2026, 5, 1, tzinfo=UTC)
_DAY = date(2026, 5, 1)
_LETTERS = np.array(["A", "B", "C", "D"])
_MIX = (0.6, 0.3, 0.08, 0.02)
_ITEMS = 24
_ODDS = {True: ("uniform", 0.03), False: ("class:A", 0.2)}
_CHUNK = 20_000
_VIEWED = 3


def _uscc(number: int) -> str:
    return f"91510104YY{number:08d}"


def _values(random: np.random.Generator, count: int) -> list[bytes]:
    """Some thirty values each; one in seven is a member of some sector."""
    catalogue = packs.shipped_catalogue()
    dense = np.where(random.random((count, len(catalogue.indicators))) < 0.2, random.integers(1, 9, 1), 0)
    members = [catalogue.positions[sector.member] for sector in SECTORS]
    dense[:, min(members) :] = 0
    dense[:, members] = random.random((count, len(members))) < 0.02
    return pack(dense.astype(np.float32))


async def _fill(url: str, entities: int, decisions: int, outcomes: int) -> None:
    random = np.random.default_rng(1)
    async with databases.connected(url) as connection:
        for start in range(0, entities, _CHUNK):
            usccs = [_uscc(number) for number in range(start, min(start + _CHUNK, entities))]
            letters = random.choice(_LETTERS, len(usccs), p=_MIX)
            await connection.copy_records_to_table(
                "state", records=_states(usccs, letters, decisions, random), columns=_STATE
            )
            for number in range(1, decisions + 1):
                rows = _decisions(usccs, letters, number, random)
                await connection.copy_records_to_table("decision", records=rows, columns=_DECISION)
        usccs = [_uscc(number) for number in random.integers(0, entities, outcomes).tolist()]
        rows = _outcomes(usccs, random)
        await connection.copy_records_to_table("review_result", records=rows, columns=_OUTCOME)
        await connection.execute("analyze")


def _states(
    usccs: list[str], letters: Any, decisions: int, random: np.random.Generator
) -> list[tuple[Any, ...]]:
    head = (0, 1, _DAY, _AT)
    values = _values(random, len(usccs))
    return [
        (
            uscc,
            *head,
            300.0,
            str(letter),
            0,
            decisions,
            1,
            "",
            _area(place),
            "F51",
            "1100",
            "active",
            "g@1",
            _sectors(random, place),
            values[place],
            2,
            _DAY - timedelta(days=3000),
        )
        for place, (uscc, letter) in enumerate(zip(usccs, letters, strict=True))
    ]


def _sectors(random: np.random.Generator, place: int) -> int:
    """One in seven is graded in a sector."""
    return int(random.integers(1, 5)) << 3 * (place % len(SECTORS)) if place % 7 == 0 else 0


_STATE = (
    *(
        "uscc",
        "previous_version",
        "profile_version",
        "business_day",
        "recorded_at",
        "score",
        "class",
        "flags",
    ),
    *("decision_number", "change_number", "override_code", "area_code", "industry", "entity_type", "status"),
    *("model_id", "sectors", "sparse_values", "catalogue_version", "established_on"),
)
_DECISION = (
    *(
        "uscc",
        "number",
        "decided_at",
        "business_day",
        "recorded_at",
        "profile_version",
        "model_id",
        "sparse_values",
    ),
    *("catalogue_version", "points", "score", "class", "score_class", "flags", "override_code", "cause"),
    "previous_class",
)
_OUTCOME = (
    *("result_id", "uscc", "class_at_draw", "stratum", "probability", "item", "is_problem", "in_denominator"),
    *(
        "area_code",
        "industry",
        "occurred_on",
        "occurred_at",
        "codes",
        "score",
        "model_id",
        "ownership",
        "member_of",
    ),
)


def _decisions(
    usccs: list[str], letters: Any, number: int, random: np.random.Generator
) -> list[tuple[Any, ...]]:
    values = _values(random, len(usccs))
    points = random.integers(0, 3, (len(usccs), _ITEMS)).astype(float).tolist()
    day = _DAY - timedelta(days=200 - 90 * number)
    when = (_AT, day, _AT, number, "g@1")
    rest = (0, "", "market|fact")
    rows = zip(usccs, letters.tolist(), values, points, strict=True)
    return [
        (uscc, number, *when, sparse, 2, given, 300.0, letter, letter, *rest, "" if number == 1 else letter)
        for uscc, letter, sparse, given in rows
    ]


def _outcomes(usccs: list[str], random: np.random.Generator) -> list[tuple[Any, ...]]:
    letters = random.choice(_LETTERS, len(usccs), p=_MIX)
    uniform = random.random(len(usccs)) < 0.5
    problems = random.random(len(usccs)) < np.searchsorted(_LETTERS, letters) * 0.1 + 0.03
    masks = np.where(random.random(len(usccs)) < 0.2, random.integers(1, 256, len(usccs)), 0)
    rows = zip(usccs, letters.tolist(), uniform.tolist(), problems.tolist(), masks.tolist(), strict=True)
    rest = ("F51", _DAY, _AT, ["corrected"])
    return [
        (
            *_visit(place, uscc, letter, alike),
            problem,
            True,
            _area(place),
            *rest,
            300.0,
            "g@1",
            "enterprise",
            mask,
        )
        for place, (uscc, letter, alike, problem, mask) in enumerate(rows)
    ]


def _visit(place: int, uscc: str, letter: str, alike: bool) -> tuple[Any, ...]:  # noqa: FBT001 - a drawn kind
    return f"r-{place}", uscc, letter, *_ODDS[alike], "a,b"


def _area(number: int) -> str:
    return f"5101{number % 23:02d}"


async def _best_s(ask: Callable[[], Awaitable[Any]]) -> float:
    taken = []
    for _ in range(_VIEWED):
        started = time.perf_counter()
        await ask()
        taken.append(time.perf_counter() - started)
    return round(min(taken), 3)


async def _measure(bus: Bus) -> dict[str, float]:
    sectors, reviews = SectorReads(bus.engine, packs.shipped_widths()), ReviewReads(bus.engine)
    catalogue = packs.shipped_catalogue()
    newest = {model.code: model for model in packs.shipped_models(catalogue)}
    scorers = ScorerSet([Scorer(model, catalogue) for model in newest.values()])

    async def matters() -> None:
        matters_of([(some, scorers) for some in await sectors.at_risk(None)])

    async def summary() -> None:
        evidence = await reviews.evidence(ReviewScope())
        summary_of(evidence, Context(evidence, None))

    return {
        "sector_mix_s": await _best_s(lambda: sectors.mix("area", None)),
        "sector_matters_s": await _best_s(matters),
        "sector_rates_s": await _best_s(lambda: reviews.tallies("sector", ReviewScope(uniform_only=True))),
        "summary_s": await _best_s(summary),
        "moves_s": await _best_s(lambda: reviews.moves(_DAY - timedelta(days=90), _DAY, None)),
        "scores_s": await _best_s(lambda: reviews.scores_on(_DAY, None)),
    }


async def _run(entities: int, decisions: int, outcomes: int) -> None:
    stack = Stack("test")
    await stack.up(services=False)
    name = f"reviews_{os.getpid()}"
    await databases.create(stack.admin_database_url, name)
    url = databases.url_of(stack.admin_database_url, name)
    await migrate(url)
    bus = Bus(service="classification", database_url=url, bootstrap_servers="")
    try:
        await _fill(url, entities, decisions, outcomes)
        sizes = {"entities": entities, "decisions": entities * decisions, "outcomes": outcomes}
        print(json.dumps(sizes | await _measure(bus)))  # noqa: T201 - its answer
    finally:
        await bus.engine.dispose()
        await databases.drop(stack.admin_database_url, name)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entities", type=int, default=200_000)
    parser.add_argument("--decisions", type=int, default=2, help="of each entity")
    parser.add_argument("--outcomes", type=int, default=100_000)
    arguments = parser.parse_args()
    asyncio.run(_run(arguments.entities, arguments.decisions, arguments.outcomes))
