"""Conditions of repair, its clocks, and what fraud costs."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from vocabulary.calendar import add_months, add_working_days

from repair_service.model import Penalty, RecordKind, Ruling, Subject
from repair_service.rules.law import Law
from repair_service.rules.publicity import ruling


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Last days to accept an application, to decide it, and to decide it when extended once."""

    accept_by: date
    decide_by: date
    extended_to: date


@dataclass(frozen=True, slots=True)
class Barred:
    """What follows repair obtained by fraud: the new period, and the first day on which one may apply again."""

    ruling: Ruling
    no_application_before: date


def unmet_conditions(
    subject: Subject, ruled: Ruling, *, on: date, met: Iterable[str], penalties: Iterable[Penalty] = ()
) -> tuple[str, ...]:
    """What stands against an application on a day, as codes, in order; empty when it may be granted.

    `no_early_repair` and `too_early` come before the conditions of the rule. Repetition is judged from the entity's
    other penalties, the rest from what was proven (`met`).
    """
    if ruled.apply_from is None:
        return ("no_early_repair",)
    shown = set(met)
    if not _repeated(subject, penalties):
        shown.add("no_repeat")
    else:
        shown.discard("no_repeat")
    if subject.restriction_until is None or subject.restriction_until < on:
        shown.add("restriction_ended")
    unmet = tuple(condition for condition in ruled.conditions if condition not in shown)
    return ("too_early", *unmet) if on < ruled.apply_from else unmet


def _repeated(subject: Subject, penalties: Iterable[Penalty]) -> bool:
    """Whether the entity was punished again for a violation of the same kind during publicity."""
    if not isinstance(subject, Penalty) or not subject.violation:
        return False
    return any(
        other.violation == subject.violation
        and other.decided_on >= subject.decided_on
        and other.record_id != subject.record_id
        for other in penalties
    )


def deadlines(filed_on: date, kind: RecordKind, law: Law) -> Deadlines:
    """The clocks of an application, under the rule set in force on the day it is filed, in working days.

    Deciding counts from acceptance, taken to be on its last day.
    """
    clocks = law.on(filed_on).clocks
    accept_by = add_working_days(filed_on, clocks.accept)
    decide_by = add_working_days(accept_by, clocks.decide[kind])
    return Deadlines(accept_by, decide_by, add_working_days(decide_by, clocks.extension))


def after_fraud(subject: Subject, revoked_on: date, law: Law) -> Barred:
    """What holds once a repair obtained by fraud is revoked: the whole period again from that day, no early stop.

    Source: 总局令第107号 §23.
    """
    fraud = law.on(revoked_on).fraud
    again = ruling(_decided(subject, revoked_on), law)
    return Barred(replace(again, apply_from=None), add_months(revoked_on, fraud.bar_months))


def _decided(subject: Subject, day: date) -> Subject:
    if isinstance(subject, Penalty):
        return replace(subject, decided_on=day, published_on=day)
    return replace(subject, decided_on=day)
