"""The law as data: rule sets with the days they hold, each rule with its clause and how sure we are of it."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise
from typing import Literal

import msgspec
from vocabulary.code_tables import Confidence
from vocabulary.penalties import KeyField, PenaltyKind, SeverityGrade

from repair_service.errors import RegimeFault
from repair_service.model import RecordKind, StopReason, Tier

LISTING_RULES: Mapping[RecordKind, str] = {
    RecordKind.ABNORMAL_LISTING: "abnormal_listing",
    RecordKind.SERIOUS_LISTING: "serious_listing",
}


class Cited(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a rule stands, and how sure we are of it."""

    clause: str
    confidence: Confidence


class Rule(Cited, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Publicity under one clause; months count from the first day of publicity.

    Attributes:
        apply_after_months: least publicity before repair may be applied for; None: no early repair.
        stops_after_months: publicity stops with no application; None: no fixed period.
        conditions: what repair asks for, as codes, in order.
    """

    tier: Tier
    apply_after_months: int | None = None
    stops_after_months: int | None = None
    conditions: tuple[str, ...] = ()

    @property
    def weight(self) -> tuple[int, bool, int]:
        """Orders rules by how long they keep a penalty public: of several kinds the heaviest holds."""
        return self.stops_after_months or 0, self.apply_after_months is None, self.apply_after_months or 0


class LowFine(Cited, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A fine so light and low that it is minor (仅较低数额罚款); the amount is in fen."""

    rule: str
    grades: frozenset[SeverityGrade]
    at_most_fen: int


class KeyFields(Cited, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Fields whose penalties fall under `rule` when they are not minor."""

    rule: str
    fields: frozenset[KeyField]


class IndividualListing(Cited, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Abnormal listings of individual businesses (个体工商户) that end by themselves on 30 June of the next year."""

    from_: date = msgspec.field(name="from")
    reasons: frozenset[str]


class Clocks(Cited, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Working days to accept an application, to decide it by kind of record, and to extend that once."""

    accept: int
    decide: dict[RecordKind, int]
    extension: int


class Fraud(Cited, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What repair obtained by fraud costs: the period starts again, and months in which none may apply."""

    restarts: bool
    bar_months: int


class Assumption(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What we assumed where the law was not found."""

    text: str
    confidence: Confidence


class Title(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Name of the rule set."""

    zh: str
    en: str


class Regime(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One rule set, in force from `valid_from` to the day before `valid_to` (None: still).

    `earlier_decisions` says what it means for decisions made before it: `governs` rules them too, `stops_no_later`
    shortens the publicity of what is still open.
    """

    code: str
    valid_from: date
    valid_to: date | None = None
    title: Title
    source: str
    earlier_decisions: Literal["governs", "stops_no_later"]
    assumptions: tuple[Assumption, ...]
    rules: dict[str, Rule]
    kinds: dict[PenaltyKind, str]
    low_fine: LowFine
    key_fields: KeyFields
    abnormal_reasons: dict[str, tuple[str, ...]]
    other_abnormal_reason: tuple[str, ...]
    individual_listing: IndividualListing
    clocks: Clocks
    fraud: Fraud
    stops: dict[StopReason, Cited]

    def citation(self, cited: Cited) -> str:
        """Source and clause, as shown to people."""
        return f"{self.source} {cited.clause}"

    def rule_name(self, cited: Cited) -> str:
        """First day of the rule set and clause, as events carry it."""
        return f"{self.valid_from.isoformat()} {cited.clause}"

    def conditions_of(self, abnormal_reason: str) -> tuple[str, ...]:
        """What removal from the abnormal list asks for."""
        return self.abnormal_reasons.get(abnormal_reason, self.other_abnormal_reason)


class Law(msgspec.Struct, frozen=True):
    """Rule sets in order of time, without gap or overlap; the first also governs what is older, if it says so."""

    regimes: tuple[Regime, ...]

    def on(self, day: date) -> Regime:
        """The rule set in force that day.

        Raises:
            RegimeFault: The day lies before the first, which does not govern earlier decisions.
        """
        found = [regime for regime in self.regimes if regime.valid_from <= day]
        if found:
            return found[-1]
        if self.regimes[0].earlier_decisions != "governs":
            raise RegimeFault(f"no rule set holds on {day}")
        return self.regimes[0]

    def after(self, regime: Regime) -> Iterable[Regime]:
        """The rule sets that followed, in order."""
        return self.regimes[self.regimes.index(regime) + 1 :]


def parse_law(documents: Iterable[bytes]) -> Law:
    """The law made of these YAML documents, one rule set each.

    Raises:
        RegimeFault: A document cannot be read, refers to what it does not define, or leaves a gap in time.
    """
    regimes = tuple(sorted(map(_parse, documents), key=lambda regime: regime.valid_from))
    if not regimes:
        raise RegimeFault("there is no rule set")
    for former, later in pairwise(regimes):
        if former.valid_to != later.valid_from:
            raise RegimeFault(f"{former.code} ends {former.valid_to}, {later.code} begins {later.valid_from}")
    return Law(regimes)


def _parse(document: bytes) -> Regime:
    try:
        regime = msgspec.yaml.decode(document, type=Regime)
    except msgspec.MsgspecError as error:
        raise RegimeFault(f"cannot be read: {error}") from error
    for fault in _faults(regime):
        raise RegimeFault(f"{regime.code}: {fault}")
    return regime


def _faults(regime: Regime) -> Iterable[str]:
    named = {*regime.kinds.values(), *LISTING_RULES.values(), regime.low_fine.rule, regime.key_fields.rule}
    yield from (f"rule {name!r} is not defined" for name in sorted(named - regime.rules.keys()))
    yield from (f"penalty kind {kind} has no rule" for kind in PenaltyKind if kind not in regime.kinds)
    yield from (f"{kind} has no clock" for kind in RecordKind if kind not in regime.clocks.decide)
    needed = {StopReason.ANNULLED, StopReason.REMOVED, StopReason.CANCELLED_ENTITY}
    yield from (f"stop {reason} has no clause" for reason in sorted(needed - regime.stops.keys()))
    for name, rule in regime.rules.items():
        if rule.stops_after_months is not None and (rule.apply_after_months or 0) > rule.stops_after_months:
            yield f"rule {name!r} stops before it may be applied for"
