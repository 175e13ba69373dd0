"""Which notices follow from an event (两书同达, 停止公示, 年报提示)."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from notification_service.errors import TemplateFault
from notification_service.model import (
    Attempt,
    Notice,
    NoticeFailed,
    RecordStop,
    RepairNotice,
    Signal,
)
from notification_service.rules.identifiers import derived
from notification_service.rules.templates import TemplateCatalogue

OUTBOX_FOLDER: Final = "outbox_folder"
REMINDED_FAMILY: Final = "annual_report_due"
SILENT_STOP: Final = "cancelled_entity"
"""Publicity that stops because the entity is gone needs no letter."""

SUPPLIED: Final[Mapping[str, frozenset[str]]] = {
    "repair_notice": frozenset(
        {"kind", "document_number", "apply_from", "stops_on", "conditions", "citation"}
    ),
    "publicity_stopped": frozenset({"kind", "reason", "stopped_on", "citation"}),
    "annual_report_reminder": frozenset({"report_year", "due_on", "citation"}),
}
"""What the rules below give to each template."""


def check_supplied(catalogue: TemplateCatalogue) -> None:
    """Every template that can be planned exists, and asks for nothing the rules do not supply.

    Raises:
        TemplateFault: one does.
    """
    if absent := SUPPLIED.keys() - catalogue.codes:
        raise TemplateFault(f"no template for {', '.join(sorted(absent))}")
    for template in catalogue.all():
        given = SUPPLIED.get(template.code, frozenset())
        if lacking := (template.required | template.optional) - given:
            raise TemplateFault(f"{template.code}@{template.version} asks for {', '.join(sorted(lacking))}")


def repair_notice(due: RepairNotice, catalogue: TemplateCatalogue) -> Notice:
    """The letter that goes with a decision."""
    params = {
        "kind": due.kind,
        "document_number": due.document_number,
        "apply_from": _iso(due.apply_from),
        "stops_on": _iso(due.stops_on),
        "conditions": ",".join(due.conditions),
        "citation": due.citation,
    }
    return _notice("repair_notice", due.uscc, f"repair|{due.notice_id}", due.issued_on, params, catalogue)


def stop_notice(stop: RecordStop, catalogue: TemplateCatalogue) -> Notice | None:
    """The letter that says a record is no longer public; None when it never was, or nobody is left to read it."""
    if stop.reason == SILENT_STOP or not stop.was_public:
        return None
    params = {
        "kind": stop.kind,
        "reason": stop.reason,
        "stopped_on": _iso(stop.stopped_on),
        "citation": stop.citation,
    }
    return _notice("publicity_stopped", stop.uscc, f"stop|{stop.stop_id}", stop.stopped_on, params, catalogue)


def reminder(signal: Signal, catalogue: TemplateCatalogue) -> Notice | None:
    """The letter that reminds of the annual report; None for a signal of another family.

    Source: 企业信息公示暂行条例 §8: the report of a year is due by 30 June of the next.
    """
    if signal.family != REMINDED_FAMILY:
        return None
    template = catalogue.in_force("annual_report_reminder", signal.raised_on)
    params = {
        "report_year": str(signal.raised_on.year - 1),
        "due_on": date(signal.raised_on.year, 6, 30).isoformat(),
        "citation": template.citation,
    }
    key = f"signal|{signal.signal_id}"
    return _notice(template.code, signal.uscc, key, signal.raised_on, params, catalogue)


def failed(attempt: Attempt) -> NoticeFailed:
    """The event that a notice was given up."""
    letter = attempt.letter
    return NoticeFailed(letter.notice_id, letter.uscc, OUTBOX_FOLDER, attempt.error, letter.attempts)


def _notice(  # noqa: PLR0913, PLR0917 - what a notice is made of
    code: str, uscc: str, key: str, issued_on: date, params: Mapping[str, str], catalogue: TemplateCatalogue
) -> Notice:
    template = catalogue.in_force(code, issued_on)
    origin = key.partition("|")[2]
    return Notice(derived("n", key), uscc, code, template.version, params, origin, issued_on, OUTBOX_FOLDER)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
