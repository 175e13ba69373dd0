"""Planned notices and what became of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from notification_service.model import Attempt, ClaimedNotice, Letter, Notice

_PLAN = text("""
    insert into notice (notice_id, uscc, template, version, params, dedupe_key, origin_id, issued_on, channel,
                        planned_at, next_attempt_at)
    select notice_id, uscc, template, version, cast(params as jsonb), dedupe_key, origin_id, issued_on, channel,
           :now, :now
    from unnest(cast(:notice_id as text[]), cast(:uscc as text[]), cast(:template as text[]),
                cast(:version as integer[]), cast(:params as text[]), cast(:dedupe_key as text[]),
                cast(:origin_id as text[]), cast(:issued_on as date[]), cast(:channel as text[]))
         as given (notice_id, uscc, template, version, params, dedupe_key, origin_id, issued_on, channel)
    on conflict do nothing
""")

_CLAIM = text("""
    with due as (
        select notice_id from notice
        where state = 'planned' and next_attempt_at <= :now
        order by next_attempt_at
        limit :limit
        for update skip locked
    ), claimed as (
        update notice set attempts = attempts + 1, next_attempt_at = :lease_until
        from due where notice.notice_id = due.notice_id
        returning notice.notice_id, uscc, template, notice.version, params, dedupe_key, origin_id, issued_on, channel,
                  attempts, sequence
    )
    select claimed.*, coalesce(contact.name, '') as name, coalesce(contact.area, '') as area
    from claimed left join contact using (uscc)
    order by sequence
""")

_MARK_DELIVERED = text("""
    update notice set state = 'delivered', text = given.text, settled_at = :at, next_attempt_at = null, last_error = ''
    from unnest(cast(:notice_id as text[]), cast(:text as text[])) as given (notice_id, text)
    where notice.notice_id = given.notice_id and state = 'planned'
    returning notice.notice_id
""")

_MARK_FAILED = text("""
    update notice set state = 'failed', settled_at = :at, next_attempt_at = null, last_error = given.error
    from unnest(cast(:notice_id as text[]), cast(:error as text[])) as given (notice_id, error)
    where notice.notice_id = given.notice_id and state = 'planned'
    returning notice.notice_id
""")

_POSTPONE = text("""
    update notice set next_attempt_at = given.retry_at, last_error = given.error
    from unnest(cast(:notice_id as text[]), cast(:error as text[]), cast(:retry_at as timestamptz[]))
         as given (notice_id, error, retry_at)
    where notice.notice_id = given.notice_id and state = 'planned'
""")

_STATE = text("select state, uscc from notice where notice_id = :notice_id for update")

_REOPEN = text("""
    update notice set state = 'planned', attempts = 0, next_attempt_at = :now, settled_at = null
    where notice_id = :notice_id and state = 'failed'
""")


class SqlNotices:
    """Implements `ports.Notices`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def plan(self, notices: Sequence[Notice], now: datetime) -> None:
        """See `ports.Notices`."""
        if not notices:
            return
        await self._connection.execute(
            _PLAN,
            {
                "notice_id": [notice.notice_id for notice in notices],
                "uscc": [notice.uscc for notice in notices],
                "template": [notice.template for notice in notices],
                "version": [notice.version for notice in notices],
                "params": [msgspec.json.encode(notice.params).decode() for notice in notices],
                "dedupe_key": [notice.dedupe_key for notice in notices],
                "origin_id": [notice.origin_id for notice in notices],
                "issued_on": [notice.issued_on for notice in notices],
                "channel": [notice.channel for notice in notices],
                "now": now,
            },
        )

    async def claim(self, limit: int, now: datetime, lease_until: datetime) -> list[ClaimedNotice]:
        """See `ports.Notices`."""
        rows = await self._connection.execute(
            _CLAIM, {"limit": limit, "now": now, "lease_until": lease_until}
        )
        return [_claimed(row) for row in rows]

    async def mark_delivered(self, letters: Sequence[Letter], at: datetime) -> list[Letter]:
        """See `ports.Notices`."""
        if not letters:
            return []
        values = {
            "notice_id": [letter.notice_id for letter in letters],
            "text": [letter.text for letter in letters],
            "at": at,
        }
        done = set((await self._connection.execute(_MARK_DELIVERED, values)).scalars())
        return [letter for letter in letters if letter.notice_id in done]

    async def mark_failed(self, attempts: Sequence[Attempt], at: datetime) -> list[Attempt]:
        """See `ports.Notices`."""
        if not attempts:
            return []
        values = {
            "notice_id": [attempt.letter.notice_id for attempt in attempts],
            "error": [attempt.error for attempt in attempts],
            "at": at,
        }
        done = set((await self._connection.execute(_MARK_FAILED, values)).scalars())
        return [attempt for attempt in attempts if attempt.letter.notice_id in done]

    async def postpone(self, attempts: Sequence[tuple[Attempt, datetime]]) -> None:
        """See `ports.Notices`."""
        if not attempts:
            return
        values = {
            "notice_id": [attempt.letter.notice_id for attempt, _ in attempts],
            "error": [attempt.error for attempt, _ in attempts],
            "retry_at": [retry_at for _, retry_at in attempts],
        }
        await self._connection.execute(_POSTPONE, values)

    async def state_of(self, notice_id: str) -> tuple[str, str] | None:
        """See `ports.Notices`."""
        row = (await self._connection.execute(_STATE, {"notice_id": notice_id})).one_or_none()
        return None if row is None else (row.state, row.uscc)

    async def reopen(self, notice_id: str, now: datetime) -> None:
        """See `ports.Notices`."""
        await self._connection.execute(_REOPEN, {"notice_id": notice_id, "now": now})


def _claimed(row: Any) -> ClaimedNotice:
    notice = Notice(
        row.notice_id,
        row.uscc,
        row.template,
        row.version,
        msgspec.json.decode(row.params, type=dict[str, str]) if isinstance(row.params, str) else row.params,
        row.dedupe_key,
        row.origin_id,
        row.issued_on,
        row.channel,
    )
    return ClaimedNotice(notice, row.attempts, row.name, row.area)
