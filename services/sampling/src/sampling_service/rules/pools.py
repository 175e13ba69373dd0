"""Pools follow the class: what news changes, and who is under key supervision (重点监管)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from sampling_service.model.events import PoolEntered, PoolLeft
from sampling_service.model.members import ClassNews, Description, Member


class PoolChanges(NamedTuple):
    """Members to save, and what to tell."""

    members: dict[str, Member]
    events: list[PoolEntered | PoolLeft]


def with_classes(news: Iterable[ClassNews], members: Mapping[str, Member]) -> PoolChanges:
    """The members after this news; older news changes nothing."""
    changes = PoolChanges({}, [])
    known = dict(members)
    for each in news:
        member = known[each.uscc]
        if each.change_number > member.change_number:
            told = replace(
                member,
                change_number=each.change_number,
                risk_class=each.risk_class,
                under_observation=each.under_observation,
                overridden=each.overridden,
                by_law=each.by_law,
            )
            known[each.uscc] = _settle(told, each.day, changes)
    return changes


def with_descriptions(descriptions: Iterable[Description], members: Mapping[str, Member]) -> PoolChanges:
    """The members after these descriptions; older ones change nothing."""
    changes = PoolChanges({}, [])
    known = dict(members)
    for each in descriptions:
        member = known[each.uscc]
        if each.version > member.version:
            told = replace(
                member,
                version=each.version,
                name=each.name,
                entity_type=each.entity_type,
                status=each.status,
                area_code=each.area_code,
                industry=each.industry,
                address=each.address,
            )
            known[each.uscc] = _settle(told, each.day, changes)
    return changes


def pool_reason(member: Member) -> str:
    """Why the member belongs into the key-supervision pool, or empty.

    Source: 总局令第44号 §15(2) for listed entities; class D is project-chosen after the published practice.
    """
    if member.status == "cancelled":
        return ""
    if member.by_law:
        return "serious_listing"
    return "class_d" if member.risk_class == "D" else ""


def _settle(member: Member, day: date, changes: PoolChanges) -> Member:
    before, reason = member.pool_reason, pool_reason(member)
    since = member.pool_since
    if reason and not before:
        since = day
        changes.events.append(PoolEntered(member.uscc, reason, day))
    if before and not reason:
        since = None
        why = "cancelled" if member.status == "cancelled" else f"no_longer_{before}"
        changes.events.append(PoolLeft(member.uscc, why, day))
    settled = replace(member, pool_reason=reason, pool_since=since)
    changes.members[member.uscc] = settled
    return settled
