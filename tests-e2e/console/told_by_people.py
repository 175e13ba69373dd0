"""What people decided about a class, as an entity's page writes it."""

from typing import Any

from reading import NOTHING, moment, words

Told = dict[str, Any]

WORDS = words("floors/entity/peopleText.ts")


def intervention_told(row: Told, indicators: dict[str, str]) -> list[str]:
    """A class that somebody set, or an item that rests."""
    decided = f"{row['decided_by']} · {moment(row['decided_at'])}" if row["decided_by"] else NOTHING
    return [
        WORDS[f"kind_{row['kind']}"],
        row["risk_class"] if row["kind"] == "manual" else indicators[row["indicator"]],
        WORDS[f"state_{row['state']}"],
        f"{row['reason']} {row['refuse_reason'] or row['end_reason']}".strip(),
        row["expires_on"] or NOTHING,
        f"{row['proposed_by']} · {moment(row['proposed_at'])}",
        decided,
    ]


def objection_told(row: Told, indicators: dict[str, str]) -> list[str]:
    """What the entity objects to."""
    state = WORDS[f"objection_{row['state']}"]
    return [
        row["record"] or NOTHING,
        "、".join(indicators[code] for code in row["indicators"]) or NOTHING,
        row["ground"],
        row["filed_on"],
        row["due_on"],
        f"{state} {row['reason'] or ''}".strip(),
    ]
