"""Which facts count on a day."""

from collections.abc import Sequence
from datetime import date, datetime

from profiling_reference.facts import Fact
from profiling_reference.packs import FORMS


def known(facts: Sequence[Fact], valid_at: date | None, known_at: datetime | None) -> list[Fact]:
    """What was known of the world as it was: facts that had occurred and were recorded, and were not replaced.

    A correction or retraction says what never was so: it is a matter of what is known, not of when it occurred.
    """
    recorded = [fact for fact in facts if known_at is None or fact.recorded <= known_at]
    replaced = {fact.replaces for fact in recorded}
    return [
        fact
        for fact in recorded
        if (valid_at is None or fact.occurred.date() <= valid_at)
        and (fact.type == "fact_retracted" or fact.record not in replaced)
    ]


def counting(facts: Sequence[Fact], today: date) -> list[Fact]:
    """Those of the known facts that count on the day."""
    return [
        fact
        for fact in facts
        if not any(_ends(other, fact) for other in facts)
        and not (FORMS[fact.type].get("lasts") == "until" and fact.last_day < today)
    ]


def _ends(ender: Fact, fact: Fact) -> bool:
    form = FORMS[ender.type]
    if fact.type not in form.get("ends", ()):
        return False
    if ender.names:
        follows = FORMS[fact.type].get("group") == "reference" and ender.names == fact.names
        return ender.names == fact.record or follows
    unnamed = form.get("unnamed", "nothing")
    if unnamed == "nothing" or fact.minute > ender.minute:
        return False
    if unnamed == "all":
        return True
    if unnamed == "group":
        return ender.group == fact.group
    return any(ender.has(flag) and fact.has(flag) for flag in unnamed["alike"])
