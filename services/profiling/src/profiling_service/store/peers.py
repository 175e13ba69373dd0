"""The bounds of peers over the whole city, and whom they may concern.

The database puts the values last told of each industry and area side by side, in one statement, group after group;
one group at a time is in memory here. Values of zero are not among them and are counted.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sqlalchemy import text
from vocabulary.sparse_values import ENTRY

from profiling_service.model.entities import EntityStatus
from profiling_service.model.signals import SignalFamily
from profiling_service.rules.peers import bound
from profiling_service.rules.windows import as_date

_USCC_WIDTH = 18
_ONE_GROUP_AT_A_TIME = text("set local enable_hashagg = off")
_GROUPS = text(f"""
    select industry, area_code, count(*) as members, string_agg(told, ''::bytea) as told,
        string_agg(uscc, '') as usccs, array_agg(length(told)) as lengths
    from (
        select left(coalesce(nullif(industry, ''), inferred_industry), 1) as industry, area_code, told, uscc from entity
        where status in ({EntityStatus.ACTIVE:d}, {EntityStatus.SUSPENDED:d}) and catalogue_version = :version
    ) there where industry <> '' and area_code <> '' group by industry, area_code having count(*) >= :fewest
""")
_FORGET = text("delete from peer_bound")
_KEEP = text("""
    insert into peer_bound (family, industry, area_code, day, members, bound)
    select kept.* from unnest(cast(:families as text[]), cast(:industries as text[]), cast(:areas as text[]),
        cast(:days as date[]), cast(:members as integer[]), cast(:bounds as real[])) as kept
""")
_NAME = text("insert into due select unnest(cast(:usccs as text[])) on conflict do nothing")
_RUNNING = text("""
    insert into due select distinct uscc from signal
    where holds and (silent or family = any(cast(:families as text[]))) on conflict do nothing
""")
_MOVE = text("update business_day set sensing = sensing + 1")


class Bound(NamedTuple):
    """The bound of a group, and who of it is above."""

    family: str
    industry: str
    area_code: str
    members: int
    bound: float
    above: list[str]


async def prepare(connection: Any, day: int, version: int, families: Sequence[SignalFamily]) -> None:
    """The bounds are those of the values last told; whom they may concern is due, and whose signals are silent."""
    kept = [found async for found in _bounds(connection, version, families)] if families else []
    await connection.execute(_FORGET)
    if kept:
        await connection.execute(_KEEP, _values(kept, day))
        await connection.execute(_NAME, {"usccs": sorted({uscc for found in kept for uscc in found.above})})
    await connection.execute(_RUNNING, {"families": [family.code for family in families]})
    await connection.execute(_MOVE)


def _values(kept: Sequence[Bound], day: int) -> dict[str, Any]:
    return {
        "families": [found.family for found in kept],
        "industries": [found.industry for found in kept],
        "areas": [found.area_code for found in kept],
        "days": [as_date(day)] * len(kept),
        "members": [found.members for found in kept],
        "bounds": [found.bound for found in kept],
    }


async def _bounds(connection: Any, version: int, families: Sequence[SignalFamily]) -> AsyncIterator[Bound]:
    await connection.execute(_ONE_GROUP_AT_A_TIME)
    values = {"version": version, "fewest": min(family.rule.peers for family in families)}
    async with connection.stream(_GROUPS, values) as groups:
        async for group in groups:
            for family in families:
                found = _of_group(group, family) if group.members >= family.rule.peers else None
                if found is not None:
                    yield found


def _of_group(group: Any, family: SignalFamily) -> Bound | None:
    reach = family.rule.reaches[0]
    entries: npt.NDArray[Any] = np.frombuffer(bytes(group.told), ENTRY)
    rows = np.flatnonzero(entries["position"] == reach.position)
    values = entries["value"][rows]
    found = bound(values, group.members - len(values), family.rule.alpha)
    if found is None:
        return None
    above = rows[(values > found) & (values >= reach.bound)]
    ends = np.cumsum(np.asarray(group.lengths) // ENTRY.itemsize)
    who = np.searchsorted(ends, above, side="right").tolist()
    usccs = [group.usccs[at * _USCC_WIDTH : (at + 1) * _USCC_WIDTH] for at in who]
    return Bound(family.code, group.industry, group.area_code, group.members, found, usccs)
