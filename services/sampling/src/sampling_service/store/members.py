"""The object pool on PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from eventbus import Transaction, copying
from honestdraw import Population
from sqlalchemy import text

from sampling_service.model.draws import Eligible, Scope
from sampling_service.model.members import Member
from sampling_service.model.tasks import Place
from sampling_service.rules.eligibility import REASONS
from sampling_service.tables import MEMBER_COLUMNS

_EPOCH = date(1970, 1, 1)
_READ = ", ".join(MEMBER_COLUMNS[:-1])
_BLANKS = text("""
    insert into member (uscc) select unnest(cast(:usccs as text[])) on conflict (uscc) do nothing
""")
_LOCK = text(f"""
    select {_READ} from member where uscc = any(cast(:usccs as text[])) order by uscc for update
""")
_MERGE = text(f"""
    update member
    set {", ".join(f"{name} = staged.{name}" for name in MEMBER_COLUMNS[1:])},
        heard_class_at = case when staged.change_number > member.change_number then now() else heard_class_at end,
        heard_description_at = case when staged.version > member.version then now() else heard_description_at end
    from member_staged as staged where staged.uscc = member.uscc
""")
_CLEAR = text("delete from member_staged")
_JUDGED = f"""
    with visited as (
        select uscc, count(*) as visits, bool_or(items && cast(:items as text[])) as same_item
        from task where year = :year group by uscc
    ), judged as (
        select uscc, code, case
            when version = 0 then '{REASONS[0]}'
            when status = 'cancelled' then '{REASONS[1]}'
            when status = 'revoked' then '{REASONS[2]}'
            when status = 'suspended' and cast(:on_site as boolean) then '{REASONS[3]}'
            when same_item then '{REASONS[4]}'
            when visits >= :visit_cap then '{REASONS[5]}'
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
        """Inserts blank rows where new, then locks, both in order of USCC."""
        named = {"usccs": sorted(usccs)}
        await self._connection.execute(_BLANKS, named)
        rows = await self._connection.execute(_LOCK, named)
        return {row.uscc: Member(*row) for row in rows}

    async def save(self, members: Collection[Member]) -> None:
        """One COPY and one update."""
        if not members:
            return
        await self._connection.execute(_CLEAR)
        await self._transaction.copy("member_staged", MEMBER_COLUMNS, _columns(list(members)))
        await self._connection.execute(_MERGE)

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


def _columns(members: list[Member]) -> bytes:
    return copying.stream(
        [
            copying.fixed_text([member.uscc for member in members], 18),
            copying.int8([member.change_number for member in members]),
            copying.text([member.risk_class for member in members]),
            copying.boolean([member.under_observation for member in members]),
            copying.boolean([member.overridden for member in members]),
            copying.boolean([member.by_law for member in members]),
            copying.int8([member.version for member in members]),
            copying.text([member.name for member in members]),
            copying.text([member.entity_type for member in members]),
            copying.text([member.status for member in members]),
            copying.text([member.area_code for member in members]),
            copying.text([member.industry for member in members]),
            copying.text([member.address for member in members]),
            copying.text([member.pool_reason for member in members]),
            copying.date([_days(member.pool_since) for member in members]),
            copying.int2([member.code for member in members]),
        ]
    )


def _days(day: date | None) -> int | None:
    return None if day is None else (day - _EPOCH).days
