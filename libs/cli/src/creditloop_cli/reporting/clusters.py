"""Who and what the firms share: persons, addresses, days of founding, and what all that joins."""

import re
from collections import Counter
from collections.abc import Hashable, Sequence

from vocabulary.clusters import (
    MOST_SHARING,
    Component,
    Founding,
    ShellRule,
    Shells,
    components,
    fresh_shells,
    sharing,
)

from creditloop_cli.reporting.firm import Firm
from creditloop_cli.reporting.tables import Table, by_size, counted, share

_TOP = 10
_RULES = (ShellRule(), ShellRule(days=30, alike=0.5), ShellRule(least=2), ShellRule(least=2, days=30))
_PART = re.compile(r"[;；。,，、:：\s]+")
_SIZE_COLUMNS = ("firms", "groups", "firms together")


def tables(firms: Sequence[Firm]) -> list[Table]:
    """Persons, addresses, shells and components. Branches share with their head by nature and are left out."""
    own = [firm for firm in firms if not firm.is_branch]
    persons = Counter(firm.person for firm in own if firm.person)
    return [
        _references(firms, own),
        Table(
            "persons",
            "Firms of one person",
            "Legal persons by the number of firms, branches left out, that name them as 法定代表人.",
            _SIZE_COLUMNS,
            by_size(persons.values()),
        ),
        _top("persons_top", "Persons with most firms", "The persons of most firms, by pseudonym.", persons),
        _addresses(firms),
        *_sharing_places(own),
        _shells(own),
        *_components(own),
    ]


def _references(firms: Sequence[Firm], own: Sequence[Firm]) -> Table:
    given = [firm.person for firm in firms if firm.person]
    counts = {
        "rows with a reference": len(given),
        "distinct persons": len(set(given)),
        "branches": len(firms) - len(own),
        "rows with a reference, branches left out": sum(bool(firm.person) for firm in own),
    }
    return Table(
        "references",
        "References to legal persons",
        "Rows that name a legal person by pseudonym; the same pseudonym is the same person.",
        ("reference", "rows", "share"),
        counted(counts, len(firms)),
    )


def _addresses(firms: Sequence[Firm]) -> Table:
    places = [firm.place for firm in firms if firm.row["注册地址"]]
    counts = {
        "given": len(places),
        "readable to the building": sum(bool(place.building) for place in places),
        "readable to the room": sum(bool(place.room) for place in places),
        "only a street, village or park": sum(not place.building for place in places),
        "says that it is shared (集群, 托管, 孵化 …)": sum(place.hosted for place in places),
    }
    return Table(
        "addresses",
        "Addresses",
        "Rows by how far 注册地址 can be read after normalising, and those that say they are shared by arrangement.",
        ("address", "rows", "share"),
        counted(counts, len(firms)),
    )


def _sharing_places(own: Sequence[Firm]) -> list[Table]:
    buildings = Counter(firm.place.building for firm in own if firm.place.building)
    rooms = Counter(firm.place.room for firm in own if firm.place.room)
    return [
        Table(
            "buildings",
            "Firms in one building",
            "Normalised street numbers and blocks by the number of firms, branches left out.",
            _SIZE_COLUMNS,
            by_size(buildings.values()),
        ),
        Table(
            "rooms",
            "Firms in one room",
            "Normalised addresses that go beyond the building, by the number of firms, branches left out.",
            _SIZE_COLUMNS,
            by_size(rooms.values()),
        ),
        _top(
            "rooms_top", "Rooms with most firms", "The rooms with most firms, numbered.", rooms, named=False
        ),
    ]


def _top(key: str, title: str, definition: str, counts: Counter[str], *, named: bool = True) -> Table:
    rows = [
        (name if named else f"{rank}", count)
        for rank, (name, count) in enumerate(counts.most_common(_TOP), start=1)
        if count > 1
    ]
    return Table(key, title, definition, ("pseudonym" if named else "rank", "firms"), rows)


def _shells(own: Sequence[Firm]) -> Table:
    foundings = [_founding(firm) for firm in own if firm.founded]
    definition = (
        "Groups of firms, branches left out, registered within some days in one room or by one person, whose scopes"
        " share a part of their words with the first one's; the first rule is the one in use, the others show how"
        " much depends on it."
    )
    columns = ("rule", "groups by a person", "groups by a room", "firms", "largest group")
    rows = [_shell_row(rule, fresh_shells(foundings, rule)) for rule in _RULES]
    return Table("fresh_shells", "Fresh shells", definition, columns, rows)


def _shell_row(rule: ShellRule, found: Sequence[Shells]) -> tuple[str, int, int, int, int]:
    kinds = Counter(group.key[0] for group in found if isinstance(group.key, tuple))
    firms = {firm for group in found for firm in group.firms}
    largest = max((len(group.firms) for group in found), default=0)
    label = f"{rule.least} firms, {rule.days} days, {rule.alike:.0%} alike"
    return label, kinds["person"], kinds["room"], len(firms), largest


def _founding(firm: Firm) -> Founding:
    parts = frozenset(filter(None, _PART.split(firm.row["经营范围"])))
    day = firm.founded.toordinal() if firm.founded else 0
    return Founding(day, _keys(firm), parts)


def _keys(firm: Firm) -> tuple[Hashable, ...]:
    """What joins a firm to others: its person, and its room unless that is shared by arrangement."""
    keys = (("person", firm.person), ("room", "" if firm.place.hosted else firm.place.room))
    return tuple(key for key in keys if key[1])


def _components(own: Sequence[Firm]) -> list[Table]:
    keys = [_keys(firm) for firm in own]
    found = components(keys)
    joined = sum(len(component.firms) for component in found)
    sizes = [1] * (len(own) - joined) + [len(component.firms) for component in found]
    too_many = sum(len(firms) > MOST_SHARING for firms in sharing(keys).values())
    definition = (
        "Firms, branches left out, joined directly or through others by a person or a room they share;"
        f" a person or room of more than {MOST_SHARING} firms joins nobody ({too_many} such)."
    )
    return [
        Table("components", "Connected firms", definition, _SIZE_COLUMNS, by_size(sizes)),
        _largest(found, len(own)),
    ]


def _largest(found: Sequence[Component], firms: int) -> Table:
    rows = [
        (f"{rank}", len(component.firms), share(len(component.firms), firms), round(component.density, 3))
        for rank, component in enumerate(found[:_TOP], start=1)
    ]
    return Table(
        "components_top",
        "Largest components",
        "The components of most firms; density is the share of pairs that share a person or room directly.",
        ("rank", "firms", "share of firms", "density"),
        rows,
    )
