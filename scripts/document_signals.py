"""Writes the page of signal families from profiling's packs. Arguments: the folder for the page."""

import pathlib
import sys
from collections.abc import Callable, Iterable, Mapping

from profiling_service.model.catalogue import Selector
from profiling_service.model.facts import FactType
from profiling_service.model.forms import Forms
from profiling_service.model.signals import Reach, RuleKind, SignalFamily, SignalRule
from profiling_service.rules.profiles import RuleBook
from profiling_service.settings import rule_book

HEAD = """# Families of signals (预警)

Generated from the packs of services/profiling: {count} families. What a rule of each kind means, how signals grow, are
suppressed and are judged: [signals](../signals.md). Figures, severities, steps and days are project-chosen; the ground
says what each family leans on. *To notification*: it becomes a letter or a clue; the others are for staff."""


class Wording:
    """Rules in words."""

    def __init__(self, forms: Forms) -> None:
        self._forms = forms

    def __call__(self, rule: SignalRule) -> str:
        """When a signal is raised."""
        return _RULES[rule.kind](self, rule)

    def of(self, selectors: Iterable[Selector]) -> str:
        """Facts as packs name them."""
        return ", ".join(f"`{self._named(selector)}`" for selector in selectors)

    def _named(self, selector: Selector) -> str:
        flags = self._forms[selector.type].flags
        asked = [name for name, bit in flags.items() if selector.flags & bit]
        return ".".join([FactType(selector.type).code, *asked])

    def fact_in_effect(self, rule: SignalRule) -> str:
        """A fact, its age, and what ends its matter."""
        young = f", at most {rule.days} days old" if rule.days else ""
        over = f"; over with {self.of(rule.over_with)} ({rule.matter})" if rule.over_with else ""
        return f"{self.of(rule.of)}{young}{over}"

    def rising(self, rule: SignalRule) -> str:
        """A number, and that of the span before."""
        return (
            f"{rule.at_least} or more of {self.of(rule.of)} in {rule.days} days, more than {rule.factor:g} times the"
            f" {rule.days} days before"
        )

    def unusual(self, rule: SignalRule) -> str:
        """A number, and the chance of it."""
        return (
            f"{rule.at_least} or more of {self.of(rule.of)} in {rule.days} days, as many as {rule.history_days} days of"
            f" own history make likely with a chance of {rule.alpha:g} at most"
        )

    def reached(self, rule: SignalRule) -> str:
        """Bounds."""
        return " and ".join(map(bounded, rule.reaches)) + (", registered" if rule.only_registered else "")

    def above_peers(self, rule: SignalRule) -> str:
        """A bound, and that of peers."""
        return (
            f"{bounded(rule.reaches[0])}, and above all but {rule.alpha:g} of {rule.peers} or more of the same industry"
            " letter and area"
        )

    def conflict(self, rule: SignalRule) -> str:
        """Two facts."""
        return f"{self.of(rule.of)} and {self.of(rule.against)} of the same year"

    def after(self, rule: SignalRule) -> str:
        """Two facts, and the days between."""
        return f"{self.of(rule.of)} more than {rule.days} days after {self.of(rule.against)}"

    def report_due(self, rule: SignalRule) -> str:
        """A season."""
        (from_month, from_day), (to_month, to_day) = rule.season
        whom = f", where {' and '.join(map(bounded, rule.reaches))}" if rule.reaches else ""
        season = f"{from_month:02}-{from_day:02} to {to_month:02}-{to_day:02}"
        return f"no {self.of(rule.of)} of last year from {season}{whom}; by the daily run"


def bounded(reach: Reach) -> str:
    """An indicator and its bound."""
    return f"`{reach.indicator.code}` {'≤' if reach.at_most else '≥'} {reach.bound:g}"


_RULES: Mapping[RuleKind, Callable[[Wording, SignalRule], str]] = {
    kind: getattr(Wording, kind.value) for kind in RuleKind
}


def page_of(book: RuleBook) -> str:
    """The page."""
    wording = Wording(book.forms)
    rows = [row for family in book.families for row in section(family, wording)]
    return "\n".join([HEAD.format(count=len(book.families)), *rows, ""])


def section(family: SignalFamily, wording: Wording) -> Iterable[str]:
    """A family."""
    worse = f", {family.worse.severity.name.lower()} from {family.worse.at_least:g}" if family.worse else ""
    due = "the end of the season" if family.due_days is None else f"{family.due_days} days"
    yield ""
    yield f"## `{family.code}` · {family.zh} · {family.en}"
    yield ""
    yield f"- {family.rule.kind}: {wording(family.rule)}"
    yield f"- {family.severity.name.lower()}{worse}; {family.suggested_step}, due in {due}"
    about = f"sector {family.sector}; " if family.sector else ""
    yield f"- {about}to notification: {'yes' if family.notifies else 'no'}; target {family.target_precision:g}"
    yield f"- {family.ground} ({family.confidence})"


def main(folder: str) -> None:
    """Write it."""
    pathlib.Path(folder, "signals.md").write_text(page_of(rule_book()), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
