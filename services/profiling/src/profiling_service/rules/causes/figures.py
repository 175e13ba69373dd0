"""Indicators that have reached a bound: one of the rule's own, or one that nearly all peers keep below."""

import numpy as np

from profiling_service.model.signals import Reach, SignalFamily
from profiling_service.rules.causes.view import NO_ROWS, Cause, OneEpisode, Shown, View
from profiling_service.rules.columns import Mask, Rows


def reached(family: SignalFamily, view: View) -> Cause:
    """Every indicator of the rule has reached its bound; the facts of the first are the evidence."""
    first, rule = family.rule.reaches[0], family.rule
    so = all_reached(rule.reaches, view)
    if rule.only_registered:
        so &= view.there
    return OneEpisode(
        view, family, so, Shown(view.values[:, first.position], lambda: _looked_at(first, view))
    )


def above_peers(family: SignalFamily, view: View) -> Cause:
    """The indicator is at least the rule's own bound, and above the bound of its industry and area.

    Who has no industry or no area, or whose group has no bound, is never so.
    """
    reach, bounds = family.rule.reaches[0], view.sensing.bounds
    values = view.values[:, reach.position]
    so = view.there & (values >= reach.bound)
    for entity in np.flatnonzero(so).tolist():
        is_ = view.entities[entity]
        bound = bounds.get((family.code, is_.industry[:1], is_.area_code))
        so[entity] = bound is not None and values[entity] > bound
    return OneEpisode(view, family, so, Shown(values, lambda: _looked_at(reach, view)))


def all_reached(reaches: tuple[Reach, ...], view: View) -> Mask:
    """Of which entities all of these hold; of what is not known nothing holds."""
    so = np.ones(view.facts.size, bool)
    for reach in reaches:
        column = view.values[:, reach.position]
        so &= (column <= reach.bound) if reach.at_most else (column >= reach.bound)
    return so


def _looked_at(reach: Reach, view: View) -> Rows:
    if not reach.indicator.of:
        return NO_ROWS
    rows = view.in_effect.looked_at(reach.indicator)
    return view.since(rows, reach.indicator.window) if reach.indicator.window else rows
