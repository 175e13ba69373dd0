"""A fact as the contract says it, and what its form makes of it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from contracts.ingestion.v1_pb2 import FactAccepted, InspectionCompleted
from contracts.repair.v1_pb2 import RecordStopped
from contracts.sampling.v1_pb2 import InspectionResultRecorded

from profiling_reference.packs import FORMS, RESULTS

Message = FactAccepted | RecordStopped | InspectionResultRecorded
SHANGHAI = timezone(timedelta(hours=8))
EPOCH = date(1970, 1, 1)
SAMPLING, REPAIR = "creditloop.sampling", "creditloop.repair"


@dataclass(frozen=True)
class Fact:
    """One fact.

    Attributes:
        record: `source|id`.
        occurred: In Shanghai.
        says: Its particulars by the contract's names, without those that are absent.
        replaces: The record it corrects or takes back, or empty.
    """

    type: str
    source: str
    record: str
    occurred: datetime
    recorded: datetime
    says: dict[str, Any]
    replaces: str = ""

    @property
    def minute(self) -> datetime:
        """When it occurred, as exactly as the service knows."""
        return self.occurred.replace(second=0, microsecond=0)

    @property
    def names(self) -> str:
        """The record it refers to, or empty."""
        member = FORMS[self.type].get("refers_to", "")
        named = str(self.says[member]) if member else ""
        if not named or self.type == "record_stopped":
            return named
        return f"{self.source}|{named}"

    @property
    def group(self) -> str:
        """What it belongs together with others by."""
        member = FORMS[self.type].get("group", "own")
        if member == "reference":
            return self.names or self.record
        if member == "own" or self.says[member] == "":
            return self.record
        return f"{member} {self.says[member]}"

    @property
    def value(self) -> int:
        """Its fen, year or count."""
        ((how, said),) = FORMS[self.type]["value"].items()
        return sum(self.says[member] for member in (said if how == "sum" else [said]))

    @property
    def last_day(self) -> date:
        """The last day it speaks of; the last there is where it has none."""
        day = self.says.get(FORMS[self.type]["value"]["until"])
        return date.max if day is None else EPOCH + timedelta(days=day)

    def has(self, flag: str) -> bool:
        """Whether one of the flag's conditions is so."""
        return any(self._is(condition) for condition in FORMS[self.type]["flags"][flag])

    def _is(self, condition: dict[str, Any]) -> bool:
        ((member, asked),) = condition.items()
        if member == "inspection":
            return _found(self.says) == str(asked)
        said = self.says.get(member)
        if isinstance(asked, bool):
            return said is asked
        if asked == "known":
            return said not in (None, "")
        if isinstance(asked, list):
            return any(code in asked for code in _listed(said))
        ((how, bound),) = asked.items()
        if how == "beyond":
            return any(code not in bound for code in _listed(said))
        assert said is not None
        return bool(said >= bound if how == "at_least" else said <= bound)


def _listed(said: Any) -> list[str]:
    return said if isinstance(said, list) else [said]


def _found(says: dict[str, Any]) -> str:
    """`problem` or `clean`; empty for what does not count, and for codes that cannot stand together."""
    if any(says.get(f"{weight}_violations", 0) for weight in ("critical", "serious", "minor")):
        return "problem"
    codes = set(says["result_codes"])
    if not codes or not codes <= set(RESULTS):
        return ""
    rows = [RESULTS[code] for code in codes]
    if len(rows) > 1 and any(row["exclusive"] for row in rows):
        return ""
    if any(row["is_problem"] for row in rows):
        return "problem"
    return "clean" if any(row["in_denominator"] for row in rows) else ""


def fact_of(message: Message) -> Fact:
    """The fact a message tells."""
    if isinstance(message, RecordStopped):
        occurred = datetime.combine(_date(message.stopped_on_day), datetime.min.time(), SHANGHAI)
        says: dict[str, Any] = {"record_id": message.record_id}
        recorded = _instant(message.recorded_at_ms)
        return Fact("record_stopped", REPAIR, f"{REPAIR}|{message.stop_id}", occurred, recorded, says)
    occurred, recorded = _instant(message.occurred_at_ms), _instant(message.recorded_at_ms)
    if isinstance(message, InspectionResultRecorded):
        says = _members(InspectionCompleted(result_codes=message.result_codes))
        record = f"{SAMPLING}|{message.result_id}"
        return Fact("inspection_completed", SAMPLING, record, occurred, recorded, says)
    kind = message.WhichOneof("data")
    assert kind is not None
    says = _members(getattr(message, kind))
    source = message.source
    replaced = says["fact_id"] if kind == "fact_retracted" else message.supersedes
    replaces = f"{source}|{replaced}" if replaced else ""
    return Fact(kind, source, f"{source}|{message.fact_id}", occurred, recorded, says, replaces)


def _members(data: Any) -> dict[str, Any]:
    found = {}
    for field in data.DESCRIPTOR.fields:
        if not field.has_presence or data.HasField(field.name):
            said = getattr(data, field.name)
            found[field.name] = list(said) if field.is_repeated else said
    return found


def _date(day: int) -> date:
    return EPOCH + timedelta(days=day)


def _instant(milliseconds: int) -> datetime:
    return (datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds)).astimezone(SHANGHAI)
