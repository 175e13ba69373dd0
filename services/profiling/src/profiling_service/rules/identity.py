"""What is known of an entity's identity, whichever of its facts came first."""

import re
from collections.abc import Container, Iterable

from vocabulary.addresses import normalise_address
from vocabulary.scope import infer_industry, sectors
from vocabulary.scope.sectors import graded_as

from profiling_service.model.entities import FIELDS, SECTORS, FieldValue, Identity, Patch
from profiling_service.model.facts import Statement

_TEXT_FIELDS = frozenset(
    {
        *("name", "address", "area_code", "industry", "legal_person_ref", "entity_type"),
        *("contact_ref", "agent_ref", "head_uscc"),
    }
)
_WHOLE_NUMBER = re.compile(r"\d{1,18}")
_INDEX = {name: index for index, name in enumerate(FIELDS)}


def clock(occurred_at_ms: int, *, is_change: bool) -> int:
    """The clock of what a fact says: later wins, and at the same instant a change beats a registration."""
    return occurred_at_ms * 2 + is_change


def patch(at: int, **values: FieldValue) -> Patch | None:
    """What a fact says, without what it does not know; None when that is nothing."""
    told = {name: _storable(value) for name, value in values.items()}
    known = tuple(
        (_INDEX[name], value)
        for name, value in told.items()
        if value not in ("", None, ()) or name == "inferred_industry"
    )
    return Patch(at, known) if known else None


def patch_of_change(field: str, after: str, at: int) -> Patch | None:
    """What a changed particular says of the identity; None for one we do not keep, or a value we cannot read."""
    if field == "business_scope":
        return patch(at, **inferred(after, "", ""))
    if field == "registered_capital_fen":
        return patch(at, capital_fen=int(after)) if _WHOLE_NUMBER.fullmatch(after) else None
    return patch(at, **{field: after}) if field in _TEXT_FIELDS else None


def patched(identity: Identity, said: Patch) -> Identity:
    """The identity after one more fact; at the same clock the greater text wins, so that order never matters."""
    clocks = list(identity.clocks)
    kept = [getattr(identity, name) for name in FIELDS]
    for index, value in said.values:
        if (said.clock, str(value)) > (clocks[index], str(kept[index])):
            kept[index], clocks[index] = value, said.clock
    return Identity(**dict(zip(FIELDS, kept, strict=True)), clocks=tuple(clocks))


def stated(
    before: Identity, statements: Iterable[Statement], replaced: Container[int] = frozenset()
) -> Identity:
    """The identity once these facts have spoken, without those that are corrected or taken back."""
    identity = before
    for key, said in statements:
        if key not in replaced:
            identity = patched(identity, said)
    return identity


def address_key(address: str) -> str:
    """The address as it is compared with others."""
    return normalise_address(address)


def inferred(scope: str, name: str, industry: str) -> dict[str, FieldValue]:
    """What a business scope says: the industry, where none is registered, and sectors (经营范围).

    Sectors are bits of `model.entities.SECTORS`.
    """
    if not scope:
        return {}
    found = None if industry else infer_industry(scope, name)
    graded = {graded_as(sector) for sector in sectors(scope, name)}
    bits = sum(bit for sector, bit in SECTORS.items() if sector in graded)
    return {"inferred_industry": found.code if found else "", "scope_sectors": bits}


def _storable(value: FieldValue) -> FieldValue:
    """Zero characters, which no register means and no database keeps, are left out."""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, tuple):
        return tuple(item.replace("\0", "") for item in value)
    return value
