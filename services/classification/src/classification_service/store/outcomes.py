"""Outcomes on PostgreSQL: one statement per step, whatever the size of the batch."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from classification_service.model.review import (
    REPORTED,
    Evidence,
    InspectionResult,
    KnownBefore,
    Outcome,
    Withdrawal,
)

_EPOCH = date(1970, 1, 1)
_KNOWN_BEFORE = text("""
    select visit.result_id, known.number, coalesce(known.class, ''), known.score, coalesce(known.model_id, ''),
           known.sparse_values, known.catalogue_version, known.business_day, known.business_day - known.established_on,
           coalesce(known.sectors, 0), coalesce(state.area_code, ''), coalesce(state.industry, ''),
           coalesce(state.entity_type, '')
    from unnest(
        cast(:result_id as text[]), cast(:uscc as text[]), cast(:expected as text[]),
        cast(:occurred_at as timestamptz[]), cast(:occurred_on as date[])
    ) as visit (result_id, uscc, expected, occurred_at, occurred_on)
    left join state on state.uscc = visit.uscc
    left join lateral (
        select number, class, score, model_id, sparse_values, catalogue_version, business_day, established_on, sectors
        from decisions_of(visit.uscc)
        where decided_at < visit.occurred_at and recorded_at < visit.occurred_at
          and business_day <= visit.occurred_on and (visit.expected is null or class = visit.expected)
        order by number desc limit 1
    ) known on true
""")
_ADD_OUTCOMES = text("""
    insert into review_result (
        result_id, uscc, class_at_draw, stratum, probability, item, is_problem, in_denominator, area_code, industry,
        occurred_on, occurred_at, codes, inspectors, decision_number, score, model_id, ownership, size, age, member_of,
        sparse_values, catalogue_version, business_day, age_days, sectors
    )
    select result_id, uscc, class_at_draw, stratum, probability, item, is_problem, in_denominator, area_code, industry,
           occurred_on, occurred_at, string_to_array(codes, ','), string_to_array(inspectors, E'\n'), decision_number,
           score, model_id, ownership, size, age, member_of, sparse_values, catalogue_version, business_day, age_days,
           sectors
    from unnest(
        cast(:result_id as text[]), cast(:uscc as text[]), cast(:class_at_draw as text[]), cast(:stratum as text[]),
        cast(:probability as double precision[]), cast(:item as text[]), cast(:is_problem as boolean[]),
        cast(:in_denominator as boolean[]), cast(:area_code as text[]), cast(:industry as text[]),
        cast(:occurred_on as date[]), cast(:occurred_at as timestamptz[]), cast(:codes as text[]),
        cast(:inspectors as text[]),
        cast(:decision_number as integer[]), cast(:score as real[]), cast(:model_id as text[]),
        cast(:ownership as text[]), cast(:size as text[]), cast(:age as text[]), cast(:member_of as integer[]),
        cast(:sparse_values as bytea[]), cast(:catalogue_version as integer[]), cast(:business_day as date[]),
        cast(:age_days as integer[]), cast(:sectors as integer[])
    ) as told (
        result_id, uscc, class_at_draw, stratum, probability, item, is_problem, in_denominator, area_code, industry,
        occurred_on, occurred_at, codes, inspectors, decision_number, score, model_id, ownership, size, age, member_of,
        sparse_values, catalogue_version, business_day, age_days, sectors
    )
    on conflict (result_id) do nothing
""")
_ADD_WITHDRAWALS = text("""
    insert into review_withdrawal (result_id, withdrawn_by, how, recorded_at)
    select * from unnest(
        cast(:result_id as text[]), cast(:withdrawn_by as text[]), cast(:how as text[]),
        cast(:recorded_at as timestamptz[])
    )
    on conflict (result_id) do nothing
""")
_JOINED = Outcome._fields[1:-1]


async def known_before(
    connection: AsyncConnection, results: Sequence[InspectionResult]
) -> Mapping[str, KnownBefore]:
    """See `ports.UnitOfWork`."""
    rows = await connection.execute(
        _KNOWN_BEFORE,
        {
            "result_id": [each.result_id for each in results],
            "uscc": [each.uscc for each in results],
            "expected": [None if each.stratum == REPORTED else each.class_at_draw for each in results],
            "occurred_at": [_instant(each.occurred_at_ms) for each in results],
            "occurred_on": [_day(each) for each in results],
        },
    )
    return {row[0]: _known(tuple(row)) for row in rows}


async def add_outcomes(connection: AsyncConnection, outcomes: Sequence[Outcome]) -> None:
    """See `ports.UnitOfWork`."""
    columns: dict[str, list[Any]] = {
        name: [getattr(each.result, name) for each in outcomes]
        for name in InspectionResult._fields
        if name not in {"occurred_on_day", "occurred_at_ms", "codes", "inspectors"}
    }
    columns |= {name: [getattr(each, name) for each in outcomes] for name in _JOINED}
    columns |= {name: [getattr(each.evidence, name) for each in outcomes] for name in Evidence._fields}
    columns["occurred_on"] = [_day(each.result) for each in outcomes]
    columns["occurred_at"] = [_instant(each.result.occurred_at_ms) for each in outcomes]
    columns["codes"] = [",".join(each.result.codes) for each in outcomes]
    columns["inspectors"] = ["\n".join(each.result.inspectors) for each in outcomes]
    await connection.execute(_ADD_OUTCOMES, columns)


async def add_withdrawals(connection: AsyncConnection, withdrawals: Sequence[Withdrawal]) -> None:
    """See `ports.UnitOfWork`."""
    columns: dict[str, list[Any]] = {
        name: [getattr(each, name) for each in withdrawals] for name in ("result_id", "withdrawn_by", "how")
    }
    columns["recorded_at"] = [_instant(each.recorded_at_ms) for each in withdrawals]
    await connection.execute(_ADD_WITHDRAWALS, columns)


def _known(row: tuple[Any, ...]) -> KnownBefore:
    decision, evidence, standing = row[1:5], row[5:10], row[10:]
    return KnownBefore(*decision, Evidence(*evidence), *standing)  # type: ignore[call-arg]  # as many as are asked for


def _instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _day(result: InspectionResult) -> date:
    return _EPOCH + timedelta(days=result.occurred_on_day)
