"""What causes signals: each kind of rule looks at all entities at once and answers for one when it is asked."""

from collections.abc import Callable, Mapping

from profiling_service.model.signals import RuleKind, SignalFamily
from profiling_service.rules.causes.conflicts import after, conflict
from profiling_service.rules.causes.counts import rising, unusual
from profiling_service.rules.causes.facts import FactInEffect
from profiling_service.rules.causes.figures import above_peers, reached
from profiling_service.rules.causes.seasons import ReportDue
from profiling_service.rules.causes.view import Cause, View

__all__ = ["CAUSES", "Cause", "View"]

CAUSES: Mapping[RuleKind, Callable[[SignalFamily, View], Cause]] = {
    RuleKind.FACT_IN_EFFECT: FactInEffect,
    RuleKind.RISING: rising,
    RuleKind.UNUSUAL: unusual,
    RuleKind.REACHED: reached,
    RuleKind.ABOVE_PEERS: above_peers,
    RuleKind.CONFLICT: conflict,
    RuleKind.AFTER: after,
    RuleKind.REPORT_DUE: ReportDue,
}
