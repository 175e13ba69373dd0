"""What people search by, beside the profiles: brought up to date from a list of changes, asked by pieces.

Nothing of it is on the row that every fact moves. Who has other particulars is written down with
them; a background step takes that list, so what is found is a second or two behind what is stored. It needs neither
locale nor extension of PostgreSQL: pieces of texts are numbers that we make.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from profiling_service.model.searching import Candidate, Found
from profiling_service.rules.searching.folding import folded
from profiling_service.rules.searching.grams import Ask, kept, of_area

CHUNK = 2000
_ONE_AT_A_TIME = text("select pg_try_advisory_xact_lock(hashtext('profiling.searchable'))")
_CHANGED = text("""
    with taken as (
        delete from search_due where number in (select number from search_due order by number limit :limit)
        returning uscc)
    select uscc, name, address_key, legal_person_ref, area_code from entity where uscc in (select uscc from taken)
""")
_KEEP = text("""
    insert into search (uscc, area_code, person, name, address, pieces)
    select uscc, area_code, person, name, address, cast(pieces as integer[])
    from unnest(cast(:uscc as text[]), cast(:area_code as text[]), cast(:person as text[]), cast(:name as text[]),
        cast(:address as text[]), cast(:pieces as text[])) as now (uscc, area_code, person, name, address, pieces)
    on conflict (uscc) do update set area_code = excluded.area_code, person = excluded.person, name = excluded.name,
        address = excluded.address, pieces = excluded.pieces
    where (search.area_code, search.person, search.name, search.address)
        is distinct from (excluded.area_code, excluded.person, excluded.name, excluded.address)
""")
_ALWAYS_BY_INDEX = text("set local enable_seqscan = off")
"""Of common words a scan might be quicker and is not foreseeable; by the index it stops at the limit."""
_ASKED = text("""
    select asked.field, found.uscc,
        case asked.field when 'n' then found.name when 'a' then found.address else lower(found.uscc) end as text
    from unnest(cast(:fields as text[]), cast(:pieces as text[])) as asked (field, pieces)
    cross join lateral (
        select uscc, name, address from search where search.pieces @> cast(asked.pieces as integer[]) limit :most) found
""")
_CODES = text("select uscc from entity where uscc like :code order by uscc limit :most")
_CODES_OF_AREA = text("""
    select uscc from entity where area_code = :area_code and uscc like :code order by uscc limit :most
""")
_PERSONS = text("""
    select uscc from search where person like :person and (cast(:area_code as text) is null or area_code = :area_code)
    order by person limit :most
""")
_ENTITIES = text("""
    select uscc, name, status, area_code, industry, entity_type, address, legal_person_ref from entity
    where uscc = any(cast(:usccs as text[])) and (cast(:area_code as text) is null or area_code = :area_code)
""")


async def refresh(engine: AsyncEngine, limit: int = CHUNK) -> int:
    """Up to `limit` changes are searchable; how many entities that were. One process at a time does so.

    Changes and entities are read as of one moment, and nobody else reads them meanwhile: no older state comes later.
    """
    async with engine.begin() as connection:
        if not (await connection.execute(_ONE_AT_A_TIME)).scalar_one():
            return 0
        rows = (await connection.execute(_CHANGED, {"limit": limit})).all()
        if rows:
            await _keep(connection, rows)
        return len(rows)


async def _keep(connection: AsyncConnection, rows: Sequence[Any]) -> None:
    names = [folded(row.name).text for row in rows]
    addresses = [folded(row.address_key).text for row in rows]
    pieces = [
        kept(row.uscc, name, address, row.area_code)
        for row, name, address in zip(rows, names, addresses, strict=True)
    ]
    values = {
        "uscc": [row.uscc for row in rows],
        "area_code": [row.area_code for row in rows],
        "person": [row.legal_person_ref for row in rows],
        "name": names,
        "address": addresses,
        "pieces": [_array(each) for each in pieces],
    }
    await connection.execute(_KEEP, values)


class SqlSearch:
    """`SearchReads` on the service's database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def asked(self, asks: Sequence[Ask], area_code: str | None, most: int) -> Sequence[Candidate]:
        """See `SearchReads`."""
        if not asks:
            return []
        here = frozenset() if area_code is None else frozenset({of_area(area_code)})
        values = {
            "fields": [ask.field.value for ask in asks],
            "pieces": [_array(ask.pieces | here) for ask in asks],
            "most": most,
        }
        return [Candidate(*row) for row in await self._rows(_ASKED, values)]

    async def beginning(self, code: str, person: str, area_code: str | None, most: int) -> Sequence[str]:
        """See `SearchReads`."""
        values = {"area_code": area_code, "most": most}
        rows: list[Any] = []
        if code:
            codes = values | {"code": f"{code}%"}
            rows += await self._rows(_CODES if area_code is None else _CODES_OF_AREA, codes)
        if person:
            rows += await self._rows(_PERSONS, values | {"person": f"{_literally(person)}%"})
        return [row.uscc for row in rows]

    async def entities(self, usccs: Collection[str], area_code: str | None) -> Sequence[Found]:
        """See `SearchReads`."""
        values = {"usccs": list(usccs), "area_code": area_code}
        return [Found(*row) for row in await self._rows(_ENTITIES, values)]

    async def _rows(self, query: Any, values: dict[str, Any]) -> Sequence[Any]:
        async with self._engine.connect() as connection:
            await connection.execute(_ALWAYS_BY_INDEX)
            rows: Sequence[Any] = (await connection.execute(query, values)).all()
            return rows


def _array(pieces: Collection[int]) -> str:
    return f"{{{','.join(map(str, pieces))}}}"


def _literally(typed: str) -> str:
    """For `like`: marks that stand for others stand for themselves."""
    return typed.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
