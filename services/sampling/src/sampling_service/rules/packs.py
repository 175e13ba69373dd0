"""Reads plans and items from their parsed packs, and refuses what contradicts itself or the law's floor."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from sampling_service.errors import InvalidPack, UnknownItem
from sampling_service.model.plans import Item, Plan

UNIFORM_FLOOR: Final = Decimal("0.03")
"""Source: 企业公示信息抽查办法: a random lot of at least 3 % of the enterprises."""
STRATA: Final = ("class:A", "class:B", "class:C", "class:D", "key", "unclassified")
KINDS: Final = frozenset({"key", "general"})


def plan_of(document: Mapping[str, Any]) -> Plan:
    """The plan a pack describes.

    Raises:
        InvalidPack: A member is missing or impossible, a ratio is not in (0, 1], or the uniform lot is below its floor.
    """
    name = str(document.get("id"))
    try:
        plan = _plan(document)
    except (KeyError, TypeError, ValueError, InvalidOperation) as error:
        raise InvalidPack(name, repr(error)) from error
    _require(plan.uniform_ratio >= UNIFORM_FLOOR, name, f"the uniform lot is below {UNIFORM_FLOOR}")
    _require(set(plan.ratios) == set(STRATA), name, f"needs a ratio for each of {STRATA}")
    _require(
        all(0 < ratio <= 1 for ratio in plan.ratios.values()), name, "no stratum is exempt from the draw"
    )
    _require(plan.uniform_ratio <= 1 and plan.observation_as in STRATA, name, "impossible ratio or stratum")
    _require(plan.inspectors_per_visit >= 2, name, "a visit needs at least two inspectors")
    _require(min(plan.annual_visit_cap, plan.due_days) >= 1, name, "cap and due days start at one")
    return plan


def items_of(document: Mapping[str, Any]) -> dict[str, Item]:
    """The inspection items of a pack, by code.

    Raises:
        InvalidPack: An item lacks a member or repeats a code.
    """
    try:
        items = [_item(row) for row in document["items"]]
    except (KeyError, TypeError) as error:
        raise InvalidPack("items", repr(error)) from error
    _require(len({item.code for item in items}) == len(items), "items", "a code occurs twice")
    _require(all(item.kind in KINDS for item in items), "items", f"a kind is not one of {sorted(KINDS)}")
    return {item.code: item for item in items}


def neighbours_of(document: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """For each area, the areas that help out, nearest first."""
    return {str(area): tuple(map(str, others)) for area, others in document["neighbours"].items()}


def items_in_force(codes: tuple[str, ...], items: Mapping[str, Item], day: date) -> list[Item]:
    """The items with these codes.

    Raises:
        UnknownItem: One is not on the list that day.
    """
    found = []
    for code in codes:
        item = items.get(code)
        if item is None or day < item.valid_from or (item.valid_until and day > item.valid_until):
            raise UnknownItem(code)
        found.append(item)
    return found


def _plan(document: Mapping[str, Any]) -> Plan:
    return Plan(
        id=document["id"],
        year=int(document["year"]),
        zh=document["zh"],
        en=document["en"],
        uniform_ratio=Decimal(document["uniform"]["ratio"]),
        ratios={name: Decimal(row["ratio"]) for name, row in document["ratios"].items()},
        observation_as=document["observation_as"]["stratum"],
        annual_visit_cap=int(document["annual_visit_cap"]["visits"]),
        inspectors_per_visit=int(document["inspectors_per_visit"]["inspectors"]),
        due_days=int(document["due"]["days"]),
        sha256=hashlib.sha256(_canonical(document)).hexdigest(),
        document=document,
    )


def _item(row: Mapping[str, Any]) -> Item:
    return Item(
        code=row["code"],
        zh=row["zh"],
        en=row["en"],
        kind=row["kind"],
        on_site=bool(row["on_site"]),
        specialty=row.get("specialty", ""),
        valid_from=row["valid_from"],
        valid_until=row.get("valid_until"),
        source=row["source"],
        confidence=row["confidence"],
    )


def _canonical(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, sort_keys=True, ensure_ascii=False, default=str).encode()


def _require(holds: bool, pack: str, reason: str) -> None:  # noqa: FBT001
    if not holds:
        raise InvalidPack(pack, reason)
