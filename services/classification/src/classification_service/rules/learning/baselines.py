"""What learning must beat: a plain logistic regression of the raw columns, and boosted trees as a challenger."""

from collections.abc import Sequence

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from classification_service.model.judgement import Matrix, Vector
from classification_service.model.learning import Table, Visit
from classification_service.rules.learning.fitting import strictness_of_who

_SEED = 0
Row = dict[str, str | float]


def plain_logistic(before: Sequence[Visit], after: Sequence[Visit], *, inspector: bool) -> Vector:
    """Scores of the later visits by a logistic regression of the raw columns, as known without history.

    An unknown number counts as the mean of those known before; a category not met before counts as none.
    """
    vectorizer, scaler = DictVectorizer(sparse=False), StandardScaler()
    known = vectorizer.fit_transform([_row(visit, inspector=inspector) for visit in before])
    is_known = np.isfinite(known)
    means = np.where(is_known, known, 0.0).sum(axis=0) / np.maximum(is_known.sum(axis=0), 1)
    columns = scaler.fit_transform(_filled(known, means))
    found = np.array([visit.critical > 0 for visit in before])
    fitted = LogisticRegression(C=1.0, max_iter=1000).fit(columns, found)
    later = vectorizer.transform([_row(visit, inspector=inspector) for visit in after])
    scores: Vector = fitted.decision_function(scaler.transform(_filled(later, means)))
    return scores


def boosted_trees(before: Table, after: Table) -> Vector:
    """Log-odds of the later visits by gradient-boosted trees of all inputs and of who comes."""
    trees = HistGradientBoostingClassifier(
        max_iter=120,
        learning_rate=0.05,
        max_leaf_nodes=8,
        min_samples_leaf=40,
        l2_regularization=5.0,
        random_state=_SEED,
    )
    known, later = _all_columns(before), _all_columns(after)
    useful = np.isfinite(known).any(axis=0)
    scores: Vector = trees.fit(known[:, useful], before.found).decision_function(later[:, useful])
    return scores


def _row(visit: Visit, *, inspector: bool) -> Row:
    if visit.context is None:
        return {}
    numbers = {**visit.context.columns, "risk_category": visit.risk}
    row: Row = {name: float(value) for name, value in numbers.items()}
    row["facility_type"] = visit.context.facility_type
    if inspector:
        row["inspector"] = visit.context.inspector
    return row


def _filled(columns: Matrix, means: Vector) -> Matrix:
    return np.where(np.isfinite(columns), columns, means[None, :])


def _all_columns(table: Table) -> Matrix:
    return np.column_stack([table.values, strictness_of_who(table), table.who])
