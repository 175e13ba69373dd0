"""Which of those that may be meant are shown, and in which order."""

from collections.abc import Iterable
from itertools import pairwise

from profiling_service.model.searching import Candidate, Found, Hit
from profiling_service.rules.searching.asking import Question
from profiling_service.rules.searching.folding import core
from profiling_service.rules.searching.grams import Field
from profiling_service.rules.searching.matching import PREFERENCE, best_match


def shortlist(question: Question, candidates: Iterable[Candidate], most: int) -> list[str]:
    """The codes of those that look best at a glance, `most` of each field."""
    texts = {(each.field, each.uscc): each.text for each in candidates}
    best: list[str] = []
    for field, asked in (
        (Field.CODE, question.code.casefold()),
        (Field.NAME, question.name),
        (Field.ADDRESS, question.address),
    ):
        glance = _Glance(asked)
        seen = sorted((*glance(text), uscc) for (of, uscc), text in texts.items() if of == field)
        best += [uscc for *_, uscc in seen[:most]]
    return list(dict.fromkeys(best))


def ranked(question: Question, entities: Iterable[Found], limit: int) -> list[Hit]:
    """The entities that answer it, best first."""
    hits = [Hit(entity, match) for entity in entities if (match := best_match(question, entity)) is not None]
    return sorted(hits, key=_place)[:limit]


class _Glance:
    """A cheap order of texts: those that hold the question whole, then by pairs and characters in common."""

    def __init__(self, asked: str) -> None:
        self._asked = asked
        self._core = core(asked) or asked
        self._pairs = _pairs(self._core)

    def __call__(self, text: str) -> tuple[int, int, int]:
        whole = 2 if self._asked in text else int(self._core in text)
        common = 2 * len(self._pairs & _pairs(text)) + len(set(self._core) & set(text))
        return (-whole, -common, len(text))


def _pairs(text: str) -> set[str]:
    return {first + second for first, second in pairwise(text)}


def _place(hit: Hit) -> tuple[float, float, int, int, str]:
    match, entity = hit.match, hit.entity
    order = PREFERENCE.index(match.by)
    return (-round(match.asked, 3), -round(match.filled, 3), order, entity.status, entity.uscc)
