"""The audit's arithmetic, on books written by hand."""

from collections.abc import Callable
from typing import Any

import pytest
from booksaudit.compare import Compared, Difference, Digest, difference, rows, suspect
from booksaudit.lanes import Lane, Standing, behind, is_level, pending, unread
from booksaudit.pairs import PAIRS, READERS
from booksaudit.report import audit, compare


@pytest.fixture
def read_of() -> Callable[..., Any]:
    """Reads six services with nothing on their books, and so many open dead letters."""

    def of(**dead: int) -> Any:
        async def read(service: str, path: str) -> object:
            if path == "/v1/flow":
                return {"open_dead_letters": dead.get(service, 0)}
            return []

        return read

    return of


def test_equal_books_have_no_difference() -> None:
    """The usual case costs one comparison of digests and no keys."""
    book = {1: Digest(2, "77"), 5: Digest(1, "-3")}

    assert suspect(book, dict(book)) == []
    assert rows(book) == 3


def test_a_bucket_that_one_side_lacks_differs() -> None:
    """A whole bucket may be lost."""
    assert suspect({1: Digest(2, "77"), 2: Digest(1, "9")}, {1: Digest(2, "77")}) == [2]


def test_a_key_missing_on_the_right_is_lost() -> None:
    """An accepted fact that was never recorded is what the audit is for."""
    found = difference({"registry|a": 1, "registry|b": 1}, {"registry|a": 1})

    assert found == Difference(1, 0, ("lost registry|b",))


def test_a_key_too_many_on_the_right_is_doubled() -> None:
    """Recorded twice, or recorded though never accepted: either way one too many."""
    found = difference({"a": 1}, {"a": 2, "ghost": 1})

    assert (found.lost, found.doubled) == (0, 2)
    assert found.examples == ("doubled a", "doubled ghost")


def test_one_lost_and_one_doubled_do_not_cancel_out() -> None:
    """Counts alone would call these books level."""
    found = difference({"a": 1, "b": 1}, {"a": 2})

    assert (found.lost, found.doubled) == (1, 1)


def test_a_key_that_stands_twice_on_both_sides_is_doubled() -> None:
    """A fault copied faithfully is still a fault, though the digests are equal."""
    both = {1: Digest(2, "154", repeated=1)}

    assert suspect(both, dict(both)) == [1]
    assert difference({"a": 2}, {"a": 2}).doubled == 1


async def repeating(_service: str, path: str) -> list[dict[str, object]]:
    """Two services whose one book has a key twice, as its digest says."""
    if path.endswith("/7"):
        return [{"key": "a", "count": 2}]
    return [{"bucket": 7, "rows": 2, "keys_hash": "154", "repeated": 1}]


async def test_a_repeated_key_is_found_though_both_books_look_alike() -> None:
    """Asked as the audit asks: it goes by digests, and looks at keys only where these tell it to."""
    found = await compare(repeating, PAIRS[0])

    assert found.difference == Difference(0, 1, ("doubled a",))


async def test_a_whole_audit_is_made_of_what_anybody_reads(read_of: Any) -> None:
    """The console asks over its own client, as whoever is logged in; and shows how far it is."""
    seen: list[Compared] = []

    found = await audit(read_of(profiling=1), 0, seen.append)

    document = found.document()
    assert [each.pair for each in seen] == list(PAIRS)
    assert (found.whole, found.lost, found.doubled, found.dead) == (False, 0, 0, 1)
    assert (document["whole"], document["dead_letters_by_service"]) == (False, found.dead_letters)
    assert (await audit(read_of(), 0)).whole


def test_examples_are_few() -> None:
    """A lost topic must not print a million keys."""
    found = difference({f"k{n:03}": 1 for n in range(500)}, {}).plus(difference({"z": 1}, {}))

    assert found.lost == 501
    assert len(found.examples) == 20


def _standing(read: int, published: int = 7, waiting: int = 0) -> Standing:
    """Ingestion published on partition 1 of 2; profiling has read so much of it, the others all."""
    writer = Lane("http-0", {}, [1, published + 1], waiting)
    source = "creditloop/ingestion/http-0"
    reader = Lane("ingestion-1", {source: read}, [1, 1], 0)
    other = Lane("ingestion-1", {source: published}, [1, 1], 0)
    return {"ingestion": [writer], "profiling": [reader], "repair": [other], "classification": [other]}


def test_lanes_are_level_when_everyone_has_read_everything() -> None:
    """Nothing is in flight: the books may be compared."""
    assert is_level(_standing(read=7))


def test_a_consumer_behind_is_named_with_its_producer() -> None:
    """Who is behind whom is the first question after a kill."""
    found = unread(_standing(read=5))

    assert [str(each) for each in found] == ["profiling read 5 of 7 events of ingestion/http-0, partition 1"]
    assert behind(_standing(read=5)) == 2


def test_a_lane_never_seen_has_read_nothing() -> None:
    """A service that never started is behind by everything."""
    standing = {
        "ingestion": [Lane("http-0", {}, [3], 0)],
        "profiling": [],
        "repair": [],
        "classification": [],
    }

    assert {each.consumer for each in unread(standing)} == {"profiling", "repair", "classification"}


def test_a_batch_kafka_has_not_acknowledged_is_in_flight() -> None:
    """Committed and not yet published is not lost."""
    standing = _standing(read=7, waiting=2)

    assert pending(standing) == 2
    assert not is_level(standing)


def test_pairs_and_readers_name_only_services_there_are() -> None:
    """A misspelt service would make the audit fail for ever."""
    named = {side.service for pair in PAIRS for side in (pair.left, pair.right)}

    assert named | {name for readers in READERS.values() for name in readers} == set(READERS)
