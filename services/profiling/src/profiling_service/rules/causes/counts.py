"""Facts that become many: more than in the span before, or more than the entity's own history makes likely."""

import numpy as np
import numpy.typing as npt

from profiling_service.model.facts import NO_END
from profiling_service.model.signals import SignalFamily, SignalRule
from profiling_service.rules.causes.view import NEVER_SO, Cause, Column, OneEpisode, Shown, View
from profiling_service.rules.chance import upper_tail


def rising(family: SignalFamily, view: View) -> Cause:
    """At least so many in the span, and more than so many times the span before."""
    rule = family.rule
    rows = view.in_effect.select(rule.of)
    if not len(rows):
        return NEVER_SO
    span, both = rule.windows
    recent = view.since(rows, span)
    now = view.counted(recent)
    then = view.counted(view.since(rows, both)) - now
    rises = (now >= rule.at_least) & (now > rule.factor * then)
    return OneEpisode(view, family, rises, Shown(now, lambda: recent))


def unusual(family: SignalFamily, view: View) -> Cause:
    """So many in the span that a steady rate would give them with a chance of at most alpha.

    Given all facts of span and history together, those of the span are as lots: each falls into it with the chance
    span ÷ (span + history). That holds whatever the rate is, so that none has to be estimated, and no false alarm
    comes of an estimate from few facts.

    Source: J. Przyborowski, H. Wilenski, Homogeneity of Results in Testing Samples from Poisson Series, Biometrika 31
    (1940).
    """
    rule = family.rule
    rows = view.in_effect.select(rule.of)
    if len(rows) < rule.at_least:
        return NEVER_SO
    span, both = rule.windows
    recent = view.since(rows, span)
    now = view.counted(recent)
    many = np.flatnonzero(now >= rule.at_least)
    tails = np.full(view.facts.size, np.nan)
    if len(many):
        tails[many] = _tails(view, rule, many, now[many], view.counted(view.since(rows, both))[many])
    return OneEpisode(view, family, tails <= rule.alpha, Shown(now, lambda: recent, tails))


def _tails(view: View, rule: SignalRule, entities: Column, now: Column, together: Column) -> list[float]:
    """The chance of each; not a number for who is too young to have a history as long as the span.

    History begins with the establishment, where that is known.
    """
    history = _history(view, rule)[entities].tolist()
    return [
        upper_tail(count, total, rule.days / (rule.days + days)) if days >= rule.days else np.nan
        for count, total, days in zip(now.tolist(), together.tolist(), history, strict=True)
    ]


def _history(view: View, rule: SignalRule) -> npt.NDArray[np.int64]:
    """Days of history of each entity, negative for who was established within the span."""
    lived = view.day - rule.days + 1 - view.established
    return np.where(view.established == NO_END, rule.history_days, np.minimum(lived, rule.history_days))


def look_again(family: SignalFamily, view: View, look: npt.NDArray[np.int64]) -> None:
    """Who has facts enough and a history that still grows is looked at daily once it is as long as the span.

    The longer it is, the less likely so many are, though none was added.
    """
    rule = family.rule
    rows = view.in_effect.select(rule.of)
    if len(rows) < rule.at_least:
        return
    now = view.counted(view.since(rows, rule.windows[0]))
    grows = (now >= rule.at_least) & (_history(view, rule) < rule.history_days)
    comparable = view.established[grows] + 2 * rule.days - 1
    look[grows] = np.minimum(look[grows], np.maximum(comparable, view.day + 1))
