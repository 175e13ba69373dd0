"""What people and platforms look up."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncEngine

from notification_service.model import DeliveryKind, NoticeState
from notification_service.model.views import (
    AttemptView,
    ClueQuery,
    ClueView,
    Count,
    NoticeQuery,
    NoticeView,
    PlatformView,
)
from notification_service.tables import (
    clue,
    contact,
    letter,
    notice,
    platform,
    platform_operator,
    undelivered_notice,
    webhook,
    webhook_attempt,
)

_NOTICE_STATE = func.coalesce(undelivered_notice.c.state, "delivered")

_NOTICES: Select[Any] = select(
    notice.c.notice_id,
    notice.c.sequence,
    notice.c.uscc,
    func.coalesce(contact.c.name, "").label("name"),
    func.nullif(contact.c.area, "").label("area"),
    notice.c.template,
    notice.c.version,
    notice.c.params,
    letter.c.text,
    notice.c.channel,
    notice.c.issued_on,
    notice.c.origin_id,
    _NOTICE_STATE,
    func.coalesce(undelivered_notice.c.attempts, letter.c.attempts),
    func.coalesce(undelivered_notice.c.last_error, ""),
    notice.c.planned_at,
    func.coalesce(undelivered_notice.c.settled_at, letter.c.delivered_at),
).select_from(
    notice.outerjoin(contact, contact.c.uscc == notice.c.uscc)
    .outerjoin(undelivered_notice, undelivered_notice.c.notice_id == notice.c.notice_id)
    .outerjoin(letter, letter.c.notice_id == notice.c.notice_id)
)

_CLUES: Select[Any] = select(
    clue.c.clue_id,
    clue.c.position,
    clue.c.signal_id,
    clue.c.uscc,
    func.coalesce(contact.c.name, "").label("name"),
    func.nullif(contact.c.area, "").label("area"),
    clue.c.platform,
    clue.c.kind,
    clue.c.severity,
    clue.c.evidence_digest,
    clue.c.evidence_salt,
    clue.c.legal_basis,
    clue.c.raised_on,
    clue.c.due_on,
    clue.c.state,
    clue.c.action,
    clue.c.remark,
    clue.c.created_at,
    clue.c.delivered_at,
    clue.c.responded_at,
    clue.c.withdrawn_at,
    webhook.c.state.label("webhook"),
).select_from(
    clue.outerjoin(contact, contact.c.uscc == clue.c.uscc).outerjoin(
        webhook,
        and_(
            webhook.c.clue_id == clue.c.clue_id,
            webhook.c.kind == DeliveryKind.CREATED.value,
            webhook.c.round == clue.c.round,
        ),
    )
)


_FOLLOWED = notice.outerjoin(undelivered_notice, undelivered_notice.c.notice_id == notice.c.notice_id)


class Reads:
    """Implements `ports.Reader`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def notices(self, query: NoticeQuery) -> Sequence[NoticeView]:
        """See `ports.Reader`."""
        conditions = _equal(
            (notice.c.uscc, query.uscc),
            (notice.c.template, query.template),
            (contact.c.area, query.area),
        )
        if query.state is not None:
            conditions.append(_in_state(query.state))
        if query.before is not None:
            conditions.append(notice.c.sequence < query.before)
        statement = _NOTICES.where(*conditions).order_by(notice.c.sequence.desc()).limit(query.limit)
        return [NoticeView(*row) for row in await self._rows(statement)]

    async def notice(self, notice_id: str) -> NoticeView | None:
        """See `ports.Reader`."""
        rows = await self._rows(_NOTICES.where(notice.c.notice_id == notice_id))
        return NoticeView(*rows[0]) if rows else None

    async def clues(self, query: ClueQuery) -> Sequence[ClueView]:
        """See `ports.Reader`."""
        conditions = _equal(
            (clue.c.uscc, query.uscc),
            (clue.c.state, query.state),
            (clue.c.platform, query.platform),
            (contact.c.area, query.area),
        )
        conditions.append(clue.c.position > query.after)
        statement = _CLUES.where(*conditions).order_by(clue.c.position).limit(query.limit)
        return [ClueView(*row) for row in await self._rows(statement)]

    async def clue(self, clue_id: str) -> ClueView | None:
        """See `ports.Reader`."""
        rows = await self._rows(_CLUES.where(clue.c.clue_id == clue_id))
        return ClueView(*rows[0]) if rows else None

    async def attempts(self, clue_id: str) -> Sequence[AttemptView]:
        """See `ports.Reader`."""
        columns = webhook_attempt.c
        statement = (
            select(
                webhook.c.kind,
                columns.attempt,
                columns.at,
                columns.status,
                columns.error,
                columns.duration_ms,
            )
            .select_from(webhook_attempt.join(webhook, webhook.c.delivery_id == columns.delivery_id))
            .where(webhook.c.clue_id == clue_id)
            .order_by(columns.sequence)
        )
        return [AttemptView(*row) for row in await self._rows(statement)]

    async def platforms(self) -> Sequence[PlatformView]:
        """See `ports.Reader`."""
        columns = platform.c
        sellers = (
            select(func.count())
            .select_from(platform_operator)
            .where(platform_operator.c.platform == columns.code)
            .scalar_subquery()
        )
        statement = select(
            columns.code, columns.name, columns.url, columns.state, columns.created_at, sellers
        ).order_by(columns.code)
        return [PlatformView(*row) for row in await self._rows(statement)]

    async def clue_counts(self, area: str | None) -> Sequence[Count]:
        """See `ports.Reader`."""
        return [Count(*row) for row in await self._rows(_clues_counted(area))]

    async def counts(self, area: str | None) -> Sequence[Count]:
        """See `ports.Reader`."""
        statement = union_all(
            _counted("notice", _FOLLOWED, (notice.c.uscc, notice.c.template, _NOTICE_STATE), area),
            _clues_counted(area),
        ).order_by("what", "group", "state")
        return [Count(*row) for row in await self._rows(statement)]

    async def area_of(self, uscc: str) -> str | None:
        """See `ports.Reader`."""
        rows = await self._rows(select(func.nullif(contact.c.area, "")).where(contact.c.uscc == uscc))
        return rows[0][0] if rows else None

    async def _rows(self, statement: Any) -> Sequence[tuple[Any, ...]]:
        async with self._engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(statement)]


def _equal(*pairs: tuple[ColumnElement[Any], str | None]) -> list[ColumnElement[bool]]:
    return [column == value for column, value in pairs if value is not None]


def _in_state(state: str) -> ColumnElement[bool]:
    """Said so that the few notices not delivered are found in their own small table."""
    column = undelivered_notice.c.state
    return column.is_(None) if state == NoticeState.DELIVERED else column == state


def _clues_counted(area: str | None) -> Select[Any]:
    return _counted("clue", clue, (clue.c.uscc, clue.c.platform, clue.c.state), area)


def _counted(
    what: str, rows: FromClause, columns: tuple[ColumnElement[Any], ...], area: str | None
) -> Select[Any]:
    uscc, group, state = columns
    statement = select(
        literal(what).label("what"),
        group.label("group"),
        state.label("state"),
        func.count().label("count"),
    ).group_by(group, state)
    if area is None:
        return statement.select_from(rows)
    joined = rows.join(contact, contact.c.uscc == uscc)
    return statement.select_from(joined).where(contact.c.area == area)
