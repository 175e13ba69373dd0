"""The law as data: rule sets with the days they hold, each rule with its clause and how sure we are of it."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise

import msgspec
from vocabulary.code_tables import Confidence
from vocabulary.penalties import KeyField, PenaltyKind, SeverityGrade

from repair_service.errors import RegimeFault
from repair_service.model import RecordKind, StopOrder, StopReason, Tier

LISTING_RULES: Mapping[RecordKind, str] = {
    RecordKind.ABNORMAL_LISTING: "abnormal_listing",
    RecordKind.SERIOUS_LISTING: "serious_listing",
}


class Sourced(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a rule stands, in our short form, and how sure we are of it."""

    clause: str
    confidence: Confidence
    remark: str = ""


class Cited(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A rule that letters rest on.

    Attributes:
        citation: what stands in the letter, whole and in Chinese: instrument, its number, article.
    """

    citation: str


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


class LowFine(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A fine so light and low that it is minor (仅较低数额罚款); the amount is in fen."""

    rule: str
    grades: frozenset[SeverityGrade]
    at_most_fen: int


class KeyFields(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Fields whose penalties fall under `rule` when they are not minor."""

    rule: str
    fields: frozenset[KeyField]


class IndividualListing(Cited, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Abnormal listings of individual businesses (个体工商户) that end by themselves on 30 June of the next year."""

    from_: date = msgspec.field(name="from")
    reasons: frozenset[str]


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

    Attributes:
        source: the instruments it was read from, in our short form.
        applications: clocks and the cost of fraud: data for applications, which come later; nothing reads it yet.
        stops: the rule on which an order to stop rests, by its reason.
        removals: the rule on which removal from a list rests, by the list.
    """

    code: str
    valid_from: date
    valid_to: date | None = None
    title: Title
    source: str
    assumptions: tuple[Assumption, ...]
    rules: dict[str, Rule]
    kinds: dict[PenaltyKind, str]
    low_fine: LowFine
    key_fields: KeyFields
    abnormal_reasons: dict[str, tuple[str, ...]]
    other_abnormal_reason: tuple[str, ...]
    individual_listing: IndividualListing
    applications: dict[str, object]
    stops: dict[StopReason, Cited]
    removals: dict[RecordKind, Cited]

    def rule_name(self, cited: Cited) -> str:
        """First day of the rule set and clause, as events carry it."""
        return f"{self.valid_from.isoformat()} {cited.clause}"

    def rule_of(self, order: StopOrder) -> Cited:
        """The rule an order to stop rests on; one that names a list is a removal from it."""
        return self.stops[order.reason] if order.kind is None else self.removals[order.kind]

    def conditions_of(self, abnormal_reason: str) -> tuple[str, ...]:
        """What removal from the abnormal list asks for."""
        return self.abnormal_reasons.get(abnormal_reason, self.other_abnormal_reason)


class Law(msgspec.Struct, frozen=True):
    """Rule sets in order of time, without gap or overlap; the first also governs what is older."""

    regimes: tuple[Regime, ...]

    def on(self, day: date) -> Regime:
        """The rule set in force that day."""
        for regime in reversed(self.regimes):
            if regime.valid_from <= day:
                return regime
        return self.regimes[0]

    def after(self, regime: Regime) -> Iterable[Regime]:
        """The rule sets that followed, in order."""
        return self.regimes[self.regimes.index(regime) + 1 :]


def law_of(regimes: Iterable[Regime]) -> Law:
    """The law these rule sets make.

    Raises:
        RegimeFault: There is none, one refers to what it does not define, or they leave a gap in time.
    """
    ordered = tuple(sorted(regimes, key=lambda regime: regime.valid_from))
    if not ordered:
        raise RegimeFault("there is no rule set")
    for regime in ordered:
        for fault in _faults(regime):
            raise RegimeFault(f"{regime.code}: {fault}")
    for former, later in pairwise(ordered):
        if former.valid_to != later.valid_from:
            raise RegimeFault(f"{former.code} ends {former.valid_to}, {later.code} begins {later.valid_from}")
    return Law(ordered)


def _faults(regime: Regime) -> Iterable[str]:
    named = {*regime.kinds.values(), *LISTING_RULES.values(), regime.low_fine.rule, regime.key_fields.rule}
    yield from (f"rule {name!r} is not defined" for name in sorted(named - regime.rules.keys()))
    yield from (f"penalty kind {kind} has no rule" for kind in PenaltyKind if kind not in regime.kinds)
    needed = {StopReason.ANNULLED, StopReason.CANCELLED_ENTITY}
    yield from (f"stop {reason} has no rule" for reason in sorted(needed - regime.stops.keys()))
    yield from (f"removal of {kind} has no rule" for kind in LISTING_RULES if kind not in regime.removals)
    for name, rule in regime.rules.items():
        if rule.stops_after_months is not None and (rule.apply_after_months or 0) > rule.stops_after_months:
            yield f"rule {name!r} stops before it may be applied for"
