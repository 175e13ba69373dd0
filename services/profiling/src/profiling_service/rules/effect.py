"""Which facts count: not corrected, taken back, annulled, removed, stopped by repair, or over.

What a fact corrects or takes back never counts, whatever becomes of the fact that says so. What is left may end others,
as its form says: those it names, or, where it names none, those that occurred no later than itself.
"""

from collections.abc import Iterable

import numpy as np

from profiling_service.model.facts import FactType
from profiling_service.model.forms import Ending, Form, Forms, Unnamed
from profiling_service.rules.columns import Facts, Mask, Rows

_NEVER = np.iinfo(np.int32).min


def in_effect(facts: Facts, forms: Forms, day: int) -> Mask:
    """Which facts count on `day`."""
    counts = ~replaced(facts)
    for form in _present(facts, forms):
        if form.ending is not None:
            enders = facts.rows(form.type)
            _end(facts, counts, enders[counts[enders]], form.ending)
    for form in _present(facts, forms):
        if form.lasts:
            rows = facts.rows(form.type)
            counts[rows[facts.table["value"][rows] < day]] = False
    return counts


def _present(facts: Facts, forms: Forms) -> Iterable[Form]:
    return (form for form in forms.values() if facts.has(form.type))


def replaced(facts: Facts) -> Mask:
    """Facts that a later one corrects or takes back; taking back is not taken back itself."""
    replacing = np.flatnonzero(facts.table["replaces"])
    if not len(replacing):
        return np.zeros(len(facts), bool)
    rows = np.flatnonzero(facts.table["type"] != FactType.FACT_RETRACTED)
    replaced = np.zeros(len(facts), bool)
    replaced[rows] = facts.named(rows, replacing, "replaces")
    return replaced


def _end(facts: Facts, counts: Mask, enders: Rows, ending: Ending) -> None:
    ended = facts.rows_of(ending.types)
    if not len(enders) or not len(ended):
        return
    names = facts.table["target"][enders] != 0
    counts[ended[facts.named(ended, enders[names])]] = False
    if ending.with_group:
        counts[ended[facts.grouped(ended, enders[names])]] = False
    unnamed = enders[~names]
    if ending.unnamed is Unnamed.ALL:
        _end_earlier(facts, counts, unnamed, ended)
    elif ending.unnamed is Unnamed.ALIKE:
        for of_ender, of_ended in ending.alike:
            _end_earlier(facts, counts, _flagged(facts, unnamed, of_ender), _flagged(facts, ended, of_ended))
    elif ending.unnamed is Unnamed.GROUP:
        _end_group(facts, counts, unnamed, ended)


def _flagged(facts: Facts, rows: Rows, flags: int) -> Rows:
    flagged: Rows = rows[(facts.table["flags"][rows] & np.uint16(flags)) != 0]
    return flagged


def _end_earlier(facts: Facts, counts: Mask, enders: Rows, ended: Rows) -> None:
    """Those of `ended` that occurred no later than the last of `enders` of the same entity."""
    if not len(enders) or not len(ended):
        return
    last = np.full(facts.size, _NEVER, np.int32)
    np.maximum.at(last, facts.entity[enders], facts.table["minute"][enders])
    counts[ended[facts.table["minute"][ended] <= last[facts.entity[ended]]]] = False


def _end_group(facts: Facts, counts: Mask, enders: Rows, ended: Rows) -> None:
    """The same within each group."""
    if not len(enders) or not len(ended):
        return
    groups, place = np.unique(facts.within("group", enders), return_inverse=True)
    last = np.full(len(groups), _NEVER, np.int32)
    np.maximum.at(last, place, facts.table["minute"][enders])
    mine = facts.within("group", ended)
    at = np.minimum(np.searchsorted(groups, mine), len(groups) - 1)
    over = (groups[at] == mine) & (facts.table["minute"][ended] <= last[at])
    counts[ended[over]] = False
