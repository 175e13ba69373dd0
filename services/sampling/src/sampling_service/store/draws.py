"""The draws on PostgreSQL."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from eventbus import Transaction, copying
from honestdraw import Population, Quota
from honestdraw.drawing import strata_document
from sqlalchemy import Row, text

from sampling_service.model.draws import Draw, Entry, Settled
from sampling_service.model.tasks import Place
from sampling_service.tables import ENTRY_COLUMNS

_SERIALISE = text("select pg_advisory_xact_lock(hashtextextended('sampling/draws', 0))")
_OPEN_OVER = text("""
    select draw_id from draw
    where state = 'committed'
      and (area_code is null or cast(:area_code as text) is null or area_code = :area_code)
    order by committed_at limit 1
""")
_LAST_NUMBER = text("select coalesce(max(number), 0) from draw where plan_id = :plan_id")
_ADD = text("""
    insert into draw (draw_id, plan_id, number, items, area_code, day, state, ordered_by, reason, about, commitment,
                      commitment_sha256, excluded, quotas, secret, sealing_key, committed_at)
    values (:draw_id, :plan_id, :number, :items, :area_code, :day, :state, :by, :reason, cast(:about as jsonb),
            cast(:commitment as jsonb), :commitment_sha256, cast(:excluded as jsonb), cast(:quotas as jsonb),
            :secret, :sealing_key, :committed_at)
""")
_ADD_POPULATION = text("insert into draw_population (draw_id, keys, codes) values (:draw_id, :keys, :codes)")
_LOCK = text("""
    select draw_id, plan_id, number, items, area_code, day, state, ordered_by, reason, about, commitment,
           commitment_sha256, excluded, quotas, secret, sealing_key, committed_at
    from draw where draw_id = :draw_id for update
""")
_POPULATION = text("select keys, codes from draw_population where draw_id = :draw_id")
_SETTLE = text("""
    update draw
    set state = :state, public_seed = :seed, randomness = :randomness, settled_by = :by, settled_at = :at,
        settle_reason = :reason, drawn = :drawn
    where draw_id = :draw_id
""")
_RANDOMNESS = text("select draw_id, randomness from draw where draw_id = any(cast(:draw_ids as text[]))")
_ADD_FILE = text("insert into draw_file (draw_id, body) values (:draw_id, :body)")


class SqlDraws:
    """Implements `ports.Draws`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._connection = transaction.connection

    async def serialise(self) -> None:
        """See `ports.Draws`."""
        await self._connection.execute(_SERIALISE)

    async def open_over(self, area_code: str | None) -> str | None:
        """See `ports.Draws`."""
        found = await self._connection.execute(_OPEN_OVER, {"area_code": area_code})
        return found.scalar_one_or_none()

    async def last_number(self, plan_id: str) -> int:
        """See `ports.Draws`."""
        number: int = (await self._connection.execute(_LAST_NUMBER, {"plan_id": plan_id})).scalar_one()
        return number

    async def add(self, draw: Draw, population: Population) -> None:
        """See `ports.Draws`."""
        await self._connection.execute(_ADD, _values(draw))
        rows = {"draw_id": draw.draw_id, "keys": population.keys, "codes": population.codes}
        await self._connection.execute(_ADD_POPULATION, rows)

    async def lock(self, draw_id: str) -> Draw | None:
        """See `ports.Draws`."""
        row = (await self._connection.execute(_LOCK, {"draw_id": draw_id})).one_or_none()
        return None if row is None else _draw(row)

    async def randomness(self, draw_ids: Collection[str]) -> Mapping[str, bytes]:
        """See `ports.Draws`."""
        rows = await self._connection.execute(_RANDOMNESS, {"draw_ids": sorted(draw_ids)})
        return {row.draw_id: bytes(row.randomness) for row in rows}

    async def population(self, draw_id: str) -> Population:
        """See `ports.Draws`."""
        row = (await self._connection.execute(_POPULATION, {"draw_id": draw_id})).one()
        return Population(bytes(row.keys), bytes(row.codes))

    async def settle(self, draw_id: str, settled: Settled) -> None:
        """See `ports.Draws`."""
        seed = settled.seed
        values = {
            "draw_id": draw_id,
            "state": settled.state,
            "seed": seed.text if seed else None,
            "randomness": settled.randomness or None,
            "by": seed.by if seed else None,
            "at": settled.at,
            "reason": settled.reason,
            "drawn": settled.drawn,
        }
        await self._connection.execute(_SETTLE, values)
        if settled.file:
            await self._connection.execute(_ADD_FILE, {"draw_id": draw_id, "body": settled.file})

    async def add_entries(self, draw_id: str, entries: Sequence[Entry], places: Mapping[str, Place]) -> None:
        """One COPY."""
        if not entries:
            return
        columns: list[copying.Column] = [
            copying.text([draw_id] * len(entries)),
            copying.fixed_text([entry.uscc for entry in entries], 18),
            copying.text([entry.stratum for entry in entries]),
            copying.text([entry.class_at_draw for entry in entries]),
            copying.float8([entry.probability for entry in entries]),
            copying.text([places[entry.uscc].area_code for entry in entries]),
            copying.text([places[entry.uscc].industry for entry in entries]),
        ]
        await self._transaction.copy("draw_entry", ENTRY_COLUMNS, copying.stream(columns))


def _values(draw: Draw) -> dict[str, Any]:
    return {
        "draw_id": draw.draw_id,
        "plan_id": draw.plan_id,
        "number": draw.number,
        "items": list(draw.items),
        "area_code": draw.area_code,
        "day": draw.day,
        "state": draw.state,
        "by": draw.by,
        "reason": draw.reason,
        "about": json.dumps(draw.about),
        "commitment": json.dumps(draw.commitment),
        "commitment_sha256": draw.commitment_sha256,
        "excluded": json.dumps(draw.excluded),
        "quotas": json.dumps(strata_document(draw.quotas)),
        "secret": draw.secret,
        "sealing_key": draw.sealing_key,
        "committed_at": draw.committed_at,
    }


def _draw(row: Row[Any]) -> Draw:
    known = dict(row._mapping)  # noqa: SLF001 - the documented way to a row's columns
    quotas = tuple(
        Quota(each["stratum"], bytes.fromhex(each["codes"]), each["population"], each["take"])
        for each in known["quotas"]
    )
    by = known.pop("ordered_by")
    secrets = {name: bytes(known[name]) for name in ("secret", "sealing_key")}
    return Draw(**{**known, **secrets, "quotas": quotas, "items": tuple(known["items"]), "by": by})
