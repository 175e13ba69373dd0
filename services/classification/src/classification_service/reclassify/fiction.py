"""A fictional city of any size: some twenty of its indicators are not zero for an entity on average."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from vocabulary.areas import areas
from vocabulary.sparse_values import ENTRY

from classification_service.model.city import Label, Standing
from classification_service.model.risk_model import Catalogue, RiskModel
from classification_service.rules.reading import model_of

DAY = 20_788  # 2026-12-01
_EPOCH = date(1970, 1, 1)
_KNOWN = {
    "base.age_years": 0.99,
    "base.capital_wan": 0.97,
    "relation.entities_of_person": 0.95,
    "base.is_individual": 0.6,
}
"""Shares of entities for whom these are not zero; the others' are drawn from the seed."""
_BAD = ("regulatory.", "credit.", "social.", "judicial.")
_UNKNOWN = 0.01
_INDUSTRIES = ("F52", "H62", "C14", "M75", "L72", "F51", "O80", "I65", "G54", "Q84")
_TYPES = ("1100", "1130", "4533", "9500")


@dataclass(frozen=True, slots=True)
class Fiction:
    """Draws entities; the same seed and chunk give the same.

    Args:
        catalogue: what is known of them.
    """

    catalogue: Catalogue
    seed: int

    def densities(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Of each indicator the share of entities for whom it is not zero; some twenty together."""
        random = np.random.default_rng([self.seed, 1])
        codes = [each.code for each in self.catalogue.indicators]
        drawn = random.gamma(0.6, 1.0, len(codes)) * [0.3 if code.startswith(_BAD) else 1.0 for code in codes]
        given = np.array([_KNOWN.get(code, 0.0) for code in codes])
        left = np.where(given > 0, 0.0, drawn)
        return np.minimum(np.where(given > 0, given, left * (20.0 - given.sum()) / left.sum()), 0.6)

    def chunk(self, number: int, size: int, first: int) -> Standing:
        """Entities numbered from `first`, not judged yet."""
        random = np.random.default_rng([self.seed, 2, number])
        counts, packed = self._values(random, size)
        labels = self._labels()
        zeros = np.zeros(size, np.int32)
        return Standing(
            usccs=np.char.add(
                "91510104YZ", np.char.zfill(np.arange(first, first + size).astype("U8"), 8)
            ).astype("S18"),
            profile_version=np.ones(size, np.int64),
            score=np.zeros(size),
            risk_class=np.zeros(size, np.int8),
            flags=np.zeros(size, np.int16),
            decision_number=zeros,
            change_number=zeros,
            sectors=zeros,
            business_day=np.full(size, DAY - 20, np.int32),
            established_on=(DAY - random.integers(20, 9000, size)).astype(np.int32),
            recorded_at_us=np.full(size, 840_000_000_000_000, np.int64),
            catalogue_version=np.full(size, self.catalogue.version, np.int32),
            label=random.choice(len(labels), size, p=_weights(labels)).astype(np.int32),
            labels=labels,
            counts=counts,
            packed=packed,
            places=np.zeros(size, "V6"),
        )

    def _values(self, random: np.random.Generator, size: int) -> tuple[Any, bytes]:
        width = len(self.catalogue.indicators)
        there = random.random((size, width), np.float32) < self.densities()
        rows, positions = np.nonzero(there)
        units = np.array([each.unit for each in self.catalogue.indicators])[positions]
        drawn = random.random(len(rows), np.float32)
        values = np.ceil(-1.2 * np.log1p(-0.999 * drawn)).astype(np.float32)
        values = np.where(units == "year", 30 * drawn, values)
        values = np.where(units == "wan_yuan", 10 ** (4 * drawn), values)
        values = np.where(np.isin(units, ("share", "ratio")), drawn, values)
        values = np.where(units == "yes_no", 1, values)
        values[random.random(len(rows), np.float32) < _UNKNOWN] = np.nan
        entries = np.empty(len(rows), ENTRY)
        entries["position"], entries["value"] = positions, values
        return there.sum(axis=1), entries.tobytes()

    def _labels(self) -> list[Label]:
        districts = [code for code in areas() if code.isdigit()]
        return [
            Label("", area, industry, kind, status, "", "")
            for area in districts
            for industry in _INDUSTRIES
            for kind in _TYPES
            for status in ("active", "suspended", "revoked", "cancelled")
        ]


def _weights(labels: list[Label]) -> Any:
    by_status = {"active": 0.93, "suspended": 0.01, "revoked": 0.02, "cancelled": 0.04}
    weights = np.array([by_status[label.status] for label in labels])
    return weights / weights.sum()


def chunks(entities: int, size: int) -> Iterator[tuple[int, int, int]]:
    """Number, first entity and size of each chunk."""
    for number, first in enumerate(range(0, entities, size)):
        yield number, first, min(size, entities - first)


def next_version(live: Mapping[str, object], catalogue: Catalogue, items: int, seed: int) -> RiskModel:
    """A next version of a model with at least so many items: those there are, weighed anew, and others beside."""
    random = np.random.default_rng([seed, 3])
    mine: Any = live["items"]
    own = [_heavier(item, random) for item in mine]
    used = {item["indicator"] for item in own}
    codes = [each.code for each in catalogue.indicators if each.code not in used]
    more = random.choice(codes, max(items - len(own), 0), replace=False).tolist()
    document = {
        **live,
        "version": int(str(live["version"])) + 1,
        "catalogue_version": catalogue.version,
        "valid_from": date(2026, 12, 1),
        "items": [*own, *(_drawn(code, random) for code in more)],
    }
    return model_of(document, catalogue)


def _heavier(item: Mapping[str, Any], random: np.random.Generator) -> dict[str, Any]:
    """Of more weight, so that full marks stay within reach."""
    weight = float(np.round(item.get("weight", 1.0) * random.uniform(1.0, 2.2), 2))
    return {**item, "weight": weight}


def _drawn(code: str, random: np.random.Generator) -> dict[str, Any]:
    return {
        "indicator": code,
        "bins": {"edges": [1, 3], "points": [0, *sorted(random.integers(1, 40, 2).tolist())]},
        "weight": 1.0,
        "missing": {"policy": "mean", "points": 5},
    }
