"""What people ask of the books, on PostgreSQL."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from classification_service.model.judgement import IndicatorsChanged
from classification_service.model.review import InspectionResult, ReviewScope
from classification_service.model.risk_model import Catalogue, RiskModel
from classification_service.rules.reviewing.summary import rates_by
from classification_service.store.packs import shipped_widths
from classification_service.store.reads import ClassTrail, Reads
from classification_service.store.review_reads import ReviewReads
from classification_service.use_cases.review import record_results
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

USCC = "91510104YY000001XM"
OTHER = "91510117YY0000028G"


async def test_a_decision_is_read_back_as_it_was_made(
    sql_store: Any,
    change: Callable[..., IndicatorsChanged],
    run: Callable[..., Awaitable[None]],
    general: RiskModel,
    catalogue: Catalogue,
) -> None:
    """As of any moment, byte for byte: values, points, model and cause."""
    await run(sql_store, change(1, base_capital_wan=None), at_ms=1_000)
    await run(sql_store, change(2, regulatory_abnormal_listed_now=1), at_ms=2_000)
    reads = Reads(sql_store.engine, shipped_widths())

    first = await reads.decision(USCC, datetime.fromtimestamp(1.5, UTC))
    newest = await reads.decision(USCC, None)
    none = await reads.decision(USCC, datetime.fromtimestamp(0.5, UTC))

    assert none is None
    assert (first.number, first.risk_class, first.previous_class, str(first.values[1])) == (1, "A", "", "nan")
    assert (newest.number, newest.risk_class, newest.previous_class) == (2, "C", "A")
    assert (newest.override_code, newest.score_class) == ("abnormal_listing", "A")
    assert sum(newest.points) == newest.score
    assert (newest.model_id, newest.cause) == (general.id, "market-penalties|2")


async def test_statistics_leave_out_who_is_gone(
    sql_store: Any, change: Callable[..., IndicatorsChanged], run: Callable[..., Awaitable[None]]
) -> None:
    """Cancelled and revoked firms leave the denominators."""
    await run(
        sql_store,
        change(1),
        change(1, uscc=OTHER, area_code="510117", established_on_day=20_500),
        change(1, uscc="92510107YY0000036Q", status="cancelled"),
        change(1, uscc="93510185YY0000044F", status="revoked"),
    )
    reads = Reads(sql_store.engine, shipped_widths())

    everyone = await reads.counts("none", None)
    by_area = await reads.counts("area", "510117")
    by_industry = await reads.counts("industry", None)

    assert [(count.risk_class, count.entities) for count in everyone] == [("A", 1), ("B", 1)]
    assert [(each.group, each.entities, each.under_observation) for each in by_area] == [("510117", 1, 1)]
    assert {count.group for count in by_industry} == {"H"}


async def test_tallies_count_valid_results_by_their_weight(
    sql_store: Any, result: Callable[..., InspectionResult], catalogue: Catalogue
) -> None:
    """Each valid result stands for 1/probability entities."""
    async with sql_store.open() as unit_of_work:
        await record_results(
            [
                result(1, is_problem=True, probability=0.5),
                result(2, probability=0.25),
                result(3, in_denominator=False),
                result(4, stratum="class:D", class_at_draw="D", is_problem=True, probability=1.0),
            ],
            unit_of_work,
            catalogue,
        )
    reads = ReviewReads(sql_store.engine)

    uniform = await reads.tallies("class", ReviewScope(uniform_only=True))
    everything = await reads.tallies("class", ReviewScope(area_code="510104"))
    elsewhere = await reads.tallies("industry", ReviewScope(area_code="510105"))

    assert [
        (t.group, t.results, t.valid, t.problems, t.weighted_valid, t.weighted_problems) for t in uniform
    ] == [("A", 3, 2, 1, 6.0, 2.0)]
    assert [t.group for t in everything] == ["A", "D"]
    assert elsewhere == []
    assert await sql_store.result_ids() == ["r-1", "r-2", "r-3", "r-4"]


async def test_a_visit_for_several_items_counts_for_each_of_them(
    sql_store: Any, result: Callable[..., InspectionResult], catalogue: Catalogue
) -> None:
    """综合查一次: nearly all visits are merged, and a review by item must not pass them over."""
    async with sql_store.open() as unit_of_work:
        merged, single = result(1, item="publicity,registration"), result(2, item="price")
        await record_results([merged, single], unit_of_work, catalogue)
    reads = ReviewReads(sql_store.engine)

    counts = {
        item: sum(tally.results for tally in await reads.tallies("class", ReviewScope(item=item)))
        for item in ("publicity", "registration", "price", "public")
    }

    assert counts == {"publicity": 1, "registration": 1, "price": 1, "public": 0}


async def test_the_trail_tells_each_decision(
    sql_store: Any, change: Callable[..., IndicatorsChanged], run: Callable[..., Awaitable[None]]
) -> None:
    """Whoever follows an entity reads why its class moved."""
    await run(sql_store, change(1), change(2, regulatory_abnormal_listed_now=1))
    trail = ClassTrail(Reads(sql_store.engine, shipped_widths()))

    entries = await trail.entries(USCC)

    assert await trail.area_of(USCC) == "510104"
    assert await trail.area_of("91510104YY00000A3L") is None
    judged = {"score": 165.0, "model": "general@1"}
    moved = {"previous_class": "A", "override_code": "abnormal_listing"}
    assert [(entry.kind, entry.what, entry.says) for entry in entries] == [
        ("decision", "A", judged | {"number": 1, "cause": "market-penalties|1"}),
        ("decision", "C", judged | moved | {"number": 2, "cause": "market-penalties|2"}),
    ]


@given(
    rows=st.lists(
        st.tuples(
            *(
                st.sampled_from("ABCD"),
                st.sampled_from(["510104", "510117"]),
                st.sampled_from(["a", "b", "a,b", ""]),
            ),
            *(st.booleans(), st.booleans(), st.sampled_from([0.1, 0.5, 1.0])),
        ),
        max_size=30,
    )
)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
async def test_both_ways_of_counting_agree(
    rows: list[tuple[Any, ...]],
    sql_store: Any,
    result: Callable[..., InspectionResult],
    catalogue: Catalogue,
) -> None:
    """The database groups for one route, memory for another: one outcome may not count here and not there."""
    names = ("class_at_draw", "area_code", "item", "is_problem", "in_denominator", "probability")
    results = [result(n, **dict(zip(names, row, strict=True))) for n, row in enumerate(rows)]
    async with sql_store.engine.begin() as connection:
        await connection.execute(text("truncate review_result"))
    async with sql_store.open() as unit_of_work:
        await record_results(results, unit_of_work, catalogue)
    reads = ReviewReads(sql_store.engine)

    evidence = await reads.evidence(ReviewScope())

    for by in ("class", "area", "industry", "item"):
        counted = {each.group: each for each in rates_by(evidence, by, None) if each.results}
        grouped = {each.group: each for each in await reads.tallies(by, ReviewScope())}
        assert {name: (each.results, each.valid, each.problems) for name, each in counted.items()} == {
            name: (each.results, each.valid, each.problems) for name, each in grouped.items()
        }
