"""Reads a stretch of the city with one statement, as arrays."""

from typing import Any

import numpy as np
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from classification_service.model.city import Label, Standing, Stretch
from classification_service.model.judgement import Integers

_USCC = "S18"
_NUMBERS = np.dtype(
    [
        *(("profile_version", ">i8"), ("score", ">f4"), ("risk_class", "S1"), ("flags", ">i2")),
        *(("decision_number", ">i4"), ("change_number", ">i4"), ("sectors", ">i4"), ("business_day", ">i4")),
        *(("established_on", ">i4"), ("recorded_at_us", ">i8"), ("catalogue_version", ">i4")),
        *(("bytes", ">i4"), ("place", "V6")),
    ]
)
"""As the statement below puts the numbers of an entity one after the other, as PostgreSQL sends them."""
_SELECT = r"""
    select string_agg(uscc, '') as usccs, string_agg(sparse_values, ''::bytea) as packed,
        string_agg(concat_ws(e'\x1f', override_code, area_code, industry, entity_type, status, model_id, set_code),
                   e'\x1e') as labels,
        string_agg(int8send(profile_version) || float4send(score) || class::bytea || int2send(flags)
            || int4send(decision_number) || int4send(change_number) || int4send(sectors) || date_send(business_day)
            || coalesce(date_send(established_on), '\x80000000'::bytea) || timestamptz_send(recorded_at)
            || int4send(catalogue_version) || int4send(coalesce(octet_length(sparse_values), -1))
            || tidsend(ctid), ''::bytea) as numbers
    from (select *, ctid from state where {chosen} order by uscc {lock}) as stretch
"""
_STRETCH = text(_SELECT.format(chosen="uscc > :after and uscc <= :up_to", lock=""))
_ANEW = text(_SELECT.format(chosen="uscc = any(cast(:usccs as text[]))", lock="for update skip locked"))
_POSTGRES_EPOCH_DAYS = 10_957  # 2000-01-01
_UNKNOWN_DAY = -(2**31)
_ENTRY_BYTES = 6


async def read(connection: AsyncConnection, stretch: Stretch) -> Standing:
    """The entities of the stretch as they stand, in order of USCC."""
    values = {"after": stretch.after, "up_to": stretch.up_to}
    return _standing((await connection.execute(_STRETCH, values)).one())


async def anew(connection: AsyncConnection, usccs: list[str]) -> Standing:
    """These entities as they stand now, in order of USCC, locked; without those that another transaction holds."""
    return _standing((await connection.execute(_ANEW, {"usccs": usccs})).one())


def _standing(row: Any) -> Standing:
    numbers = np.frombuffer(row.numbers or b"", _NUMBERS)
    labels, label = _labels(row.labels, len(numbers))
    established = _native(numbers["established_on"])
    lengths = _native(numbers["bytes"])
    return Standing(
        usccs=np.frombuffer((row.usccs or "").encode(), _USCC),
        profile_version=_native(numbers["profile_version"]),
        score=numbers["score"].astype(np.float64),
        risk_class=(np.ascontiguousarray(numbers["risk_class"]).view(np.uint8) - 64).astype(np.int8),
        flags=_native(numbers["flags"]),
        decision_number=_native(numbers["decision_number"]),
        change_number=_native(numbers["change_number"]),
        sectors=_native(numbers["sectors"]),
        business_day=_native(numbers["business_day"]) + np.int32(_POSTGRES_EPOCH_DAYS),
        established_on=np.where(
            established == _UNKNOWN_DAY, established, established + np.int32(_POSTGRES_EPOCH_DAYS)
        ),
        recorded_at_us=_native(numbers["recorded_at_us"]),
        catalogue_version=_native(numbers["catalogue_version"]),
        label=label,
        labels=labels,
        counts=np.where(lengths < 0, -1, lengths // _ENTRY_BYTES),
        packed=bytes(row.packed or b""),
        places=np.ascontiguousarray(numbers["place"]),
    )


def _native(column: Any) -> Integers:
    native: Integers = column.astype(column.dtype.newbyteorder("="))
    return native


def _labels(joined: str | None, size: int) -> tuple[list[Label], Integers]:
    """The different labels, and which each entity has.

    Raises:
        ValueError: A code holds a control character.
    """
    texts = joined.split("\x1e") if joined is not None else []
    numbers: dict[str, int] = {}
    label = np.fromiter((numbers.setdefault(each, len(numbers)) for each in texts), np.int32, len(texts))
    parts = [each.split("\x1f") for each in numbers]
    if len(texts) != size or any(len(each) != len(Label._fields) for each in parts):
        raise ValueError("a code of an entity holds a control character")
    return [Label(*each) for each in parts], label
