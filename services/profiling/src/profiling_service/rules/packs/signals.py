"""The families of signals, from their packs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from vocabulary.code_tables import Confidence
from vocabulary.industries import Sector

from profiling_service.model.catalogue import Catalogue
from profiling_service.model.forms import Forms, Sum
from profiling_service.model.signals import (
    Matter,
    Reach,
    RuleKind,
    Severity,
    SignalFamily,
    SignalRule,
    Worse,
)
from profiling_service.rules.packs.reading import Row, distinct, one_of, only, refusing, require, selectors

_STEPS = frozenset({"remind", "interview", "order_correction", "inspect"})
_MEMBERS = (
    *("code", "zh", "en", "rule", "severity", "worse", "suggested_step", "due", "notify", "sector"),
    *("ground", "confidence", "target_precision"),
)
Parameters = dict[str, Any]


@refusing("signals")
def signal_families(documents: Sequence[Row], catalogue: Catalogue, forms: Forms) -> tuple[SignalFamily, ...]:
    """The signal families of parsed packs.

    Raises:
        InvalidPack: A member is missing or unknown, or a code occurs twice.
    """
    return distinct(_all(documents, catalogue, forms))


def _all(documents: Sequence[Row], catalogue: Catalogue, forms: Forms) -> Iterable[SignalFamily]:
    for document in documents:
        for row in document["families"]:
            yield _family({**document.get("defaults", {}), **row}, catalogue, forms)


def _family(row: Row, catalogue: Catalogue, forms: Forms) -> SignalFamily:
    only(row, *_MEMBERS)
    rule = _rule(row["rule"], catalogue, forms)
    due_days = None if row["due"] == "season_end" else int(row["due"])
    require(due_days is not None or rule.kind is RuleKind.REPORT_DUE, f"{row['code']}: due without season")
    target = float(row["target_precision"])
    require(0 < target < 1, f"{row['code']}: target_precision is a share")
    return SignalFamily(
        code=row["code"],
        zh=row["zh"],
        en=row["en"],
        rule=rule,
        severity=Severity[row["severity"].upper()],
        suggested_step=one_of(_STEPS, row["suggested_step"]),
        due_days=due_days,
        notifies=bool(row["notify"]),
        ground=row["ground"],
        confidence=Confidence(row["confidence"]),
        target_precision=target,
        sector=Sector(row["sector"]) if "sector" in row else None,
        worse=_worse(row["worse"]) if "worse" in row else None,
    )


def _worse(row: Row) -> Worse:
    only(row, "at_least", "severity")
    return Worse(float(row["at_least"]), Severity[row["severity"].upper()])


def _rule(row: Row, catalogue: Catalogue, forms: Forms) -> SignalRule:
    kind = RuleKind(row["kind"])
    members, read = _KINDS[kind]
    only(row, "kind", *members)
    parameters = read(row)
    parameters |= {
        name: selectors(row[name], forms) for name in ("of", "against", "over_with") if name in row
    }
    parameters["reaches"] = tuple(_reach(said, catalogue) for said in row.get("reaches", ()))
    rule = SignalRule(kind=kind, **parameters)
    _require_sense(rule, row, forms)
    return rule


def _require_sense(rule: SignalRule, row: Row, forms: Forms) -> None:
    """What a rule needs is there, and can mean something."""
    require(bool(rule.of) == (rule.kind not in _OF_FIGURES), f"{row}: facts and {rule.kind}")
    require(bool(rule.against) == (rule.kind in (RuleKind.CONFLICT, RuleKind.AFTER)), f"{row}: against")
    if rule.kind in _OF_FIGURES:
        require(bool(rule.reaches), f"{row}: reaches nothing")
    if rule.kind in (RuleKind.ABOVE_PEERS, RuleKind.UNUSUAL):
        require(0 < rule.alpha <= _MOST_FALSE_ALARMS, f"{row}: alpha is at most {_MOST_FALSE_ALARMS}")
    if rule.kind is RuleKind.ABOVE_PEERS:
        only_one = len(rule.reaches) == 1 and not rule.reaches[0].at_most
        require(only_one, f"{row}: one indicator, at least so much of it")
        require(
            rule.peers * rule.alpha >= 1, f"{row}: {rule.peers} peers cannot show one in {1 / rule.alpha:g}"
        )
    if rule.kind is RuleKind.UNUSUAL:
        require(rule.history_days >= rule.days > 0, f"{row}: a history shorter than the span")
    if rule.kind in (RuleKind.CONFLICT, RuleKind.REPORT_DUE):
        yearly = all(forms[each.type].value is Sum.MEMBER for each in (*rule.of, *rule.against))
        require(yearly, f"{row}: facts without a value to compare")


_OF_FIGURES = frozenset({RuleKind.REACHED, RuleKind.ABOVE_PEERS})
_MOST_FALSE_ALARMS = 0.05


def _reach(row: Row, catalogue: Catalogue) -> Reach:
    position = catalogue.position(row["indicator"])
    at_most = "at_most" in row
    bound = float(row["at_most" if at_most else "at_least"])
    return Reach(catalogue.indicators[position], position, bound, at_most)


def _fact_in_effect(row: Row) -> Parameters:
    return {"days": int(row.get("raise_within_days", 0)), "matter": Matter(row.get("matter", "any"))}


def _rising(row: Row) -> Parameters:
    return {"days": int(row["days"]), "at_least": int(row["at_least"]), "factor": float(row["factor"])}


def _unusual(row: Row) -> Parameters:
    return {
        "days": int(row["days"]),
        "history_days": int(row["history_days"]),
        "at_least": int(row["at_least"]),
        "alpha": float(row["alpha"]),
    }


def _reached(row: Row) -> Parameters:
    return {"only_registered": bool(row.get("only_registered", False))}


def _above_peers(row: Row) -> Parameters:
    return {"alpha": float(row["alpha"]), "peers": int(row["peers"])}


def _after(row: Row) -> Parameters:
    return {"days": int(row.get("days", 0))}


def _report_due(row: Row) -> Parameters:
    return {"season": (_month_day(row["season_from"]), _month_day(row["season_to"]))}


def _month_day(text: str) -> tuple[int, int]:
    month, _, day = text.partition("-")
    return int(month), int(day)


_KINDS: Mapping[RuleKind, tuple[tuple[str, ...], Callable[[Row], Parameters]]] = {
    RuleKind.FACT_IN_EFFECT: (("of", "raise_within_days", "over_with", "matter"), _fact_in_effect),
    RuleKind.RISING: (("of", "days", "at_least", "factor"), _rising),
    RuleKind.UNUSUAL: (("of", "days", "history_days", "at_least", "alpha"), _unusual),
    RuleKind.REACHED: (("reaches", "only_registered"), _reached),
    RuleKind.ABOVE_PEERS: (("reaches", "alpha", "peers"), _above_peers),
    RuleKind.CONFLICT: (("of", "against"), lambda _: {}),
    RuleKind.AFTER: (("of", "against", "days"), _after),
    RuleKind.REPORT_DUE: (("of", "reaches", "season_from", "season_to"), _report_due),
}
