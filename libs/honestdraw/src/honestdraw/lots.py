"""Which positions of a population win a lot: those with the lowest tickets.

The ticket of position i is the i-th group of eight bytes, big-endian, of SHAKE-256 over the randomness and the
lot's name. Nobody can know a ticket before the randomness exists, and everybody can work it out afterwards.

Source: FIPS 202 (SHAKE-256).
"""

import sys
from array import array
from hashlib import shake_256
from math import isqrt

_TICKETS = 2**64


def winners(randomness: bytes, lot: str, count: int, take: int) -> list[int]:
    """The `take` positions out of 0..`count`-1 with the lowest tickets, ascending; equal tickets: the first wins.

    Raises:
        ValueError: more are to be taken than there are.
    """
    if not 0 <= take <= count:
        raise ValueError(f"cannot take {take} of {count}")
    if take == count:
        return list(range(count))
    issued = tickets(randomness, lot, count)
    # Tickets are uniform: the winners lie below a bound that is easy to guess, so only few need sorting.
    bound = _TICKETS * (take + 8 * isqrt(take) + 64) // count
    low = [(ticket, position) for position, ticket in enumerate(issued) if ticket < bound]
    if len(low) < take:
        low = [(ticket, position) for position, ticket in enumerate(issued)]
    low.sort()
    return sorted(position for _, position in low[:take])


def tickets(randomness: bytes, lot: str, count: int) -> "array[int]":
    """The tickets of positions 0..`count`-1, unsigned 64-bit numbers."""
    stream = shake_256(b"honestdraw/1 tickets\0" + randomness + lot.encode()).digest(8 * count)
    issued = array("Q", stream)
    if sys.byteorder == "little":
        issued.byteswap()
    return issued
