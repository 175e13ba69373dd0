"""Contacts and signals."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from notification_service.model import Contact, Signal, SignalEnd

_SAVE_CONTACTS = text("""
    insert into contact as known (uscc, name, area, cancelled, version)
    select * from unnest(cast(:uscc as text[]), cast(:name as text[]), cast(:area as text[]),
                         cast(:cancelled as boolean[]), cast(:version as bigint[]))
         as given (uscc, name, area, cancelled, version)
    order by uscc
    on conflict (uscc) do update
    set name = excluded.name, area = excluded.area, cancelled = excluded.cancelled, version = excluded.version
    where excluded.version > known.version
""")

_RECEIVE_SIGNALS = text("""
    insert into signal (signal_id, uscc, family, raised_on)
    select * from unnest(cast(:signal_id as text[]), cast(:uscc as text[]), cast(:family as text[]),
                         cast(:raised_on as date[]))
    on conflict (signal_id) do update set raised_on = excluded.raised_on,
        cleared_on = case when signal.raised_on is null then signal.cleared_on end
        where signal.raised_on is null or signal.cleared_on is not null
    returning case when cleared_on is null then signal_id end
""")

_END_SIGNALS = text("""
    insert into signal (signal_id, uscc, family, cleared_on)
    select * from unnest(cast(:signal_id as text[]), cast(:uscc as text[]), cast(:family as text[]),
                         cast(:cleared_on as date[]))
    on conflict (signal_id) do update set cleared_on = excluded.cleared_on
""")


class SqlContacts:
    """Implements `ports.Contacts`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def save(self, contacts: Sequence[Contact]) -> None:
        """See `ports.Contacts`."""
        newest = {contact.uscc: contact for contact in sorted(contacts, key=lambda contact: contact.version)}
        if not newest:
            return
        rows = list(newest.values())
        await self._connection.execute(
            _SAVE_CONTACTS,
            {
                "uscc": [row.uscc for row in rows],
                "name": [row.name for row in rows],
                "area": [row.area for row in rows],
                "cancelled": [row.cancelled for row in rows],
                "version": [row.version for row in rows],
            },
        )


class SqlSignals:
    """Implements `ports.Signals`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def receive(self, signals: Sequence[Signal]) -> list[Signal]:
        """See `ports.Signals`."""
        by_id = {signal.signal_id: signal for signal in signals}
        if not by_id:
            return []
        rows = list(by_id.values())
        inserted = await self._connection.execute(
            _RECEIVE_SIGNALS,
            {
                "signal_id": [row.signal_id for row in rows],
                "uscc": [row.uscc for row in rows],
                "family": [row.family for row in rows],
                "raised_on": [row.raised_on for row in rows],
            },
        )
        new = set(inserted.scalars())
        return [row for row in rows if row.signal_id in new]

    async def end(self, ends: Sequence[SignalEnd]) -> None:
        """See `ports.Signals`."""
        rows = list({end.signal_id: end for end in ends}.values())
        await self._connection.execute(
            _END_SIGNALS,
            {
                "signal_id": [row.signal_id for row in rows],
                "uscc": [row.uscc for row in rows],
                "family": [row.family for row in rows],
                "cleared_on": [row.cleared_on for row in rows],
            },
        )
