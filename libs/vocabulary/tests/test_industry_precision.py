"""The precision of inferred industries, computed again from the labels, where the registry they refer to is at hand.

``industry_labels.csv`` has, for entities named only by the SHA-256 of their code as the file has it, the section and
division that a person read from name and scope before seeing the program's answer; ``second`` are others that could be
defended. Samples 1 to 3 were used to mend the rules and to calibrate, sample 4 after that, to judge them.
"""

import csv
import gzip
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from vocabulary.scope import Inference, infer_industry

FOLDER = Path(
    os.environ.get("CREDITLOOP_REAL_DATA") or Path(__file__).resolve().parents[4] / "shared" / "data"
)
REGISTRY = FOLDER / "chengdu-registry.csv.gz"
LABELS = Path(__file__).with_name("industry_labels.csv")
JUDGED = "4"
PUBLISHED_FIRST, PUBLISHED_EITHER, PUBLISHED_DIVISION, TOLERANCE = 0.885, 0.926, 0.958, 0.02

pytestmark = pytest.mark.skipif(
    not REGISTRY.exists(), reason="the registry the labels refer to is absent: set CREDITLOOP_REAL_DATA"
)


class Judged(NamedTuple):
    """An answer, the labels, and how many entities of the registry's part this one stands for."""

    answer: Inference
    first: str
    second: Sequence[str]
    weight: float

    @property
    def right(self) -> bool:
        return self.answer.letter == self.first[0]

    @property
    def defensible(self) -> bool:
        return self.right or any(self.answer.letter == code[0] for code in self.second)


@pytest.fixture(scope="module")
def judged() -> Sequence[Judged]:
    with LABELS.open(encoding="utf-8") as file:
        labels = {row["code_sha256"]: row for row in csv.DictReader(file) if row["sample"] == JUDGED}
    found = []
    with gzip.open(REGISTRY, "rt", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            label = labels.pop(hashlib.sha256(row["统一社会信用代码"].encode()).hexdigest(), None)
            answer = infer_industry(row["经营范围"].removeprefix("N/A"), row["企业名称"]) if label else None
            if label and answer:
                found.append(Judged(answer, label["first"], label["second"].split(), float(label["weight"])))
    assert not labels
    return found


def test_the_sections_are_as_often_right_as_published(judged: Sequence[Judged]) -> None:
    """docs/data-quality.md says how often; a change of the rules that loses two points must be seen."""
    total = sum(each.weight for each in judged)
    first = sum(each.weight for each in judged if each.right) / total
    either = sum(each.weight for each in judged if each.defensible) / total

    print(f"{len(judged)} answers: {first:.3f} the first choice, {either:.3f} a defensible one")  # noqa: T201  # the shares are a result
    assert first >= PUBLISHED_FIRST - TOLERANCE
    assert either >= PUBLISHED_EITHER - TOLERANCE


def test_the_divisions_are_as_often_right_as_published(judged: Sequence[Judged]) -> None:
    """Of the right sections, where both the answer and the label go deeper."""
    deep = [each for each in judged if each.right and len(each.answer.code) > 1 and len(each.first) > 1]

    right = sum(
        each.answer.code[:3] in {code[:3] for code in (each.first, *each.second)} for each in deep
    ) / len(deep)

    assert right >= PUBLISHED_DIVISION - TOLERANCE


def test_the_confidence_is_as_high_as_the_answers_are_right(judged: Sequence[Judged]) -> None:
    """Over all answers the mean confidence and the share of right ones differ by less than five points."""
    total = sum(each.weight for each in judged)
    confidence = sum(each.weight * each.answer.confidence for each in judged) / total
    right = sum(each.weight for each in judged if each.right) / total

    assert abs(confidence - right) < 0.05
