"""What is registered of an entity: each particular as it was last so."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from profiling_reference.facts import Fact

_OF_REGISTRATION = {
    "name": "name",
    "entity_type": "entity_type",
    "established_on_day": "established_on_day",
    "registered_capital_fen": "capital_fen",
    "area_code": "area_code",
    "industry": "industry",
    "address": "address",
    "legal_person_ref": "legal_person_ref",
    "platforms": "platforms",
    "contact_ref": "contact_ref",
    "agent_ref": "agent_ref",
    "head_uscc": "head_uscc",
}
"""Members of a registration, and what we call the particular."""


def particulars(facts: Sequence[Fact]) -> dict[str, Any]:
    """By name those that are known.

    The later fact is right; at the same instant a change rather than a registration, and then the greater text.
    """
    said: dict[str, list[tuple[datetime, bool, str, Any]]] = {}
    for fact in facts:
        for name, value in _said(fact).items():
            if value not in (None, "", []):
                claim = (fact.occurred, fact.type != "registration_recorded", str(value), value)
                said.setdefault(name, []).append(claim)
    return {name: max(claims, key=lambda claim: claim[:3])[3] for name, claims in said.items()}


def _said(fact: Fact) -> dict[str, Any]:
    says = fact.says
    if fact.type == "registration_recorded":
        return {name: says.get(member) for member, name in _OF_REGISTRATION.items()}
    if fact.type == "registration_moved":
        return {"area_code": says["to_area"]}
    if fact.type == "registration_changed" and says["field"] in _OF_REGISTRATION:
        after = says["after"]
        is_amount = says["field"] == "registered_capital_fen"
        return {_OF_REGISTRATION[says["field"]]: int(after) if is_amount else after}
    return {}
