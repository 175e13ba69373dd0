"""Contacts and signals."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from notification_service.model import Contact, Signal

_SAVE_CONTACTS = text("""
    insert into contact as known (uscc, name, address, area, status, platforms, version)
    select uscc, name, address, area, status, string_to_array(platforms, chr(31)), version
    from unnest(cast(:uscc as text[]), cast(:name as text[]), cast(:address as text[]), cast(:area as text[]),
                cast(:status as text[]), cast(:platforms as text[]), cast(:version as bigint[]))
         as given (uscc, name, address, area, status, platforms, version)
    order by uscc
    on conflict (uscc) do update
    set name = excluded.name, address = excluded.address, area = excluded.area, status = excluded.status,
        platforms = excluded.platforms, version = excluded.version
    where excluded.version > known.version
""")

_RECEIVE_SIGNALS = text("""
    insert into signal (signal_id, uscc, family, severity, raised_on, due_on)
    select * from unnest(cast(:signal_id as text[]), cast(:uscc as text[]), cast(:family as text[]),
                         cast(:severity as text[]), cast(:raised_on as date[]), cast(:due_on as date[]))
    on conflict (signal_id) do nothing
    returning signal_id
""")

_SEPARATOR = "\x1f"


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
                "address": [row.address for row in rows],
                "area": [row.area for row in rows],
                "status": [row.status for row in rows],
                "platforms": [_SEPARATOR.join(row.platforms) for row in rows],
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
                "severity": [row.severity.value for row in rows],
                "raised_on": [row.raised_on for row in rows],
                "due_on": [row.due_on for row in rows],
            },
        )
        new = set(inserted.scalars())
        return [row for row in rows if row.signal_id in new]
