"""Compares two books: digests of their buckets first, then the keys of the buckets in doubt. Pure."""

from collections.abc import Mapping
from typing import NamedTuple

from booksaudit.pairs import Pair


class Digest(NamedTuple):
    """One bucket of a book: its rows, the sum of their keys' hashes, and rows beyond the first of their key."""

    rows: int
    keys_hash: str
    repeated: int = 0


Digests = Mapping[int, Digest]
"""By bucket; one without rows is not there."""

Keys = Mapping[str, int]
"""How often each key is in a bucket."""

MOST_EXAMPLES = 20


class Difference(NamedTuple):
    """How two books differ, in keys; a key missing on the right is lost, one too many there is doubled.

    Attributes:
        lost: How many times keys of the left are missing on the right.
        doubled: How many times keys are on the right beyond the left, and keys doubled within a book.
        examples: Some of them, each as `lost …` or `doubled …`.
    """

    lost: int = 0
    doubled: int = 0
    examples: tuple[str, ...] = ()

    def plus(self, other: "Difference") -> "Difference":
        """Both together."""
        return Difference(
            self.lost + other.lost,
            self.doubled + other.doubled,
            (self.examples + other.examples)[:MOST_EXAMPLES],
        )


class Compared(NamedTuple):
    """One pair of books and how it stands; `level` when they agree."""

    pair: Pair
    left_rows: int
    right_rows: int
    difference: Difference

    @property
    def level(self) -> bool:
        """Whether the books agree."""
        return not self.difference.lost and not self.difference.doubled


def suspect(left: Digests, right: Digests) -> list[int]:
    """The buckets to be compared key by key, in order: their digests differ, or a key is there more than once."""
    differing = {bucket for bucket in left.keys() | right.keys() if left.get(bucket) != right.get(bucket)}
    repeating = {bucket for bucket, digest in left.items() if digest.repeated}
    return sorted(differing | repeating)


def rows(digests: Digests) -> int:
    """Number of rows of a whole book."""
    return sum(digest.rows for digest in digests.values())


def difference(left: Keys, right: Keys) -> Difference:
    """What one bucket lacks and what it has too often.

    A key that stands twice on both sides is doubled all the same: a key is unique by its definition.
    """
    lost = {key: count - right.get(key, 0) for key, count in left.items() if count > right.get(key, 0)}
    beyond = {key: count - left.get(key, 0) for key, count in right.items() if count > left.get(key, 0)}
    twice = {key: count - 1 for key, count in left.items() if count > 1 and key not in beyond}
    doubled = {**twice, **beyond}
    examples = [f"lost {key}" for key in sorted(lost)] + [f"doubled {key}" for key in sorted(doubled)]
    return Difference(sum(lost.values()), sum(doubled.values()), tuple(examples[:MOST_EXAMPLES]))
