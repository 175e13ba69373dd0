"""A random draw that anyone can check offline, from one file. Standard library only, no I/O, no clock.

- `lots`: which positions of a population win, from public randomness alone.
- `sealing`: a leaf says who was in the population and keeps the class inside it sealed.
- `tree`: the Merkle tree over the leaves.
- `seeds`: which texts can be the public seed.
- `drawing`: commit to a population, then draw from it.
- `document`: the file's canonical form and its digests.
- `shapes`, `verification`, `auditing`: is this file an honest draw, and if not, where?
"""

from honestdraw.document import encode
from honestdraw.drawing import (
    ALGORITHM,
    Commitment,
    Population,
    Quota,
    SeedRule,
    Terms,
    Winners,
    audit_document,
    commit,
    draw,
    public_document,
    randomness_of,
)
from honestdraw.findings import Finding
from honestdraw.verification import verify

__all__ = [
    "ALGORITHM",
    "Commitment",
    "Finding",
    "Population",
    "Quota",
    "SeedRule",
    "Terms",
    "Winners",
    "audit_document",
    "commit",
    "draw",
    "encode",
    "public_document",
    "randomness_of",
    "verify",
]
