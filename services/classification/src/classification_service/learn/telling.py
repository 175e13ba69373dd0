"""The one JSON object that says what was learned and what speaks for it."""

import math
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from classification_service.rules.learning.proposing import Period, Proposal

_EPOCH = date(1970, 1, 1)
_DIGITS = 4


def told(proposal: Proposal, text: str) -> dict[str, Any]:
    """Everything measured, rounded to four digits; a measure that cannot be taken is null."""
    sample, document = proposal.sample, proposal.document
    return {
        "model": f"{document['code']}@{document['version']}",
        "from": proposal.model.id,
        "visits": len(sample.found),
        "problems": int(sample.found.sum()),
        "uniform": int(sample.uniform.sum()),
        "worth": round(proposal.worth, 1),
        "without_evidence": sample.without_evidence,
        "inspectors": len(proposal.revision.strictness),
        "penalty": proposal.penalty,
        "chosen_by": [_period(each) for each in proposal.chosen_by],
        "judged_by": _period(proposal.judged_by),
        "is_better": proposal.is_better,
        "text": text,
    }


def day_of(days: int) -> date:
    """The day so many days after 1970-01-01."""
    return _EPOCH + timedelta(days=days)


def _period(period: Period) -> Mapping[str, Any]:
    figures = {name: _figure(value) for name, value in asdict(period).items()}
    days = {name: day_of(getattr(period, name)).isoformat() for name in ("first_day", "last_day")}
    return {**figures, **days}


def _figure(value: float) -> float | int | None:
    if isinstance(value, int):
        return value
    return round(value, _DIGITS) if math.isfinite(value) else None
