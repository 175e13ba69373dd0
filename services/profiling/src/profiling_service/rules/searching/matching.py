"""How well an entity answers a question, and which characters of it do."""

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

from profiling_service.model.searching import Found, Match, MatchedBy
from profiling_service.rules.searching.asking import Question
from profiling_service.rules.searching.folding import Folded, folded, weights

_FEWEST = {"name": 0.5, "address": 0.5, "code": 0.85}
"""A smaller share of the question is no answer."""
_APART = 0.03
"""What each further piece costs in which the question is found: close together is better."""
PREFERENCE: Sequence[MatchedBy] = ("code", "person", "name", "address")
"""Which tells more when two match alike."""

Block = tuple[int, int, int]
"""Where it begins in the question and in the text, and how long it is."""
Weigh = Callable[[str], list[float]]


def best_match(question: Question, entity: Found) -> Match | None:
    """The best of what matches of an entity, if anything does well enough."""
    matches = [_code(question, entity.uscc), _person(question, entity.legal_person_ref)]
    matches += [
        _text("name", question.words or (question.name,), folded(entity.name), weights),
        _text("address", (question.address,), folded(entity.address), _evenly),
    ]
    good = [match for match in matches if match is not None]
    return max(good, key=lambda each: (each.asked, each.filled, -PREFERENCE.index(each.by)), default=None)


def _code(question: Question, uscc: str) -> Match | None:
    return _text("code", (question.code,), Folded(uscc, tuple(range(len(uscc)))), _evenly)


def _person(question: Question, reference: str) -> Match | None:
    length = len(question.person)
    if not length or not reference.startswith(question.person):
        return None
    return Match("person", ((0, length),), 1.0, length / len(reference))


def _text(by: MatchedBy, words: Sequence[str], shown: Folded, weigh: Weigh) -> Match | None:
    asked = "".join(words)
    if not asked or not shown.text:
        return None
    blocks = _blocks(words, asked, shown.text)
    mine, theirs = weigh(asked), weigh(shown.text)
    found = sum(sum(mine[start : start + size]) for start, _, size in blocks) / sum(mine)
    if found < _FEWEST[by]:
        return None
    filled = sum(sum(theirs[start : start + size]) for _, start, size in blocks) / sum(theirs)
    return Match(by, _ranges(blocks, shown), found - _APART * (len(blocks) - 1), filled)


def _blocks(words: Sequence[str], asked: str, text: str) -> list[Block]:
    """Which stretches of the question stand where in the text: whole, word by word, or as much as possible in order."""
    if (start := text.find(asked)) >= 0:
        return [(0, start, len(asked))]
    if all(word in text for word in words):
        begins = [sum(map(len, words[:number])) for number in range(len(words))]
        return [(begin, text.find(word), len(word)) for begin, word in zip(begins, words, strict=True)]
    if 2 * len(set(asked) & set(text)) < len(set(asked)):
        return []
    matcher = SequenceMatcher(None, asked, text, autojunk=False)
    return [(block.a, block.b, block.size) for block in matcher.get_matching_blocks() if block.size]


def _ranges(blocks: Sequence[Block], shown: Folded) -> tuple[tuple[int, int], ...]:
    """Where the blocks stand in the text as written; what stands between two with nothing but marks is one stretch."""
    joined: list[tuple[int, int]] = []
    for _, start, size in sorted(blocks, key=lambda block: block[1]):
        begin, end = shown.origins[start], shown.origins[start + size - 1] + 1
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return tuple(joined)


def _evenly(text: str) -> list[float]:
    return [1.0] * len(text)
