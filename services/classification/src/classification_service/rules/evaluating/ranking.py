"""Measures of an order of visits by score; ties count as broken by lot, on average: no order of rows helps."""

import numpy as np

from classification_service.model.judgement import Integers, Vector


def auc(scores: Vector, found: Vector) -> float:
    """Probability that a visit which found something scores above one which did not; ties count half.

    NaN when all visits found the same. Source: Mann and Whitney, 1947, by mean ranks.
    """
    positives = float(found.sum())
    negatives = len(found) - positives
    if not positives or not negatives:
        return float("nan")
    ranks = mean_ranks(scores)
    return float((ranks[found > 0].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def weighted_auc(scores: Vector, found: Vector, weights: Vector) -> float:
    """`auc` where each visit stands for so many: with 1/odds of having been drawn, that of all who might have been.

    Source: the probability of a pair in order, over pairs weighted by the product of both weights.
    """
    _, group = np.unique(scores, return_inverse=True)
    hits, clean = np.bincount(group, weights * found), np.bincount(group, weights * (1 - found))
    if not hits.sum() or not clean.sum():
        return float("nan")
    below = np.cumsum(clean) - clean / 2
    return float((hits * below).sum() / (hits.sum() * clean.sum()))


def mean_ranks(scores: Vector) -> Vector:
    """Rank of each score from 1 for the smallest; equals share the mean of their ranks."""
    _, group, counts = np.unique(scores, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks: Vector = (last - (counts - 1) / 2)[group]
    return ranks


def gain(scores: Vector, found: Vector) -> tuple[Vector, Vector]:
    """Share of visits made, and of what there is the share found by then, greatest score first; both from 0 to 1."""
    return weighted_gain(scores, found, np.ones(len(scores)))


def weighted_gain(scores: Vector, found: Vector, weights: Vector) -> tuple[Vector, Vector]:
    """The same where each visit stands for so many."""
    _, group = np.unique(-scores, return_inverse=True)
    sums = np.bincount(group, weights=weights * found)
    made = np.concatenate([[0.0], np.cumsum(np.bincount(group, weights=weights))]) / weights.sum()
    total = (weights * found).sum()
    caught = np.concatenate([[0.0], np.cumsum(sums)]) / total if total else made
    return made, caught


def first_half_share(scores: Vector, found: Vector) -> float:
    """Share of what there is that the first half of the visits finds, made in the order of the score."""
    made, caught = gain(scores, found)
    return float(np.interp(0.5, made, caught))


def within_groups_auc(scores: Vector, found: Vector, groups: Integers) -> float:
    """`auc` among pairs of one group only, such as visits of one inspector; NaN where no group has such a pair."""
    pairs = won = 0.0
    for label in np.unique(groups):
        inside = groups == label
        positives = float(found[inside].sum())
        weight = positives * (inside.sum() - positives)
        if weight:
            pairs += weight
            won += weight * auc(scores[inside], found[inside])
    return won / pairs if pairs else float("nan")


def auc_interval(
    scores: Vector, found: Vector, days: Integers, *, draws: int, seed: int
) -> tuple[float, float]:
    """95 % interval of `auc`, by drawing whole days anew: visits of one day share weather, people and chance."""
    names, day = np.unique(days, return_inverse=True)
    rows = [np.flatnonzero(day == index) for index in range(len(names))]
    generator = np.random.default_rng(seed)
    found_aucs = np.empty(draws)
    for draw in range(draws):
        picked = np.concatenate([rows[index] for index in generator.integers(0, len(names), len(names))])
        found_aucs[draw] = auc(scores[picked], found[picked])
    if np.isnan(found_aucs).all():
        return float("nan"), float("nan")
    low, high = np.nanpercentile(found_aucs, [2.5, 97.5])
    return float(low), float(high)


def calibration(chances: Vector, found: Vector, parts: int) -> list[tuple[float, float]]:
    """Mean chance and share found in each of so many equal parts of the visits, least likely first."""
    order = np.argsort(chances, kind="stable")
    pieces = [piece for piece in np.array_split(order, parts) if len(piece)]
    return [(float(chances[piece].mean()), float(found[piece].mean())) for piece in pieces]
