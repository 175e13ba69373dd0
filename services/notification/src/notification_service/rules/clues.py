"""Which platform gets which clue, what it may be told, and what its answer means (政企协同共管共治)."""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Final

from vocabulary.calendar import add_working_days

from notification_service.errors import ClueAlreadyAnswered, ClueWithdrawn
from notification_service.model import (
    Answer,
    Clue,
    ClueAction,
    ClueAnswered,
    ClueState,
    Delivery,
    DeliveryKind,
    Platform,
    Signal,
)
from notification_service.rules.identifiers import derived
from notification_service.rules.localised import Localised

SALT_BYTES: Final = 16


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


def clues_of(
    signal: Signal,
    platforms: Sequence[Platform],
    operators: AbstractSet[tuple[str, str]],
    kinds: ClueKinds,
    new_salt: Callable[[], bytes],
) -> list[Clue]:
    """One clue for each subscribed platform the entity sells on.

    Args:
        signal: what was noticed.
        platforms: the subscribed ones.
        operators: pairs of platform code and USCC that platforms or staff have named.
        kinds: which families become clues.
        new_salt: makes `SALT_BYTES` random bytes, other ones for each clue.
    """
    kind = kinds.get(signal.family)
    if kind is None:
        return []
    named = {name.casefold() for name in signal.platforms}
    return [
        _clue(signal, platform.code, kind, new_salt())
        for platform in platforms
        if (platform.code, signal.uscc) in operators
        or platform.code.casefold() in named
        or platform.name.casefold() in named
    ]


def _clue(signal: Signal, platform: str, kind: ClueKind, salt: bytes) -> Clue:
    return Clue(
        clue_id=derived("c", signal.signal_id, platform),
        signal_id=signal.signal_id,
        uscc=signal.uscc,
        platform=platform,
        kind=signal.family,
        severity=signal.severity,
        evidence_digest=evidence_digest(signal.evidence, salt),
        evidence_salt=salt.hex(),
        legal_basis=kind.legal_basis,
        raised_on=signal.raised_on,
        due_on=add_working_days(signal.raised_on, kind.answer_within_working_days),
    )


def evidence_digest(evidence: Sequence[str], salt: bytes) -> str:
    """HMAC-SHA-256 by `salt`, in hex, of the evidence's identifiers, sorted, one to a line.

    It proves the evidence once the salt is shown; without the salt nobody can try out identifiers against it.
    """
    return hmac.new(salt, "\n".join(sorted(evidence)).encode(), hashlib.sha256).hexdigest()


def payload(delivery: Delivery) -> dict[str, object]:
    """What a platform is told: the least it needs to act, and nothing about the entity's risk.

    Source: Standard Webhooks, "Payload structure": type, timestamp, data.
    """
    told = _withdrawal if delivery.kind is DeliveryKind.WITHDRAWN else _news
    return {
        "type": delivery.kind.value,
        "timestamp": delivery.happened_at.isoformat(),
        "data": told(delivery),
    }


def _news(delivery: Delivery) -> dict[str, object]:
    clue = delivery.clue
    return {
        "clue_id": clue.clue_id,
        "uscc": clue.uscc,
        "name": delivery.name,
        "kind": clue.kind,
        "severity": clue.severity.value,
        "legal_basis": clue.legal_basis,
        "evidence_digest": clue.evidence_digest,
        "due_on": clue.due_on.isoformat(),
    }


def _withdrawal(delivery: Delivery) -> dict[str, object]:
    return {"clue_id": delivery.clue.clue_id, "uscc": delivery.clue.uscc}


def answered(clue: Clue, answer: Answer) -> Clue | None:
    """The clue with its answer; None when the answer says nothing new.

    An answer after the day it was due is still an answer. Until the final one, each replaces the one before.

    Raises:
        ClueAlreadyAnswered: a final answer was given before, and this one differs in action or words.
        ClueWithdrawn: what caused the clue is over.
    """
    if (answer.action, answer.remark) == (clue.action, clue.remark):
        return None
    if clue.state is ClueState.WITHDRAWN:
        raise ClueWithdrawn(clue.clue_id)
    if clue.state is ClueState.ANSWERED:
        raise ClueAlreadyAnswered(str(clue.action))
    return replace(
        clue, state=_state_after(clue.state, answer.action), action=answer.action, remark=answer.remark
    )


def _state_after(state: ClueState, action: ClueAction) -> ClueState:
    if action is not ClueAction.ACKNOWLEDGED:
        return ClueState.ANSWERED
    return ClueState.OVERDUE if state is ClueState.OVERDUE else ClueState.ACKNOWLEDGED


def answer_event(clue: Clue, answer: Answer) -> ClueAnswered:
    """The event that a platform answered."""
    return ClueAnswered(
        clue.clue_id, clue.uscc, clue.platform, answer.action.value, answer.remark, answer.answered_at
    )
