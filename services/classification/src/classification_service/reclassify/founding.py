"""A fictional city in the books: judged, with outcomes of visits and decisions of people."""

from datetime import date, timedelta

import numpy as np
from eventbus import Bus, copying
from sqlalchemy import text

from classification_service.model.city import JudgedAnew, Standing
from classification_service.reclassify.fiction import DAY, Fiction, chunks
from classification_service.rules.choosing import ScorerSet
from classification_service.rules.judging import NO_INTERVENTIONS
from classification_service.rules.judging_city import Run, judged_anew, values_of
from classification_service.store.city import arrays
from classification_service.store.columns import STATE_COLUMNS
from classification_service.store.in_force import moved

CHUNK = 65_536
_EPOCH = date(1970, 1, 1)
_DECIDED_BEFORE = text("""
    insert into decision (uscc, number, decided_at, business_day, recorded_at, profile_version, model_id, points,
        score, class, score_class, flags, override_code, cause, previous_class, sparse_values, catalogue_version,
        sectors, set_code, established_on, status)
    select uscc, 1, business_day, business_day, recorded_at, profile_version, model_id, array[score], score, class,
        case when override_code = '' then class when class = 'A' then 'B' else 'A' end, flags, override_code, 'bench',
        '', sparse_values, catalogue_version, sectors, set_code, established_on, status
    from state where abs(hashtext(uscc)::bigint) % :every = 0
""")
_VISITED = text("""
    insert into review_result (result_id, uscc, class_at_draw, stratum, probability, item, is_problem,
        in_denominator, area_code, industry, occurred_on, decision_number, score, model_id, member_of,
        sparse_values, catalogue_version, business_day, age_days, sectors)
    select 'bench-' || uscc, uscc, class, 'uniform', 0.03, 'bench',
        abs(hashtext(uscc || 'found')::bigint) % 100 < 3 * ascii(class) - 192, true,
        area_code, industry, business_day + 5, 1, score, model_id,
        (select sum((sectors >> 3 * place & 7 > 0)::integer << place) from generate_series(0, 9) place),
        decision.sparse_values, decision.catalogue_version, business_day, business_day - decision.established_on,
        sectors
    from decision join state using (uscc, class, score, business_day, model_id, sectors)
""")
_ADJUSTED = text("""
    insert into intervention (uscc, kind, class, indicator, reason, evidence, expires_on, state, proposed_by,
        proposed_at, decided_by, decided_at, moved_in)
    select uscc, 'manual', 'C', '', 'bench', '{}', :expires, 'in_force', 'bench', now(), 'another', now(),
        (select generation + 1 from standing)
    from state where abs(hashtext(uscc)::bigint) % :every = 1
""")


async def found(bus: Bus, fiction: Fiction, live: ScorerSet, entities: int) -> None:
    """The city is there, judged by the models in force."""
    for number, first, size in chunks(entities, CHUNK):
        standing = fiction.chunk(number, size, first)
        run = Run(DAY - 20, 0, live, NO_INTERVENTIONS)
        anew = judged_anew(standing, values_of(standing, live.width), run)
        async with bus.transaction() as transaction:
            await transaction.copy("state", STATE_COLUMNS, _states(standing, anew))


async def have_a_past(bus: Bus, one_visited_in: int, one_adjusted_in: int) -> tuple[int, int]:
    """About one in so many was visited, and of one in so many a person set the class; how many they are."""
    async with bus.transaction() as transaction:
        connection = transaction.connection
        await connection.execute(_DECIDED_BEFORE, {"every": one_visited_in})
        visited = (await connection.execute(_VISITED)).rowcount
        values = {"every": one_adjusted_in, "expires": _EPOCH + timedelta(days=DAY + 365)}
        adjusted = (await connection.execute(_ADJUSTED, values)).rowcount
        await moved(connection)
    return visited, adjusted


async def tidy(bus: Bus) -> None:
    """Statistics are known and pages written, as they are in a table that has been there for long."""
    async with bus.engine.connect() as connection:
        driver = await connection.execution_options(isolation_level="AUTOCOMMIT")
        for statement in (
            "set statement_timeout = 0",
            "vacuum analyze state",
            "analyze decision",
            "analyze review_result",
            "checkpoint",
            "reset statement_timeout",
        ):
            await driver.execute(text(statement))


def _states(standing: Standing, anew: JudgedAnew) -> bytes:
    columns = _numbers(standing, anew) | _codes(standing, anew)
    return copying.stream([columns[name] for name in STATE_COLUMNS])


def _numbers(standing: Standing, anew: JudgedAnew) -> dict[str, copying.Column]:
    nothing, one = np.zeros(len(standing.usccs)), np.ones(len(standing.usccs))
    letters = np.frombuffer(b" ABCD", np.uint8)[anew.risk_class].view("S1")
    return {
        "uscc": arrays.fixed(standing.usccs),
        "previous_version": copying.int8(nothing),
        "profile_version": copying.int8(standing.profile_version),
        "business_day": copying.date(standing.business_day.tolist()),
        "recorded_at": arrays.fixed(standing.recorded_at_us.astype(">i8")),
        "score": copying.float4(anew.score),
        "class": arrays.fixed(letters),
        "flags": copying.int2(anew.flags),
        "decision_number": copying.int4(one),
        "change_number": copying.int4(one),
        "previous_decision": copying.int4(nothing),
        "sectors": copying.int4(anew.sectors),
        "catalogue_version": copying.int4(standing.catalogue_version),
        "established_on": copying.date(standing.established_on.tolist()),
    }


def _codes(standing: Standing, anew: JudgedAnew) -> dict[str, copying.Column]:
    ends = (np.cumsum(standing.counts) * 6).tolist()
    values = [standing.packed[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)]
    label = standing.label.tolist()
    named = {field: standing.of_label(field) for field in ("area_code", "industry", "entity_type", "status")}
    return {
        **{field: copying.code([words[each] for each in label]) for field, words in named.items()},
        "override_code": copying.code([anew.overrides[each] for each in anew.override.tolist()]),
        "model_id": copying.code([anew.models[each] for each in anew.model.tolist()]),
        "set_code": copying.code([anew.set_code] * len(label)),
        "sparse_values": copying.bytea(values),
    }
