"""Commit to a population, then draw from it.

Before the public seed exists, the commitment fixes who may be drawn (root of the tree), how many (quotas), by
which algorithm, and the hash of a secret. Afterwards nothing is left to choose: the randomness is
HMAC-SHA256(secret, seed, commitment).

Two kinds of lots: the uniform lot takes from everyone alike, and anyone can check who won it. The targeted lots
take from strata, by the sealed byte. The public file says how many they took and names none of their winners: a
high ratio makes a high class likely, so that being named would tell it. The audit file opens the seals and proves
these lots too.
"""

import hmac
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import compress
from typing import Any, Final

from honestdraw import lots, sealing, tree
from honestdraw.document import Document, digest_of, signed

ALGORITHM: Final = "honestdraw/1"
FORMAT: Final = "creditloop draw file 2"
UNIFORM: Final = "uniform"


@dataclass(frozen=True, slots=True)
class Population:
    """Who may be drawn: USCCs one after the other in ascending order, and one byte about each."""

    keys: bytes
    codes: bytes

    def __len__(self) -> int:
        return len(self.codes)

    def key(self, position: int) -> str:
        """The USCC at a position."""
        at = position * sealing.KEY_WIDTH
        return self.keys[at : at + sealing.KEY_WIDTH].decode("ascii")


@dataclass(frozen=True, slots=True)
class SeedRule:
    """Which public event will be the seed; part of the commitment, so that nobody can choose another afterwards.

    Attributes:
        source: the event in words, exact enough for anyone to look it up.
        known_from: instant before which nobody can know the seed, ISO 8601 in UTC to the second.
        format: one of `seeds.FORMAT`.
    """

    source: str
    known_from: str
    format: str

    def document(self) -> Document:
        """The rule as the commitment has it."""
        return {"format": self.format, "known_from": self.known_from, "source": self.source}


@dataclass(frozen=True, slots=True)
class Quota:
    """How many a targeted lot takes from the members whose byte is one of `codes`."""

    stratum: str
    codes: bytes
    population: int
    take: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What a draw promises before it is drawn.

    Attributes:
        about: what the draw is (identifier, number, plan, items, area, time), and its `SeedRule` as a document.
        excluded: how many were left out of the population, by reason.
        uniform_take: how many the uniform lot takes.
        quotas: the targeted lots; their codes are disjoint.
    """

    about: Mapping[str, Any]
    excluded: Mapping[str, int]
    uniform_take: int
    quotas: Sequence[Quota]


@dataclass(frozen=True, slots=True)
class Commitment:
    """What was promised, as published, and the tree behind it."""

    document: Document
    tree: tree.Tree
    seals: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of the commitment, lower-case hex: what a witness writes down."""
        return digest_of(self.document)


@dataclass(frozen=True, slots=True)
class Winners:
    """Positions drawn: by the uniform lot, and by each targeted lot, some of them perhaps by both."""

    uniform: frozenset[int]
    by_stratum: Mapping[str, frozenset[int]]

    def all(self) -> list[int]:
        """Every drawn position once, ascending."""
        return sorted(self.uniform.union(*self.by_stratum.values()))

    def targeted_only(self) -> list[int]:
        """Positions that won a targeted lot and not the uniform one, ascending."""
        return sorted(frozenset().union(*self.by_stratum.values()) - self.uniform)


def commit(population: Population, terms: Terms, secret: bytes, sealing_key: bytes) -> Commitment:
    """The commitment to publish; secret and sealing key are 32 random bytes each.

    Raises:
        ValueError: the population is empty or not in ascending order.
    """
    require_order(population)
    seals = sealing.sealed(population.codes, sealing_key)
    leaves = sealing.leaves(sealing.salts(sealing_key, len(population)), seals, population.keys)
    grown = tree.build(leaves)
    document = {
        **terms.about,
        "algorithm": ALGORITHM,
        "population": len(population),
        "population_root": grown.root.hex(),
        "excluded": dict(sorted(terms.excluded.items())),
        "uniform_take": terms.uniform_take,
        "targeted_take": sum(quota.take for quota in terms.quotas),
        "strata_sha256": strata_digest(strata_document(terms.quotas), sealing_key),
        "sealing_key_sha256": sha256(sealing_key).hexdigest(),
        "secret_sha256": sha256(secret).hexdigest(),
    }
    return Commitment(document, grown, seals)


