"""Firms that hang together."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st
from vocabulary.clusters import Founding, ShellRule, components, fresh_shells, sharing

KEYS = st.lists(st.lists(st.integers(0, 7), max_size=3), max_size=14)


def _naively(keys: list[list[int]], most: int) -> set[tuple[int, ...]]:
    """Components by walking from each firm to all it shares a small enough key with."""
    counts = {key: sum(key in own for own in keys) for own in keys for key in own}
    found = set()
    for start in range(len(keys)):
        reached, waiting = {start}, [start]
        while waiting:
            own = {key for key in keys[waiting.pop()] if counts[key] <= most}
            new = {firm for firm in range(len(keys)) if own & set(keys[firm])} - reached
            reached |= new
            waiting += new
        if len(reached) > 1:
            found.add(tuple(sorted(reached)))
    return found


@given(KEYS, st.integers(2, 6))
def test_components_are_those_a_naive_walk_finds(keys: list[list[int]], most: int) -> None:
    """Union-find is the fast way to the same answer; the density counts the pairs that share directly."""
    found = components(keys, most)

    assert {component.firms for component in found} == _naively(keys, most)
    small = {key for key, firms in sharing(keys).items() if len(firms) <= most}
    for component in found:
        pairs = list(combinations(component.firms, 2))
        direct = sum(bool(set(keys[a]) & set(keys[b]) & small) for a, b in pairs)
        assert component.density == direct / len(pairs)


def test_the_largest_component_comes_first() -> None:
    """Two firms by person, three by a chain of person and address."""
    found = components([["p1"], ["p1", "a1"], ["a1"], ["p2"], ["p2"], ["p3"]])

    assert [component.firms for component in found] == [(0, 1, 2), (3, 4)]
    assert [component.density for component in found] == [2 / 3, 1.0]


def test_what_too_many_share_joins_nobody() -> None:
    """Five hundred stalls of one market are no group."""
    assert components([["market"]] * 51) == []
    assert len(components([["house"]] * 50)) == 1


def test_a_long_chain_is_one_component() -> None:
    """No recursion whose depth a register could exhaust."""
    chain = [[place, place + 1] for place in range(50_000)]

    (found,) = components(chain)

    assert len(found.firms) == 50_000


SCOPE = frozenset({"商务咨询", "企业管理", "会议服务", "市场调查"})


def _firm(day: int, scope: frozenset[str] = SCOPE, key: str = "room") -> Founding:
    return Founding(day, (key,), scope)


def test_three_alike_firms_within_a_week_at_one_place_are_fresh_shells() -> None:
    """The first of them, the last on the seventh day; another place and a later day do not count."""
    firms = [_firm(100), _firm(103), _firm(107), _firm(108), _firm(101, key="elsewhere")]

    (found,) = fresh_shells(firms)

    assert found.key == "room"
    assert found.firms == (0, 1, 2)


def test_unlike_scopes_are_no_shells() -> None:
    """A new shopping street opens in one week, too."""
    firms = [_firm(100), _firm(100, frozenset({"餐饮服务"})), _firm(100, frozenset({"零售眼镜"}))]

    assert fresh_shells(firms) == []
    assert fresh_shells([_firm(1, frozenset()) for _ in range(3)]) == []


def test_a_nearly_equal_scope_is_alike() -> None:
    """Four of five parts the same is 0.8."""
    firms = [_firm(100), _firm(100, SCOPE | {"翻译服务"}), _firm(100)]

    assert [group.firms for group in fresh_shells(firms)] == [(0, 1, 2)]
    assert fresh_shells(firms, ShellRule(alike=0.9)) == []


@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from("ab"), st.sampled_from("xy")), max_size=20))
def test_a_group_obeys_its_rule(firms: list[tuple[int, str, str]]) -> None:
    """Enough firms, within the days, of one key, each firm once for a key."""
    rule = ShellRule()
    founded = [Founding(day, (key,), frozenset(scope)) for day, key, scope in firms]

    found = fresh_shells(founded, rule)

    seen = [firm for group in found for firm in group.firms]
    assert len(seen) == len(set(seen))
    for group in found:
        days = [founded[firm].day for firm in group.firms]
        assert len(days) >= rule.least
        assert max(days) - min(days) <= rule.days
        assert {founded[firm].keys for firm in group.firms} == {(group.key,)}
