"""A small draw to test with, and a large one to measure."""

from dataclasses import dataclass
from hashlib import sha256

from honestdraw import Commitment, Population, Quota, SeedRule, Terms, Winners, commit, draw, randomness_of
from honestdraw.drawing import Opening

SECRET = bytes(range(32))
SEALING_KEY = bytes(range(32, 64))
CODES = {"class:A": b"\1", "class:B": b"\2", "class:C": b"\3", "class:D": b"\4"}
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True)
class Drawn:
    """Everything about one draw."""

    population: Population
    terms: Terms
    commitment: Commitment
    winners: Winners
    opening: Opening


def population_of(count: int) -> Population:
    """`count` made-up members; about 60, 30, 7 and 3 % of the classes."""
    keys = "".join(f"91510104{_digits(number)}" for number in range(count)).encode()
    pattern = bytes([1] * 60 + [2] * 30 + [3] * 7 + [4] * 3)
    codes = bytes(pattern[byte * 100 // 256] for byte in sha256(b"codes").digest() * (count // 32 + 1))
    return Population(keys, codes[:count])


def _digits(number: int) -> str:
    digits = ""
    for _ in range(10):
        number, digit = divmod(number, 31)
        digits = _ALPHABET[digit] + digits
    return digits


def terms_of(population: Population, *, uniform: float = 0.03) -> Terms:
    """3 % of everyone, and 1, 5, 30 and 100 % of the strata."""
    ratios = {"class:A": 1, "class:B": 5, "class:C": 30, "class:D": 100}
    quotas = []
    for stratum, codes in CODES.items():
        size = population.codes.count(codes)
        quotas.append(Quota(stratum, codes, size, -(-size * ratios[stratum] // 100)))
    about = {
        "area_code": "510100",
        "committed_at": "2026-11-23T01:02:03Z",
        "draw_id": "plan-2026-1",
        "items": ["publicity"],
        "number": 1,
        "plan": "plan-2026",
        "plan_sha256": sha256(b"plan").hexdigest(),
        "seed_rule": SeedRule(
            "a made-up index 上证 at its close", "2026-11-23T07:00:00Z", "decimal 2"
        ).document(),
    }
    take = max(1, int(len(population) * uniform))
    return Terms(about, {"cancelled": 3, "revoked": 1}, take, quotas)


def drawn_of(population: Population, *, seed: str = "3401.23") -> Drawn:
    """A draw from commitment to winners."""
    terms = terms_of(population)
    commitment = commit(population, terms, SECRET, SEALING_KEY)
    opening = Opening(SECRET, SEALING_KEY, seed, "2026-11-23T08:00:00Z")
    winners = draw(population, terms, randomness_of(SECRET, seed, commitment.digest))
    return Drawn(population, terms, commitment, winners, opening)
