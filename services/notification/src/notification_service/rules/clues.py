"""Which platform gets which clue, what it may be told, and what its answer means (政企协同共管共治)."""

import hashlib
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any, Final

import yaml
from vocabulary.calendar import add_working_days

from notification_service.errors import ClueAlreadyAnswered
from notification_service.model import (
    Answer,
    Clue,
    ClueAction,
    ClueAnswered,
    ClueState,
    Delivery,
    Platform,
    Signal,
)
from notification_service.rules.identifiers import derived
from notification_service.rules.localised import Localised

EVENT_TYPE: Final = "clue.created"


@dataclass(frozen=True, slots=True)
class ClueKind:
    """What clues of one signal family rest on.

    Attributes:
        name: what it is called.
        legal_basis: the clause by which the platform must act.
        answer_within_working_days: days the platform has, counted from the day after the signal.
    """

    name: Localised
    legal_basis: str
    answer_within_working_days: int


ClueKinds = Mapping[str, ClueKind]
"""Signal family → kind of clue; other families become no clue."""


def read_kinds(text: bytes) -> ClueKinds:
    """The kinds `packs/clues.yaml` describes."""
    families: dict[str, Any] = yaml.safe_load(text)["families"]
    return {
        family: ClueKind(
            Localised.read(entry["name"], f"clues.{family}"),
            str(entry["legal_basis"]),
            int(entry["answer_within_working_days"]),
        )
        for family, entry in families.items()
    }


def clues_of(
    signal: Signal, platforms: Sequence[Platform], operators: AbstractSet[tuple[str, str]], kinds: ClueKinds
) -> list[Clue]:
    """One clue for each subscribed platform the entity sells on.

    Args:
        signal: what was noticed.
        platforms: the subscribed ones.
        operators: pairs of platform code and USCC that platforms or staff have named.
        kinds: which families become clues.
    """
    kind = kinds.get(signal.family)
    if kind is None:
        return []
    named = {name.casefold() for name in signal.platforms}
    return [
        _clue(signal, platform.code, kind)
        for platform in platforms
        if (platform.code, signal.uscc) in operators
        or platform.code.casefold() in named
        or platform.name.casefold() in named
    ]


def _clue(signal: Signal, platform: str, kind: ClueKind) -> Clue:
    return Clue(
        clue_id=derived("c", signal.signal_id, platform),
        signal_id=signal.signal_id,
        uscc=signal.uscc,
        platform=platform,
        kind=signal.family,
        severity=signal.severity,
        evidence_sha256=evidence_digest(signal.evidence),
        legal_basis=kind.legal_basis,
        raised_on=signal.raised_on,
        due_on=add_working_days(signal.raised_on, kind.answer_within_working_days),
    )


def evidence_digest(evidence: Sequence[str]) -> str:
    """SHA-256, in hex, of the evidence's identifiers, sorted, one to a line: proves them without telling them."""
    return hashlib.sha256("\n".join(sorted(evidence)).encode()).hexdigest()


def payload(delivery: Delivery) -> dict[str, object]:
    """What a platform is told: the least it needs to act, and nothing about the entity's risk.

    Source: Standard Webhooks, "Payload structure": type, timestamp, data.
    """
    clue = delivery.clue
    return {
        "type": EVENT_TYPE,
        "timestamp": delivery.created_at.isoformat(),
        "data": {
            "clue_id": clue.clue_id,
            "uscc": clue.uscc,
            "name": delivery.name,
            "kind": clue.kind,
            "severity": clue.severity.value,
            "legal_basis": clue.legal_basis,
            "evidence_sha256": clue.evidence_sha256,
            "due_on": clue.due_on.isoformat(),
        },
    }


def answered(clue: Clue, answer: Answer) -> Clue | None:
    """The clue with its answer; None when the answer says nothing new.

    An answer after the day it was due is still an answer.

    Raises:
        ClueAlreadyAnswered: another final answer was given before.
    """
    if clue.state is ClueState.ANSWERED:
        if answer.action in {clue.action, ClueAction.ACKNOWLEDGED}:
            return None
        raise ClueAlreadyAnswered(str(clue.action))
    if answer.action is not ClueAction.ACKNOWLEDGED:
        return replace(clue, state=ClueState.ANSWERED, action=answer.action, remark=answer.remark)
    if clue.action is ClueAction.ACKNOWLEDGED:
        return None
    state = ClueState.OVERDUE if clue.state is ClueState.OVERDUE else ClueState.ACKNOWLEDGED
    return replace(clue, state=state, action=answer.action, remark=answer.remark)


def answer_event(clue: Clue, answer: Answer) -> ClueAnswered:
    """The event that a platform answered."""
    return ClueAnswered(
        clue.clue_id, clue.uscc, clue.platform, answer.action.value, answer.remark, answer.answered_at
    )
