"""What the forms of facts may ask of the contract."""

from collections.abc import Iterator
from typing import Any

from contracts.ingestion.v1_pb2 import FactAccepted
from eventbus import Received
from vocabulary.uscc import synthesise

from profiling_service.model.facts import Fact, FactType
from profiling_service.model.forms import Form, Forms
from profiling_service.wire.facts import FactReader

_DAY_MS = 86_400_000
_ONES: Any = FactAccepted.DESCRIPTOR.oneofs_by_name["data"].fields


def unknown_members(forms: Forms) -> Iterator[str]:
    """A sentence for each form that asks for members its message does not have."""
    members = {field.name: set(field.message_type.fields_by_name) for field in _ONES}
    for kind, form in forms.items():
        name = FactType(kind).code
        unknown = sorted(_asked(form) - members[name]) if name in members else []
        if unknown:
            yield f"facts: {name} has no {unknown}"


def _asked(form: Form) -> set[str]:
    asked = {condition.member for condition in form.conditions} | {*form.members, form.refers_to, form.group}
    return asked - {"", "own", "reference"}


def blank_facts(forms: Forms, day: int) -> Iterator[Fact]:
    """A fact of every type about one fictional entity, every member at its default."""
    read, uscc = FactReader(forms), synthesise("9", "1", "510104", 1)
    for number, field in enumerate(_ONES):
        event = FactAccepted(source="check", fact_id=f"F-{number}", uscc=uscc, occurred_at_ms=day * _DAY_MS)
        getattr(event, field.name).SetInParent()
        yield read(Received("", 0, 0, "", "", 0, uscc, event.SerializeToString(), 0, ""))
