"""Writes what a stretch came to: states that are otherwise, and blocks of classes and decisions."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from eventbus import Transaction, copying
from sqlalchemy import text
from vocabulary.sparse_values import ENTRY

from classification_service.model.city import Booleans, JudgedAnew, Standing
from classification_service.model.judgement import Integers
from classification_service.store.city import arrays

BLOCK = 1024
"""Entities in a block: small enough to be read for one of them, large enough to be written quickly."""
_STAGED = (
    *("place", "uscc", "version", "number", "score", "class", "flags", "override", "model"),
    *("next_number", "change", "sectors"),
)
_BLOCKS = (
    *(
        "run_id",
        "business_day",
        "decided_at",
        "set_code",
        "catalogue_version",
        "overrides",
        "models",
        "statuses",
    ),
    *("first_uscc", "last_uscc", "packed"),
    *("usccs", "classes", "scores", "flags", "sectors", "numbers", "is_judged", "is_decided", "of_days"),
    *("previous_classes", "score_classes", "profile_versions", "recorded_at", "established_on"),
    *("override", "model", "status", "starts", "sizes"),
)
_BY_PLACE = text(
    "select set_config(name, 'off', true) from unnest(array['enable_hashjoin', 'enable_mergejoin']) name"
)
_UPDATE = text("""
    update state set business_day = :day, score = staged.score, class = substr('ABCD', staged.class, 1),
        flags = staged.flags, override_code = (cast(:overrides as text[]))[staged.override + 1],
        model_id = (cast(:models as text[]))[staged.model + 1], previous_version = state.profile_version,
        previous_decision = staged.number, decision_number = staged.next_number, change_number = staged.change,
        sectors = staged.sectors, catalogue_version = :catalogue_version, set_code = :set_code
    from city_staged as staged
    where state.ctid = staged.place and state.uscc = staged.uscc and state.profile_version = staged.version
        and state.decision_number = staged.number
""")
_MISSED = text("""
    select staged.uscc from city_staged staged left join state on state.uscc = staged.uscc
    where state.xmin is distinct from pg_current_xact_id()::xid order by staged.uscc
""")
"""Whoever was updated carries the number of this transaction."""
_EMPTY = text("truncate city_staged")
_EPOCH = date(1970, 1, 1)


async def update_states(
    transaction: Transaction, standing: Standing, anew: JudgedAnew, moved: Booleans
) -> list[str]:
    """The states of those that moved are as they are now; gives those that were no more as they were read."""
    count = int(moved.sum())
    if not count:
        return []
    connection = transaction.connection
    await connection.execute(_EMPTY)
    await transaction.copy("city_staged", _STAGED, _staged(standing, anew, moved))
    await connection.execute(_BY_PLACE)
    values = {
        "day": _EPOCH + timedelta(days=anew.business_day),
        "overrides": list(anew.overrides),
        "models": list(anew.models),
        "catalogue_version": anew.catalogue_version,
        "set_code": anew.set_code,
    }
    updated = await connection.execute(_UPDATE, values)
    return [] if updated.rowcount == count else list((await connection.execute(_MISSED)).scalars())


def _staged(standing: Standing, anew: JudgedAnew, moved: Booleans) -> bytes:
    return copying.stream(
        [
            arrays.fixed(standing.places[moved]),
            arrays.fixed(standing.usccs[moved]),
            copying.int8(standing.profile_version[moved]),
            copying.int4(standing.decision_number[moved]),
            copying.float4(anew.score[moved]),
            copying.int4(anew.risk_class[moved]),
            copying.int2(anew.flags[moved]),
            copying.int2(anew.override[moved]),
            copying.int2(anew.model[moved]),
            copying.int4(anew.decision_number[moved]),
            copying.int4(anew.change_number[moved]),
            copying.int4(anew.sectors[moved]),
        ]
    )


def blocks(
    run_id: int, standing: Standing, anew: JudgedAnew, decided: Booleans
) -> tuple[tuple[str, ...], bytes]:
    """The columns of `monthly_block` and the rows of this stretch; `decided` are those whose decision is kept here."""
    slices = [slice(start, start + BLOCK) for start in range(0, len(standing.usccs), BLOCK)]
    statuses, status = _statuses(standing)
    same = _same(run_id, anew, statuses, len(slices))
    entries, sizes = _values(standing, decided)
    starts = np.cumsum(sizes) - sizes
    firsts = starts[::BLOCK]
    packed = [entries[first:end] for first, end in zip(firsts, [*firsts[1:], None], strict=False)]
    own = [
        copying.text([standing.usccs[each][0].decode() for each in slices]),
        copying.text([standing.usccs[each][-1].decode() for each in slices]),
        copying.bytea(packed),
    ]
    of_each = [
        *_arrays(standing, anew, decided),
        (arrays.smallints, status),
        (arrays.integers, starts - np.repeat(firsts, BLOCK)[: len(starts)]),
        (arrays.smallints, sizes),
    ]
    kept = [copying.bytea([as_array(column[each]) for each in slices]) for as_array, column in of_each]
    return _BLOCKS, copying.stream([*same, *own, *kept])


def _same(run_id: int, anew: JudgedAnew, statuses: Sequence[str], size: int) -> list[copying.Column]:
    """What all blocks of the stretch have in common."""
    words = (anew.overrides, anew.models, statuses)
    return [
        copying.int8([run_id] * size),
        copying.date([anew.business_day] * size),
        copying.timestamptz([anew.decided_at_ms] * size),
        copying.text([anew.set_code] * size),
        copying.int4([anew.catalogue_version] * size),
        *(copying.bytea([arrays.dictionary(each)] * size) for each in words),
    ]


def _statuses(standing: Standing) -> tuple[list[str], Integers]:
    named, of_label = np.unique(standing.of_label("status"), return_inverse=True)
    return named.tolist(), of_label[standing.label]


def _values(standing: Standing, decided: Booleans) -> tuple[bytes, Integers]:
    """The values of those that are decided, one entity after the other, and how many bytes each has."""
    counts = np.maximum(standing.counts, 0)
    entries = np.frombuffer(standing.packed, ENTRY)[np.repeat(decided, counts)]
    return entries.tobytes(), np.where(decided, counts, 0).astype(np.int64) * ENTRY.itemsize


def _letters(classes: Integers) -> bytes:
    return np.frombuffer(b" ABCD", np.uint8)[classes].tobytes()


def _arrays(
    standing: Standing, anew: JudgedAnew, decided: Booleans
) -> list[tuple[Callable[[Any], bytes], Any]]:
    """How each column of a block is packed, in the order of `_BLOCKS`, with its value for every entity."""
    return [
        (arrays.texts, standing.usccs),
        (_letters, anew.risk_class),
        (arrays.reals, anew.score),
        (arrays.smallints, anew.flags),
        (arrays.integers, anew.sectors),
        (arrays.integers, anew.decision_number),
        (arrays.booleans, anew.judged),
        (arrays.booleans, decided),
        (arrays.dates, anew.of_day),
        (_letters, standing.risk_class),
        (_letters, anew.verdicts.score_class),
        (arrays.bigints, standing.profile_version),
        (arrays.timestamps, standing.recorded_at_us),
        (arrays.dates, standing.established_on),
        (arrays.smallints, anew.override),
        (arrays.smallints, anew.model),
    ]
