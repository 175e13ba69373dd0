"""Who may be drawn at all; decided, and counted by reason, before the commitment."""

from typing import Final

from sampling_service.model.draws import Scope
from sampling_service.model.members import Member

REASONS: Final = (
    "not_described",
    "cancelled",
    "revoked",
    "suspended",
    "drawn_this_year",
    "visit_cap",
)
"""Why an entity is left out, the first that holds: nothing known of it yet; cancelled 注销; licence revoked 吊销;
in suspension 歇业 (on-site draws); drawn for the same item this year; at its cap of visits."""


def exclusion(member: Member, scope: Scope, visits: int, same_item: bool) -> str | None:  # noqa: FBT001
    """Why the member cannot be drawn, or None.

    Args:
        member: of the object pool.
        scope: what is drawn for.
        visits: the member's visits in the scope's year.
        same_item: one of them was for one of the scope's items.
    """
    holds = (
        member.version == 0,
        member.status == "cancelled",
        member.status == "revoked",
        member.status == "suspended" and scope.on_site,
        same_item,
        visits >= scope.visit_cap,
    )
    return next((reason for reason, is_so in zip(REASONS, holds, strict=True) if is_so), None)


def in_scope(member: Member, scope: Scope) -> bool:
    """Whether the draw looks at the member at all."""
    return scope.area_code is None or member.area_code == scope.area_code
