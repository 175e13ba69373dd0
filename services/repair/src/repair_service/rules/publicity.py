"""The ruling on a record: how grave, from when repair may be applied for, when publicity stops by itself."""

from dataclasses import replace
from datetime import date, timedelta

from vocabulary.calendar import add_months
from vocabulary.penalties import PenaltyKind
from vocabulary.uscc import USCC

from repair_service.model import Listing, Penalty, RecordKind, Ruling, Subject, Tier
from repair_service.rules.law import LISTING_RULES, Law, Regime, Rule

_ONE_DAY = timedelta(days=1)


def tier_of(penalty: Penalty, regime: Regime) -> Tier:
    """Never published, minor 轻微, general 一般, serious 严重, or serious without early repair."""
    return rule_of(penalty, regime).tier


def rule_of(penalty: Penalty, regime: Regime) -> Rule:
    """The rule a penalty falls under: that of its gravest kind.

    Source: 总局令第107号 §6: one item with several penalties is public for the longest of their periods.
    """
    rules = [_rule_of_kind(kind, penalty, regime) for kind in kinds_of(penalty)]
    return max(rules, key=lambda rule: rule.weight)


def kinds_of(penalty: Penalty) -> frozenset[PenaltyKind]:
    """The kinds the decision names, and those its amounts show; `other` when it shows none."""
    shown = set(penalty.kinds)
    if penalty.fine_fen > 0:
        shown.add(PenaltyKind.FINE)
    if penalty.confiscated_fen > 0:
        shown.add(PenaltyKind.CONFISCATION)
    return frozenset(shown) or frozenset({PenaltyKind.OTHER})


def _rule_of_kind(kind: PenaltyKind, penalty: Penalty, regime: Regime) -> Rule:
    if kind is PenaltyKind.FINE and _is_low_fine(penalty, regime):
        return regime.rules[regime.low_fine.rule]
    rule = regime.rules[regime.kinds[kind]]
    if rule.tier is Tier.GENERAL and penalty.key_field in regime.key_fields.fields:
        return regime.rules[regime.key_fields.rule]
    return rule


def _is_low_fine(penalty: Penalty, regime: Regime) -> bool:
    light = penalty.grade in regime.low_fine.grades
    return light and 0 < penalty.fine_fen <= regime.low_fine.at_most_fen


def ruling(subject: Subject, law: Law) -> Ruling:
    """What the law says of a record, by the rule set in force on the day of the decision.

    A record still public when a later rule set begins stops on the day under that one, unless it is later; see the
    rule set's assumptions.
    """
    regime = law.on(subject.decided_on)
    ruled = _under(subject, regime)
    for later in law.after(regime):
        ruled = _shortened(ruled, _under(subject, later), later)
    return _without_idle_application(ruled)


def _under(subject: Subject, regime: Regime) -> Ruling:
    if isinstance(subject, Penalty):
        return _period(subject, rule_of(subject, regime), regime)
    rule = regime.rules[LISTING_RULES[subject.kind]]
    if subject.kind is RecordKind.SERIOUS_LISTING:
        return _period(subject, rule, regime)
    ruled = replace(_period(subject, rule, regime), conditions=regime.conditions_of(subject.reason))
    return _ended_on_30_june(subject, ruled, regime)


def _period(subject: Subject, rule: Rule, regime: Regime) -> Ruling:
    published = rule.tier is not Tier.NEVER_PUBLISHED
    return Ruling(
        tier=rule.tier,
        rule=regime.rule_name(rule),
        citation=rule.citation,
        published_on=subject.published_on if published else None,
        apply_from=_not_while_restricted(subject, rule.apply_after_months) if published else None,
        stops_on=_not_while_restricted(subject, rule.stops_after_months) if published else None,
        conditions=rule.conditions,
    )


def _not_while_restricted(subject: Subject, months: int | None) -> date | None:
    if months is None:
        return None
    due = add_months(subject.published_on, months)
    until = subject.restriction_until
    return due if until is None else max(due, until + _ONE_DAY)


def individual_business(uscc: USCC) -> bool:
    """Whether a code was issued to an individual business (个体工商户).

    Source: GB 32100-2015: department 9 (market supervision), kind 2.
    """
    return uscc.startswith("92")


def _ended_on_30_june(listing: Listing, ruled: Ruling, regime: Regime) -> Ruling:
    ends = regime.individual_listing
    if not (individual_business(listing.uscc) and listing.reason in ends.reasons):
        return ruled
    if listing.decided_on < ends.from_:
        return ruled
    stops_on = date(listing.decided_on.year + 1, 6, 30)
    return replace(ruled, stops_on=stops_on, rule=regime.rule_name(ends), citation=ends.citation)


def _shortened(former: Ruling, later: Ruling, regime: Regime) -> Ruling:
    """The ruling on a record decided under a former rule set, once `regime` is in force."""
    if former.stops_on is None or later.stops_on is None or former.stops_on <= regime.valid_from:
        return former
    stops_on = max(later.stops_on, regime.valid_from)
    if stops_on > former.stops_on:
        return former
    apply_from = former.apply_from
    if apply_from is None or apply_from >= regime.valid_from:
        apply_from = later.apply_from and max(later.apply_from, regime.valid_from)
    return replace(later, stops_on=stops_on, apply_from=apply_from)


def _without_idle_application(ruled: Ruling) -> Ruling:
    """Who may apply no earlier than publicity stops by itself may not apply early: then there are no conditions."""
    idle = ruled.apply_from is None or (ruled.stops_on is not None and ruled.apply_from >= ruled.stops_on)
    return replace(ruled, apply_from=None, conditions=()) if idle else ruled
