"""What a family's verdicts say of its rule: how precise it is, and which parameter to move when it is not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from profiling_service.model.signals import RuleKind, SignalFamily, SignalRule
from profiling_service.rules.chance import wilson

FEWEST_JUDGED = 30
"""Fewer verdicts say too little of a family. Project-chosen."""
_ANY, _CERTAIN = 0.0, 1.0


@dataclass(frozen=True, slots=True)
class Step:
    """One step stricter: a parameter, what it is and what it would be.

    Attributes:
        parameter: Its name in the pack; empty where the rule has none that could be moved by itself.
        measure_at_least, tail_at_most: What signals would have had to reach. None: what is kept of them does not say.
    """

    parameter: str = ""
    now: float = 0.0
    proposed: float = 0.0
    measure_at_least: float | None = None
    tail_at_most: float | None = None

    @property
    def is_computable(self) -> bool:
        """Whether it is known which of the signals raised would have been raised all the same."""
        return self.measure_at_least is not None or self.tail_at_most is not None

    @property
    def asked(self) -> tuple[float, float]:
        """The least measure and the greatest chance; what every signal has where nothing is asked."""
        least = _ANY if self.measure_at_least is None else self.measure_at_least
        return least, -_CERTAIN if self.tail_at_most is None else self.tail_at_most


def step(rule: SignalRule) -> Step:
    """One step stricter than the rule is."""
    return _STEPS[rule.kind](rule) if rule.kind in _STEPS else Step()


def _of_days(rule: SignalRule) -> Step:
    return Step("raise_within_days", rule.days, rule.days // 2) if rule.days else Step()


def _of_a_bound(rule: SignalRule) -> Step:
    reach = rule.reaches[0]
    by = {"count": reach.bound + 1, "wan_yuan": reach.bound * 2, "share": min(1.0, reach.bound + 0.1)}
    higher = by.get(reach.indicator.unit)
    if reach.at_most or higher is None:
        return Step()
    return Step(f"{reach.indicator.code} at_least", reach.bound, higher, measure_at_least=higher)


_STEPS: Mapping[RuleKind, Callable[[SignalRule], Step]] = {
    RuleKind.RISING: lambda rule: Step(
        "at_least", rule.at_least, rule.at_least + 1, measure_at_least=rule.at_least + 1
    ),
    RuleKind.UNUSUAL: lambda rule: Step("alpha", rule.alpha, rule.alpha / 10, tail_at_most=rule.alpha / 10),
    RuleKind.ABOVE_PEERS: lambda rule: Step("alpha", rule.alpha, rule.alpha / 2),
    RuleKind.REACHED: _of_a_bound,
    RuleKind.FACT_IN_EFFECT: _of_days,
    RuleKind.AFTER: lambda rule: Step("days", rule.days, rule.days + 30),
}


def is_to_be_tuned(family: SignalFamily, judged: int, useful: int) -> bool:
    """Whether the family is less precise than it should be, beyond chance."""
    interval = wilson(useful, judged)
    return judged >= FEWEST_JUDGED and interval is not None and interval.high < family.target_precision
