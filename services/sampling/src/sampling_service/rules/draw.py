"""The draw: strata and quotas before it, entries with their probabilities after it."""

import math
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from honestdraw import Population, Quota, Terms, Winners, seeds

from sampling_service.errors import DayOutOfReach, PlanNotInForce, SeedIsKnown, SeedNotKnown, UnfitSeed
from sampling_service.model.draws import Draw, DrawOrder, Entry
from sampling_service.model.members import BY_LAW, LETTERS, RESTRAINED
from sampling_service.model.plans import Plan

KEY = "key"
UNIFORM = "uniform"
UNCLASSIFIED = "unclassified"
_CLASS_BITS = 7


def require_order(order: DrawOrder, plans: Mapping[str, Plan], now: datetime, today: date) -> None:
    """The draw is of today or yesterday, by the plan of that year, and its seed is not known yet.

    In a year without a plan of its own the latest one goes on (project-chosen). Years count by the draw's day, and so
    do the exclusions of those drawn before; a day further off could be chosen to get around them.

    Raises:
        DayOutOfReach, PlanNotInForce, SeedIsKnown: It is not so.
    """
    if not today - timedelta(days=1) <= order.day <= today:
        raise DayOutOfReach(today)
    latest = max(plans.values(), key=lambda plan: plan.year)
    in_force = next((plan for plan in plans.values() if plan.year == order.day.year), latest)
    if order.plan_id != in_force.id:
        raise PlanNotInForce(order.plan_id, in_force.id)
    if order.seed_rule.known_from <= instant(now):
        raise SeedIsKnown(order.seed_rule.known_from)


def require_seed(seed: str, commitment: Mapping[str, Any], now: datetime) -> None:
    """The seed is one that the commitment allows, now.

    Raises:
        SeedNotKnown, UnfitSeed: It is not.
    """
    rule = commitment["seed_rule"]
    if instant(now) < rule["known_from"]:
        raise SeedNotKnown(rule["known_from"])
    if not seeds.fits(seed, rule["format"]):
        raise UnfitSeed(rule["format"])


def instant(at: datetime) -> str:
    """An instant as draw files have it: of one width, so that the texts sort as the instants do."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def stratum_of(code: int, plan: Plan) -> str:
    """The targeted stratum of a member by its byte.

    Key supervision by law comes first. In the observation year (观察期) a score alone lifts nobody above
    `plan.observation_as`; an override does.
    """
    if code & BY_LAW:
        return KEY
    letter = class_of(code)
    if code & RESTRAINED and letter in {"C", "D"}:
        return plan.observation_as
    return f"class:{letter}" if letter else UNCLASSIFIED


def class_of(code: int) -> str:
    """The class in a member's byte; empty when unclassified."""
    return LETTERS[code & _CLASS_BITS]


def quotas(population: Population, plan: Plan) -> tuple[Quota, ...]:
    """One quota for each stratum that has members: its ratio, rounded up."""
    members: dict[str, list[int]] = {}
    for code in sorted(set(population.codes)):
        members.setdefault(stratum_of(code, plan), []).append(code)
    return tuple(
        _quota(stratum, bytes(codes), population, plan) for stratum, codes in sorted(members.items())
    )


def share(ratio: Decimal, count: int) -> int:
    """A ratio of a number of members, rounded up: never fewer than promised."""
    return math.ceil(ratio * count)


def terms(about: Mapping[str, Any], population: Population, excluded: Mapping[str, int], plan: Plan) -> Terms:
    """What the draw promises."""
    return Terms(about, excluded, share(plan.uniform_ratio, len(population)), quotas(population, plan))


def terms_again(draw: Draw) -> Terms:
    """What a stored draw promised."""
    return Terms(draw.about, draw.excluded, draw.commitment["uniform_take"], draw.quotas)


def about(order: DrawOrder, plan: Plan, number: int, committed_at: str) -> dict[str, Any]:
    """What the published commitment says of the draw itself."""
    return {
        "area_code": order.area_code or "",
        "committed_at": committed_at,
        "draw_id": draw_id(plan.id, number),
        "items": sorted(order.items),
        "number": number,
        "plan": plan.id,
        "plan_sha256": plan.sha256,
        "seed_rule": order.seed_rule.document(),
    }


def draw_id(plan_id: str, number: int) -> str:
    """The identifier of a plan's draw."""
    return f"{plan_id}-{number:04d}"


def entries(population: Population, terms: Terms, winners: Winners) -> list[Entry]:
    """Every drawn entity once, in order of USCC, under the lot it counts for.

    Who won the uniform lot counts there, whatever else it won: the control group must stay whole. The probability is
    that of being recorded under the lot named, so that 1/probability weights within each lot are unbiased on their own:
    k/N for the uniform lot; of a stratum, its own k/n times that of not winning the uniform lot.

    Source: Horvitz and Thompson (1952).
    """
    uniform = terms.uniform_take / len(population)
    by_position: dict[int, tuple[str, float]] = {}
    for quota in terms.quotas:
        probability = quota.take / quota.population * (1 - uniform)
        for position in winners.by_stratum[quota.stratum]:
            by_position[position] = (quota.stratum, probability)
    for position in winners.uniform:
        by_position[position] = (UNIFORM, uniform)
    return [
        Entry(population.key(position), stratum, class_of(population.codes[position]), probability)
        for position, (stratum, probability) in sorted(by_position.items())
    ]


def _quota(stratum: str, codes: bytes, population: Population, plan: Plan) -> Quota:
    count = sum(population.codes.count(code) for code in codes)
    return Quota(stratum, codes, count, share(plan.ratios[stratum], count))
