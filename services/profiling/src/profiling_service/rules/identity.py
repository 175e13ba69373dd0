"""What is known of an entity's identity, whichever of its facts came first."""

from profiling_service.model.entities import FIELDS, FieldValue, Identity, Patch

_INDEX = {name: index for index, name in enumerate(FIELDS)}


def clock(occurred_at_ms: int, *, is_change: bool) -> int:
    """The clock of what a fact says: later wins, and at the same instant a change beats a registration."""
    return occurred_at_ms * 2 + is_change


def patch(at: int, **values: FieldValue) -> Patch | None:
    """What a fact says, without what it does not know; None when that is nothing."""
    told = {name: _storable(value) for name, value in values.items()}
    known = tuple((_INDEX[name], value) for name, value in told.items() if value not in ("", None, ()))
    return Patch(at, known) if known else None


def patched(identity: Identity, said: Patch) -> Identity:
    """The identity after one more fact; at the same clock the greater text wins, so that order never matters."""
    clocks = list(identity.clocks)
    kept = [getattr(identity, name) for name in FIELDS]
    for index, value in said.values:
        if (said.clock, str(value)) > (clocks[index], str(kept[index])):
            kept[index], clocks[index] = value, said.clock
    return Identity(**dict(zip(FIELDS, kept, strict=True)), clocks=tuple(clocks))


def _storable(value: FieldValue) -> FieldValue:
    """Zero characters, which no register means and no database keeps, are left out."""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, tuple):
        return tuple(item.replace("\0", "") for item in value)
    return value
