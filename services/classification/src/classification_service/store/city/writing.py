"""Writes what a stretch came to: states that are otherwise, and blocks of classes and decisions."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from eventbus import Transaction, copying
from sqlalchemy import text

from classification_service.errors import MovedMeanwhile
from classification_service.model.city import Booleans, JudgedAnew, Standing
from classification_service.store.city import arrays

BLOCK = 4096
"""Entities in a block: small enough to be read for one of them, large enough to be written quickly."""
_STAGED = (
    *("place", "uscc", "version", "number", "score", "class", "flags", "override", "model"),
    *("next_number", "change", "sectors"),
)
_BLOCKS = (
    *("run_id", "first_uscc", "last_uscc", "business_day", "decided_at", "set_code"),
    *("usccs", "classes", "scores", "flags", "sectors", "numbers", "is_decided", "decisions"),
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
_EPOCH = date(1970, 1, 1)
_ZSTANDARD = pa.ipc.IpcWriteOptions(compression="zstd")


async def update_states(
    transaction: Transaction, standing: Standing, anew: JudgedAnew, moved: Booleans
) -> None:
    """The states of those that moved are as they are now.

    Raises:
        MovedMeanwhile: One of them is not as it was read.
    """
    count = int(moved.sum())
    if not count:
        return
    await transaction.copy("city_staged", _STAGED, _staged(standing, anew, moved))
    connection = transaction.connection
    await connection.execute(_BY_PLACE)
    values = {
        "day": _EPOCH + timedelta(days=anew.business_day),
        "overrides": list(anew.overrides),
        "models": list(anew.models),
        "catalogue_version": anew.catalogue_version,
        "set_code": anew.set_code,
    }
    updated = await connection.execute(_UPDATE, values)
    if updated.rowcount != count:
        raise MovedMeanwhile(count - updated.rowcount)


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
    decisions = _decisions(standing, anew)
    starts = range(0, len(standing.usccs), BLOCK)
    slices = [slice(start, start + BLOCK) for start in starts]
    first = [standing.usccs[start].decode() for start in starts]
    last = [standing.usccs[each][-1].decode() for each in slices]
    letters = np.frombuffer(b" ABCD", np.uint8)[anew.risk_class]
    rows = copying.stream(
        [
            copying.int8([run_id] * len(slices)),
            copying.text(first),
            copying.text(last),
            copying.date([anew.business_day] * len(slices)),
            copying.timestamptz([anew.decided_at_ms] * len(slices)),
            copying.text([anew.set_code] * len(slices)),
            copying.bytea([arrays.texts(standing.usccs[each]) for each in slices]),
            copying.bytea([letters[each].tobytes() for each in slices]),
            copying.bytea([arrays.reals(anew.score[each]) for each in slices]),
            copying.bytea([arrays.smallints(anew.flags[each]) for each in slices]),
            copying.bytea([arrays.integers(anew.sectors[each]) for each in slices]),
            copying.bytea([arrays.integers(anew.decision_number[each]) for each in slices]),
            copying.bytea([arrays.booleans(decided[each]) for each in slices]),
            copying.bytea([_ipc(decisions[each].filter(pa.array(decided[each]))) for each in slices]),
        ]
    )
    return _BLOCKS, rows


def _decisions(standing: Standing, anew: JudgedAnew) -> Any:
    """What a decision says that the block does not say anyhow, one row per entity."""
    lengths = np.maximum(standing.counts, 0) * 6
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
    values = pa.Array.from_buffers(
        pa.binary(), len(lengths), [None, pa.py_buffer(offsets), pa.py_buffer(standing.packed)]
    )
    label = pa.array(standing.label)
    return pa.RecordBatch.from_pydict(
        {
            "profile_version": pa.array(standing.profile_version),
            "recorded_at_us": pa.array(standing.recorded_at_us),
            "values": values,
            "catalogue_version": pa.array(standing.catalogue_version),
            "score_class": pa.array(anew.verdicts.score_class),
            "override_code": arrays.words(anew.override, anew.overrides),
            "model_id": arrays.words(anew.model, anew.models),
            "previous_class": pa.array(standing.risk_class),
            "established_on": pa.array(standing.established_on),
            "status": pa.DictionaryArray.from_arrays(label, pa.array(standing.of_label("status"))),
        }
    )


def _ipc(batch: Any) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema, options=_ZSTANDARD) as writer:
        writer.write_batch(batch)
    found: bytes = sink.getvalue().to_pybytes()
    return found
