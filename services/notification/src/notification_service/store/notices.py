"""Planned notices and what became of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from notification_service.model import Attempt, ClaimedNotice, Letter, Notice, NoticeState

_PLAN = text("""
    with new as (
        insert into notice (notice_id, uscc, template, version, params, origin_id, issued_on, channel, planned_at)
        select notice_id, uscc, template, version, cast(params as jsonb), origin_id, issued_on, channel, :now
        from unnest(cast(:notice_id as text[]), cast(:uscc as text[]), cast(:template as text[]),
                    cast(:version as integer[]), cast(:params as text[]), cast(:origin_id as text[]),
                    cast(:issued_on as date[]), cast(:channel as text[]))
             as given (notice_id, uscc, template, version, params, origin_id, issued_on, channel)
        on conflict do nothing
        returning notice_id
    )
    insert into undelivered_notice (notice_id, next_attempt_at) select notice_id, :now from new
""")

_CLAIM = text("""
    with due as (
        select notice_id from undelivered_notice
        where next_attempt_at <= :now
        order by next_attempt_at
        limit :limit
        for update skip locked
    ), claimed as (
        update undelivered_notice set attempts = attempts + 1, next_attempt_at = :lease_until
        from due where undelivered_notice.notice_id = due.notice_id
        returning undelivered_notice.notice_id, attempts
    )
    select claimed.attempts, notice.notice_id, notice.uscc, template, notice.version, params, origin_id, issued_on,
           channel, coalesce(name, '') as name, coalesce(area, '') as area, coalesce(cancelled, false) as cancelled
    from claimed join notice using (notice_id) left join contact on contact.uscc = notice.uscc
    order by sequence
""")

_MARK_DELIVERED = text("""
    with done as (
        delete from undelivered_notice where notice_id = any(cast(:notice_id as text[])) and state = 'planned'
        returning notice_id, attempts
    )
    insert into letter (notice_id, text, attempts, delivered_at)
    select notice_id, given.text, done.attempts, :at
    from unnest(cast(:notice_id as text[]), cast(:text as text[])) as given (notice_id, text)
    join done using (notice_id)
    returning notice_id
""")

_GIVE_UP = text("""
    update undelivered_notice
    set state = given.state, settled_at = :at, next_attempt_at = null, last_error = given.error
    from unnest(cast(:notice_id as text[]), cast(:state as text[]), cast(:error as text[]))
         as given (notice_id, state, error)
    where undelivered_notice.notice_id = given.notice_id and undelivered_notice.state = 'planned'
    returning undelivered_notice.notice_id
""")

_POSTPONE = text("""
    update undelivered_notice set next_attempt_at = given.retry_at, last_error = given.error
    from unnest(cast(:notice_id as text[]), cast(:error as text[]), cast(:retry_at as timestamptz[]))
         as given (notice_id, error, retry_at)
    where undelivered_notice.notice_id = given.notice_id and state = 'planned'
""")

_STATE = text("""
    select coalesce((select state from undelivered_notice where notice_id = :notice_id), 'delivered')
    from notice where notice_id = :notice_id for update
""")

_REOPEN = text("""
    update undelivered_notice set state = 'planned', attempts = 0, next_attempt_at = :now, settled_at = null
    where notice_id = :notice_id and state <> 'planned'
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
        return [_claimed(row) for row in rows.all()]

    async def mark_delivered(self, letters: Sequence[Letter], at: datetime) -> list[Letter]:
        """See `ports.Notices`."""
        if not letters:
            return []
        values = {
            "notice_id": [letter.notice_id for letter in letters],
            "text": [letter.text for letter in letters],
            "at": at,
        }
        done = set((await self._connection.execute(_MARK_DELIVERED, values)).scalars().all())
        return [letter for letter in letters if letter.notice_id in done]

    async def give_up(self, attempts: Sequence[Attempt], at: datetime) -> list[Attempt]:
        """See `ports.Notices`."""
        if not attempts:
            return []
        values = {
            "notice_id": [attempt.letter.notice_id for attempt in attempts],
            "state": [_given_up(attempt).value for attempt in attempts],
            "error": [attempt.error for attempt in attempts],
            "at": at,
        }
        done = set((await self._connection.execute(_GIVE_UP, values)).scalars())
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

    async def state_of(self, notice_id: str) -> NoticeState | None:
        """See `ports.Notices`."""
        state = (await self._connection.execute(_STATE, {"notice_id": notice_id})).scalar_one_or_none()
        return None if state is None else NoticeState(state)

    async def reopen(self, notice_id: str, now: datetime) -> None:
        """See `ports.Notices`."""
        await self._connection.execute(_REOPEN, {"notice_id": notice_id, "now": now})


def _given_up(attempt: Attempt) -> NoticeState:
    return NoticeState.WITHHELD if attempt.withheld else NoticeState.FAILED


def _claimed(row: Any) -> ClaimedNotice:
    notice = Notice(
        row.notice_id,
        row.uscc,
        row.template,
        row.version,
        msgspec.json.decode(row.params, type=dict[str, str]) if isinstance(row.params, str) else row.params,
        row.origin_id,
        row.issued_on,
        row.channel,
    )
    return ClaimedNotice(notice, row.attempts, row.name, row.area, row.cancelled)
