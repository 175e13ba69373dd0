"""A Merkle tree of SHA-256. A node is the hash of 0x01 and its two children; a missing child is 32 zero bytes.

Leaves are hashed with 0x00 in front, so that no node can pass for a leaf. The cap is the level six above the
leaves: a file carries it once, and each drawn entity only the few hashes below it.

Source: RFC 6962 section 2.1 for the domain separation.
"""

from hashlib import sha256
from typing import Final, NamedTuple

WIDTH: Final = 32
CAP_HEIGHT: Final = 6
_NOTHING: Final = bytes(WIDTH)


class Tree(NamedTuple):
    """All levels from the leaves to the root; a level is its nodes one after the other, padded to an even number."""

    levels: list[bytes]

    @property
    def root(self) -> bytes:
        """The root, 32 bytes."""
        return self.levels[-1][:WIDTH]

    @property
    def cap(self) -> list[bytes]:
        """The nodes of the cap, or the root alone of a tree lower than that."""
        level = self.levels[min(CAP_HEIGHT, len(self.levels) - 1)]
        nodes = [level[at : at + WIDTH] for at in range(0, len(level), WIDTH)]
        return nodes if len(self.levels) > CAP_HEIGHT + 1 else nodes[:1]

    def path(self, position: int) -> bytes:
        """The siblings on the way from a leaf to the cap."""
        siblings = []
        for level in self.levels[: min(CAP_HEIGHT, len(self.levels) - 1)]:
            at = (position ^ 1) * WIDTH
            siblings.append(level[at : at + WIDTH])
            position >>= 1
        return b"".join(siblings)


def build(leaves: bytes) -> Tree:
    """The tree over at least one leaf, 32 bytes each."""
    levels = [leaves]
    while len(levels[-1]) > WIDTH:
        if len(levels[-1]) % (2 * WIDTH):
            levels[-1] += _NOTHING
        levels.append(_parents(levels[-1]))
    return Tree(levels)


def climb(node: bytes, position: int, path: bytes) -> bytes:
    """The node of the cap that a leaf and its siblings lead to."""
    for at in range(0, len(path), WIDTH):
        sibling = path[at : at + WIDTH]
        pair = sibling + node if position & 1 else node + sibling
        node = sha256(b"\1" + pair).digest()
        position >>= 1
    return node


def height_of(count: int) -> int:
    """How many levels of siblings a path has in a tree of `count` leaves."""
    return min(CAP_HEIGHT, (count - 1).bit_length())


def cap_size(count: int) -> int:
    """How many nodes the cap of a tree of `count` leaves has, the padding included."""
    nodes = -(-count // 2**CAP_HEIGHT)
    return nodes + nodes % 2 if nodes > 1 else 1


def _parents(level: bytes) -> bytes:
    step = 2 * WIDTH
    return b"".join([sha256(b"\1" + level[at : at + step]).digest() for at in range(0, len(level), step)])
