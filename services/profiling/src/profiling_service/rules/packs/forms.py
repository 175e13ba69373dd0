"""How each type of fact is read, from its pack."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from profiling_service.model.facts import FactType
from profiling_service.model.forms import Condition, Ending, Form, Forms, Sum, Test, Unnamed
from profiling_service.rules.packs.reading import Row, fact_type, only, refusing, require

_MOST_FLAGS = 16
_VALUES = {"sum": Sum.SUM, "until": Sum.UNTIL, "year": Sum.MEMBER, "count": Sum.MEMBER, "day": Sum.MEMBER}
_MEMBERS = ("value", "group", "flags", "refers_to", "ends", "unnamed", "lasts")


@refusing("facts")
def forms(document: Row) -> Forms:
    """The forms of a parsed pack, one for each `FactType`.

    Raises:
        InvalidPack: A type is missing, or a form is not understood or contradicts another.
    """
    rows: Mapping[str, Row] = document["forms"]
    flags = {fact_type(name): _flags(row) for name, row in rows.items()}
    by_reference = {fact_type(name) for name, row in rows.items() if row.get("group") == "reference"}
    made = {kind: _form(kind, rows[FactType(kind).code], flags) for kind in flags}
    made = {kind: _with_groups(form, by_reference) for kind, form in made.items()}
    missing = sorted(kind.code for kind in FactType if kind not in made)
    require(not missing, f"without form: {missing}")
    for form in made.values():
        if form.ending is not None:
            _require_final(form, made)
    return made


def _with_groups(form: Form, by_reference: set[int]) -> Form:
    """Where it ends facts that are grouped by the fact they refer to, naming that one ends them as well."""
    if form.ending is None or not by_reference & set(form.ending.types):
        return form
    return replace(form, ending=replace(form.ending, with_group=True))


def _require_final(form: Form, made: Forms) -> None:
    """What ends others is itself ended by nothing, so that the order in which endings are looked at does not matter."""
    enders = [other for other in made.values() if other.ending and form.type in other.ending.types]
    require(not enders, f"{FactType(form.type).code} ends others and is ended itself")


def _flags(row: Row) -> dict[str, int]:
    names = list(row.get("flags", {}))
    require(len(names) <= _MOST_FLAGS, f"more than {_MOST_FLAGS} flags: {names}")
    return {name: 1 << index for index, name in enumerate(names)}


def _form(kind: int, row: Row, flags: Mapping[int, Mapping[str, int]]) -> Form:
    only(row, *_MEMBERS)
    value, members = _value(row.get("value"))
    refers_to, group = row.get("refers_to", ""), row.get("group", "")
    require(group != "reference" or bool(refers_to), f"{row}: a group by reference refers to something")
    lasts = row.get("lasts", "")
    require(lasts in ("", "until") and (not lasts or value is Sum.UNTIL), f"{row}: lasts until its value")
    mine = flags[kind]
    conditions = [
        _condition(mine[name], said) for name, some in row.get("flags", {}).items() for said in some
    ]
    return Form(
        type=kind,
        flags=mine,
        conditions=tuple(conditions),
        value=value,
        members=members,
        group=group,
        refers_to=refers_to,
        ending=_ending(kind, row, flags) if "ends" in row else None,
        lasts=bool(lasts),
    )


def _value(row: Row | None) -> tuple[Sum, tuple[str, ...]]:
    if row is None:
        return Sum.NOTHING, ()
    ((how, said),) = row.items()
    members = tuple(said) if how == "sum" else (said,)
    return _VALUES[how], members


def _condition(bit: int, row: Row) -> Condition:
    ((member, said),) = row.items()
    if member == "inspection":
        require(said in ("problem", "clean"), f"inspection: {said}")
        return Condition(bit, "result_codes", Test.INSPECTION, frozenset({said}))
    if isinstance(said, bool):
        return Condition(bit, member, Test.IS, number=int(said))
    if isinstance(said, list):
        return Condition(bit, member, Test.IN, frozenset(said))
    if said == "known":
        return Condition(bit, member, Test.KNOWN)
    ((how, what),) = said.items()
    test = Test(how)
    if test in (Test.BEYOND, Test.EXCEEDS):
        return Condition(bit, member, test, frozenset(what if test is Test.BEYOND else {what}))
    require(test in (Test.AT_LEAST, Test.AT_MOST), f"{member}: {how}")
    return Condition(bit, member, test, number=int(what))


def _ending(kind: int, row: Row, flags: Mapping[int, Mapping[str, int]]) -> Ending:
    types = tuple(fact_type(name) for name in row["ends"])
    unnamed: Any = row.get("unnamed", "nothing")
    require("refers_to" in row or unnamed != "nothing", f"{row}: ends what it does not name")
    if isinstance(unnamed, Mapping):
        alike = tuple(_alike(kind, types, unnamed["alike"], flags))
        return Ending(types, unnamed=Unnamed.ALIKE, alike=alike)
    return Ending(types, unnamed=Unnamed(unnamed))


def _alike(
    kind: int, types: tuple[int, ...], names: Iterable[str], flags: Mapping[int, Mapping[str, int]]
) -> Iterable[tuple[int, int]]:
    require(len(types) == 1, "alike: of one type only")
    return ((flags[kind][name], flags[types[0]][name]) for name in names)
