"""Pools follow classes and descriptions, in whatever order these arrive."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from memory import TODAY, Recorded, described, news, uscc
from sampling_service.model.events import PoolEntered, PoolLeft
from sampling_service.model.members import Member
from sampling_service.rules.pools import pool_reason, with_classes
from sampling_service.use_cases.pools import follow_classes, follow_descriptions


async def test_class_and_description_may_come_in_either_order(tx: Recorded) -> None:
    """Two topics have no common order."""
    await follow_classes([news(1, "B")], tx)
    await follow_descriptions([described(1), described(2)], tx)
    await follow_classes([news(2, "B")], tx)

    members = await tx.members.lock({uscc(1), uscc(2)})

    assert {(m.risk_class, m.name, m.status) for m in members.values()} == {
        ("B", "Firm 1", "active"),
        ("B", "Firm 2", "active"),
    }


async def test_older_news_changes_nothing(tx: Recorded) -> None:
    """A replay must not bring yesterday's class back."""
    await follow_classes([news(1, "B", change_number=2), news(1, "D", change_number=1)], tx)
    await follow_descriptions([described(1, version=3, name="new"), described(1, version=2, name="old")], tx)

    member = (await tx.members.lock({uscc(1)}))[uscc(1)]

    assert (member.risk_class, member.name, member.change_number, member.version) == ("B", "new", 2, 3)
    assert tx.published == []


async def test_news_of_known_members_is_one_read_and_one_write(watched: tuple[Recorded, list[str]]) -> None:
    """Nearly every batch of the loop is such; what is old news writes nothing at all."""
    tx, statements = watched
    await follow_descriptions([described(number) for number in range(20)], tx)
    statements.clear()

    await follow_classes([news(number) for number in range(20)], tx)
    await follow_classes([news(number) for number in range(20)], tx)

    assert [statement.split()[0] for statement in statements] == ["select", "update", "select"]


async def test_class_d_enters_the_key_pool_and_leaves_it_with_the_class(tx: Recorded) -> None:
    """Key supervision follows the class, both ways."""
    await follow_classes([news(1, "D")], tx)
    await follow_classes([news(1, "B", change_number=2)], tx)

    assert tx.published == [
        PoolEntered(uscc(1), "class_d", TODAY),
        PoolLeft(uscc(1), "no_longer_class_d", TODAY),
    ]


async def test_a_listed_entity_is_in_the_key_pool_whatever_its_class(tx: Recorded) -> None:
    """The law says so (总局令第44号 §15), not the score."""
    await follow_classes([news(1, "B", by_law=True)], tx)

    assert tx.published == [PoolEntered(uscc(1), "serious_listing", TODAY)]


async def test_a_cancelled_entity_leaves_the_key_pool(tx: Recorded) -> None:
    """There is nobody left to supervise."""
    await follow_classes([news(1, "D")], tx)
    await follow_descriptions([described(1, status="cancelled")], tx)

    assert tx.published[-1] == PoolLeft(uscc(1), "cancelled", TODAY)


@given(st.lists(st.tuples(st.integers(1, 6), st.sampled_from("ABCD"), st.booleans()), max_size=12))
def test_entering_and_leaving_alternate(changes: list[tuple[int, str, bool]]) -> None:
    """Who listens to pool events alone must end up with the right pool."""
    given_news = [news(1, letter, change_number=n, by_law=by_law) for n, letter, by_law in changes]

    result = with_classes(given_news, {uscc(1): Member(uscc(1))})

    kinds = [type(event) for event in result.events]
    assert kinds == [PoolEntered, PoolLeft] * (len(kinds) // 2) + [PoolEntered] * (len(kinds) % 2)
    last = result.members.get(uscc(1), Member(uscc(1)))
    assert bool(len(kinds) % 2) == bool(pool_reason(last))


@pytest.mark.parametrize(("letter", "code"), [("", 0), ("A", 1), ("D", 4)])
def test_a_member_has_a_byte(letter: str, code: int) -> None:
    """The byte is what a draw seals; class, law and observation must not mix."""
    member = Member(uscc(1), risk_class=letter)

    assert member.code == code
    assert Member(uscc(1), risk_class=letter, by_law=True, under_observation=True).code == code + 24
