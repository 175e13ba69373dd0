"""`python libs/honestdraw/tests/measure.py [MEMBERS]`: prints the README's figures, measured here and now."""

import sys
import time
from collections.abc import Callable
from typing import TypeVar

from a_draw import drawn_of, population_of
from honestdraw import audit_document, encode, public_document, verify

T = TypeVar("T")


def main(members: int) -> None:
    """One draw of that many made-up members, each step timed."""
    population = population_of(members)
    drawn = timed("commit and draw", lambda: drawn_of(population))
    parts = (drawn.population, drawn.commitment, drawn.winners, drawn.opening)
    public = timed("write the public file", lambda: encode(public_document(*parts)))
    audit = encode(audit_document(*parts, drawn.terms.quotas))
    wrong = timed("check the public file", lambda: verify(public))
    wrong += timed("check the audit file", lambda: verify(audit))
    uniform, targeted = len(drawn.winners.uniform), len(drawn.winners.targeted_only())
    sys.stdout.write(
        f"{members:,} members, {uniform:,} + {targeted:,} drawn, {len(public):,} bytes, {wrong}\n"
    )


def timed(what: str, work: Callable[[], T]) -> T:
    """The work's result; its time is printed."""
    began = time.perf_counter()
    done = work()
    sys.stdout.write(f"{what}: {time.perf_counter() - began:.1f} s\n")
    return done


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400_000)
