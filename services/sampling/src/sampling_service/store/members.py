"""The object pool on PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from eventbus import Transaction
from honestdraw import Population
from sqlalchemy import text

from sampling_service.model.draws import Eligible, Scope
from sampling_service.model.members import Member
from sampling_service.model.tasks import Place
from sampling_service.rules import eligibility
from sampling_service.tables import MEMBER_COLUMNS, MEMBER_TYPES

_NAMES = ", ".join(MEMBER_COLUMNS)
_LOCK = text(f"""
    select {", ".join(MEMBER_COLUMNS[:-1])} from member
    where uscc = any(cast(:usccs as text[])) order by uscc for update
""")
_BLANKS = text("""
    insert into member (uscc) select unnest(cast(:usccs as text[])) on conflict (uscc) do nothing
""")
_SAVE = text(f"""
    update member
    set {", ".join(f"{name} = given.{name}" for name in MEMBER_COLUMNS[1:])},
        heard_class_at = case when given.change_number > member.change_number then now() else heard_class_at end,
        heard_description_at = case when given.version > member.version then now() else heard_description_at end
    from unnest({", ".join(f"cast(:{name} as {type_}[])" for name, type_ in MEMBER_TYPES.items())})
         as given ({_NAMES})
    where given.uscc = member.uscc
""")
_JUDGED = f"""
    with visited as (
        select uscc, count(*) as visits, bool_or(items && cast(:items as text[])) as same_item
        from task where year = :year group by uscc
    ), judged as (
        select uscc, code, case
            when version = 0 then '{eligibility.NOT_DESCRIBED}'
            when status = 'cancelled' then '{eligibility.CANCELLED}'
            when status = 'revoked' then '{eligibility.REVOKED}'
            when status = 'suspended' and cast(:on_site as boolean) then '{eligibility.SUSPENDED}'
            when same_item then '{eligibility.DRAWN_THIS_YEAR}'
            when visits >= :visit_cap then '{eligibility.VISIT_CAP}'
        end as reason
        from member left join visited using (uscc)
        where cast(:area_code as text) is null or area_code = :area_code
    )
"""
_ELIGIBLE = text(f"""
    {_JUDGED}
    select string_agg(convert_to(uscc, 'UTF8') || set_byte('\\x00'::bytea, 0, code), ''::bytea order by uscc) as rows
    from judged where reason is null
""")
_EXCLUDED = text(
    f"{_JUDGED} select reason, count(*) as members from judged where reason is not null group by reason"
)
_ROW_WIDTH = 19
_PLACES = text("""
    select uscc, area_code, industry from member where uscc = any(cast(:usccs as text[]))
""")


class SqlMembers:
    """Implements `ports.Members`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._connection = transaction.connection

    async def lock(self, usccs: Collection[str]) -> Mapping[str, Member]:
        """Nearly all are known: only those that are not cost a second look, after blank rows were inserted."""
        members = await self._locked(usccs)
        if missing := set(usccs) - members.keys():
            await self._connection.execute(_BLANKS, {"usccs": sorted(missing)})
            members |= await self._locked(missing)
        return members

    async def save(self, members: Collection[Member]) -> None:
        """One update."""
        if members:
            await self._connection.execute(_SAVE, _columns(members))

    async def _locked(self, usccs: Collection[str]) -> dict[str, Member]:
        rows = await self._connection.execute(_LOCK, {"usccs": sorted(usccs)})
        return {row[0]: Member(*row) for row in rows}

    async def eligible(self, scope: Scope) -> Eligible:
        """One row for the whole city: a million members cost no Python each."""
        parameters = {
            "items": list(scope.items),
            "year": scope.year,
            "on_site": scope.on_site,
            "visit_cap": scope.visit_cap,
            "area_code": scope.area_code,
        }
        rows = (await self._connection.execute(_ELIGIBLE, parameters)).scalar_one() or b""
        excluded = await self._connection.execute(_EXCLUDED, parameters)
        return Eligible(_population(rows), {row.reason: row.members for row in excluded})

    async def places(self, usccs: Sequence[str]) -> Mapping[str, Place]:
        """See `ports.Members`."""
        rows = await self._connection.execute(_PLACES, {"usccs": usccs})
        return {row.uscc: Place(row.area_code, row.industry) for row in rows}


def _population(rows: bytes) -> Population:
    """The USCCs, and the bytes that stand behind each."""
    keys = bytearray(rows)
    del keys[_ROW_WIDTH - 1 :: _ROW_WIDTH]
    return Population(bytes(keys), rows[_ROW_WIDTH - 1 :: _ROW_WIDTH])


def _columns(members: Collection[Member]) -> dict[str, list[Any]]:
    return {name: [getattr(member, name) for member in members] for name in MEMBER_COLUMNS}