def randomness_of(secret: bytes, public_seed: str, commitment_digest: str) -> bytes:
    """32 bytes that nobody could know before the seed, and nobody can choose after the commitment."""
    return hmac.digest(secret, f"{public_seed}\0{commitment_digest}".encode(), "sha256")


def draw(population: Population, terms: Terms, randomness: bytes) -> Winners:
    """Who wins; the same for everybody who asks."""
    uniform = lots.winners(randomness, UNIFORM, len(population), terms.uniform_take)
    return Winners(
        frozenset(uniform),
        {quota.stratum: targeted(population.codes, quota, randomness) for quota in terms.quotas},
    )


def targeted(codes: bytes, quota: Quota, randomness: bytes) -> frozenset[int]:
    """The winners of one targeted lot."""
    inside = bytes(code in quota.codes for code in range(256))
    members = list(compress(range(len(codes)), codes.translate(inside)))
    won = lots.winners(randomness, f"stratum {quota.stratum}", len(members), quota.take)
    return frozenset(members[rank] for rank in won)


def strata_document(quotas: Sequence[Quota]) -> list[dict[str, Any]]:
    """The quotas as the audit file has them."""
    return [
        {
            "codes": quota.codes.hex(),
            "population": quota.population,
            "stratum": quota.stratum,
            "take": quota.take,
        }
        for quota in sorted(quotas, key=lambda quota: quota.stratum)
    ]


def strata_digest(strata: Sequence[Mapping[str, Any]], sealing_key: bytes) -> str:
    """What commits to the strata without telling them."""
    return digest_of({"key": sealing_key.hex(), "strata": list(strata)})


@dataclass(frozen=True, slots=True)
class Opening:
    """All that is needed to write the files of a draw.

    Attributes:
        secret: 32 bytes.
        sealing_key: 32 bytes.
        public_seed: text of the seed, as the rule of the commitment wants it.
        revealed_at: instant, ISO 8601 in UTC to the second.
    """

    secret: bytes
    sealing_key: bytes
    public_seed: str
    revealed_at: str


def public_document(
    population: Population, commitment: Commitment, winners: Winners, opening: Opening
) -> Document:
    """The file for everyone: the uniform lot alone, which takes from all classes alike."""
    return signed(_members("public", population, commitment, winners, opening))


def audit_document(
    population: Population,
    commitment: Commitment,
    winners: Winners,
    opening: Opening,
    quotas: Sequence[Quota],
) -> Document:
    """The file for auditors: the public one, and all seals opened. It holds classes: internal use only."""
    audit = {
        "codes": population.codes.hex(),
        "sealing_key": opening.sealing_key.hex(),
        "strata": strata_document(quotas),
        "targeted": winners.targeted_only(),
        "usccs": population.keys.decode("ascii"),
    }
    return signed({**_members("audit", population, commitment, winners, opening), "audit": audit})


def _members(
    kind: str, population: Population, commitment: Commitment, winners: Winners, opening: Opening
) -> Document:
    randomness = randomness_of(opening.secret, opening.public_seed, commitment.digest)
    return {
        "format": FORMAT,
        "kind": kind,
        "commitment": commitment.document,
        "commitment_sha256": commitment.digest,
        "reveal": {
            "public_seed": opening.public_seed,
            "randomness": randomness.hex(),
            "revealed_at": opening.revealed_at,
            "secret": opening.secret.hex(),
            "targeted_only": len(winners.targeted_only()),
        },
        "cap": [node.hex() for node in commitment.tree.cap],
        "drawn": _drawn(population, commitment, winners, opening.sealing_key),
    }


def _drawn(
    population: Population, commitment: Commitment, winners: Winners, sealing_key: bytes
) -> list[dict[str, Any]]:
    width = sealing.SALT_WIDTH
    salts = sealing.salts(sealing_key, len(population))
    return [
        {
            "path": b64encode(commitment.tree.path(position)).decode(),
            "position": position,
            "salt": salts[position * width : (position + 1) * width].hex(),
            "seal": commitment.seals[position],
            "uscc": population.key(position),
        }
        for position in sorted(winners.uniform)
    ]


def require_order(population: Population) -> None:
    """The population can be drawn from.

    Raises:
        ValueError: it is empty, or not in ascending order, each member once.
    """
    width = sealing.KEY_WIDTH
    if not population or len(population.keys) != width * len(population):
        raise ValueError("a population has at least one member, and a byte for each")
    keys = [population.keys[at : at + width] for at in range(0, len(population.keys), width)]
    if any(map(bytes.__ge__, keys, keys[1:])):
        raise ValueError("the population must be in ascending order, each member once")
