"""What the rules keep of a fact, from its particulars, as its form says."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from vocabulary.errors import VocabularyError
from vocabulary.result_codes import counts_in_denominator, problem_found

from profiling_service.model.facts import NO_END, NOTHING_SEEN, Seen
from profiling_service.model.forms import Condition, Form, Sum, Test

Reader = Callable[[str, Any], Seen]
"""From the source's name and a fact's particulars; the group is 0 where the fact's own key is meant."""
Part = Callable[[Any], int]
_MIX = 0x9E3779B97F4A7C15
_BLANK_HASH = hashlib.blake2b(digest_size=8)


def key(source: str, fact_id: str) -> int:
    """The 64-bit key of a fact within its entity, never 0."""
    return key_of_record(f"{source}|{fact_id}")


def key_of_record(record_id: str) -> int:
    """The same from `source|fact_id` in one."""
    hashed = _BLANK_HASH.copy()  # a third quicker than a new one
    hashed.update(record_id.encode())
    return int.from_bytes(hashed.digest(), "little") or 1


def reader(form: Form) -> Reader:
    """Reads facts of this form."""
    parts, value, refers_to, group = _parts(form.conditions), _value(form), form.refers_to, _group(form)
    if not refers_to and group is None and not parts and value is None:
        return _nothing

    def read(source: str, data: Any) -> Seen:
        flags = target = 0
        for part in parts:
            flags |= part(data)
        if refers_to and (named := getattr(data, refers_to)):
            target = key(source, named)
        return (
            flags,
            0 if value is None else value(data),
            target,
            0 if group is None else group(data, target),
        )

    return read


def _nothing(_source: str, _data: Any) -> Seen:
    return NOTHING_SEEN


def _group(form: Form) -> Callable[[Any, int], int] | None:
    member = form.group
    if member in ("", "own"):
        return None
    if member == "reference":
        return lambda _data, target: target

    def grouped(data: Any, _target: int) -> int:
        said = getattr(data, member)
        if type(said) is int:
            return said * _MIX % 2**64
        return key_of_record(said) if said else 0

    return grouped


def _value(form: Form) -> Part | None:
    members = form.members
    if form.value is Sum.NOTHING:
        return None
    if form.value is Sum.SUM:
        return lambda data: sum(getattr(data, member) for member in members)
    (member,) = members
    if form.value is Sum.MEMBER:
        return lambda data: int(getattr(data, member))
    return lambda data: getattr(data, member) if _is_said(type(data), member, data) else NO_END


def _is_said(message: Any, member: str, data: Any) -> bool:
    """Whether a member is there; one that must be is always."""
    return not _may_be_absent(message, member) or bool(data.HasField(member))


@lru_cache(maxsize=256)
def _may_be_absent(message: Any, member: str) -> bool:
    return bool(message.DESCRIPTOR.fields_by_name[member].has_presence)


def _is_known(data: Any, member: str) -> bool:
    """Whether it is said at all; a text says something when it is not empty."""
    said = getattr(data, member)
    return bool(said) if type(said) is str else bool(data.HasField(member))


def _parts(conditions: Iterable[Condition]) -> tuple[Part, ...]:
    """One look at each member, whatever the number of flags that depend on it."""
    tables: dict[str, dict[object, int]] = defaultdict(dict)
    others: list[Part] = []
    found: dict[str, int] = {}
    for condition in conditions:
        if condition.test in (Test.IN, Test.IS):
            codes: Iterable[object] = (
                condition.codes if condition.test is Test.IN else (bool(condition.number),)
            )
            for code in codes:
                tables[condition.member][code] = tables[condition.member].get(code, 0) | condition.bit
        elif condition.test is Test.INSPECTION:
            found[next(iter(condition.codes))] = condition.bit
        else:
            others.append(_part(condition))
    if found:
        others.append(lambda data: found.get(_found(data), 0))
    return (*(_looked_up(member, table) for member, table in tables.items()), *others)


def _looked_up(member: str, table: dict[object, int]) -> Part:
    def part(data: Any) -> int:
        said = getattr(data, member)
        if type(said) is str or type(said) is bool:
            return table.get(said, 0)
        flags = 0
        for code in said:
            flags |= table.get(code, 0)
        return flags

    return part


def _part(condition: Condition) -> Part:
    member, bit, codes, number = condition.member, condition.bit, condition.codes, condition.number
    tests: dict[Test, Callable[[Any], bool]] = {
        Test.BEYOND: lambda data: not codes.issuperset(getattr(data, member)),
        Test.KNOWN: lambda data: _is_known(data, member),
        Test.AT_LEAST: lambda data: getattr(data, member) >= number,
        Test.AT_MOST: lambda data: getattr(data, member) <= number,
        Test.EXCEEDS: lambda data: _exceeds(data, member, next(iter(codes))),
    }
    holds = tests[condition.test]
    return lambda data: bit if holds(data) else 0


def _exceeds(data: Any, member: str, other: str) -> bool:
    """Whether one is greater than the other; no, where either is not said."""
    if not (data.HasField(member) and data.HasField(other)):
        return False
    return bool(getattr(data, member) > getattr(data, other))


def _found(data: Any) -> str:
    counted = getattr(data, "critical_violations", 0)
    if counted or getattr(data, "serious_violations", 0) or getattr(data, "minor_violations", 0):
        return "problem"
    return of_result(tuple(data.result_codes))


@lru_cache(maxsize=4096)
def of_result(codes: tuple[str, ...]) -> str:
    """`problem`, `clean`, or empty for a result that does not count or whose codes are unknown."""
    try:
        if problem_found(codes):
            return "problem"
        return "clean" if counts_in_denominator(codes) else ""
    except VocabularyError:
        return ""
