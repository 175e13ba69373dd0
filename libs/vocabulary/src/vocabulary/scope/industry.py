"""The industry of an entity from its scope and name, with how sure that is and what decided.

Clauses are separated by ；and 。. The first names the main business, so votes of later clauses count less (weights in
``packs/scope.yaml``); what one clause claims is told in ``clauses``. The last trade word of a name votes once, and
less where the scope speaks plainly and bears it out nowhere. The section with most votes wins; below it the code goes
as deep as three votes in five agree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final, NamedTuple

from vocabulary.scope.calibration import clarity, confidence
from vocabulary.scope.clauses import claims, corrected
from vocabulary.scope.evidence import Evidence, Field
from vocabulary.scope.lexicon import Kind, Lexicon, lexicon
from vocabulary.scope.reading import clauses, readable

_SCOPE, _NAME, _SILENT = Field.SCOPE, Field.NAME, Kind.SILENT
_EARLIER_IN_NAME: Final = 0.3
_NOT_BORNE_OUT: Final = 0.6
_PLAIN: Final = 0.8
_AGREED: Final = 0.6
_CLAUSES_READ: Final = 8
_LEAST: Final = 0.2
_DIVISION: Final = 3
_ENDING: Final = 2
_MADE: Final = "C"
_SOLD: Final = "F"
_TRADE_OF_A_MAKER: Final = 0.6
_EVIDENCE_KEPT: Final = 5


@dataclass(frozen=True, slots=True)
class Inference:
    """An inferred industry.

    ``code`` is a letter, or a letter with the digits that the text says plainly. ``confidence`` is the share of such
    inferences whose letter was right in a labelled sample (``packs/scope_confidence.yaml``). ``evidence`` are the
    phrases that voted for the letter, the weightiest first.
    """

    code: str
    confidence: float
    evidence: tuple[Evidence, ...]

    @property
    def letter(self) -> str:
        """The section (门类)."""
        return self.code[0]


_weight = attrgetter("weight")


class Vote(NamedTuple):
    """A phrase's weight for a code."""

    code: str
    weight: float
    field: Field
    start: int
    text: str


def infer_industry(scope: str, name: str = "") -> Inference | None:
    """The industry that the scope and the name say, or None where they say none."""
    found = votes(scope, name)
    letters = _by_letter(found)
    if not letters:
        return None
    letter = max(letters, key=letters.__getitem__)
    if letters[letter] < _LEAST:
        return None
    own = [vote for vote in found if vote.code[0] == letter]
    own.sort(key=_weight, reverse=True)
    speaks = found[0].field is Field.SCOPE
    clear = clarity(letters[letter], sum(letters.values()), scope_speaks=speaks)
    return Inference(_deepest(letter, own), confidence(clear), _evidence(own, scope, name))


def _evidence(own: Sequence[Vote], scope: str, name: str) -> tuple[Evidence, ...]:
    """The weightiest phrases as they stand in the text given."""
    given = {Field.SCOPE: scope, Field.NAME: name}
    return tuple(
        Evidence(field, given[field][start : start + len(text)], start)
        for _, _, field, start, text in own[:_EVIDENCE_KEPT]
    )


def votes(scope: str, name: str) -> list[Vote]:
    """What every phrase of the scope and the name says, with its weight."""
    of_scope = _of_scope(scope)
    if of_scope and of_scope[0].code[0] == _MADE:
        of_scope = _beside_making(of_scope)
    return of_scope + _of_name(name, of_scope)


def _of_scope(scope: str) -> list[Vote]:
    """The votes of the first clauses that say anything."""
    words = lexicon()
    weights = iter(words.clause_weights)
    cast: list[Vote] = []
    for start, text in clauses(readable(scope), _CLAUSES_READ):
        found = claims(corrected(words.scope.find(text), text, words), words)
        if found:
            weight = next(weights, words.clause_weights[-1])
            cast += [
                Vote(code, strength * weight, _SCOPE, start + place, phrase)
                for code, strength, place, phrase in found
            ]
    return cast


def _beside_making(of_scope: Sequence[Vote]) -> list[Vote]:
    """A maker sells what it makes; its trade counts less."""
    return [
        vote._replace(weight=vote.weight * _TRADE_OF_A_MAKER) if vote.code[0] == _SOLD else vote
        for vote in of_scope
    ]


def _of_name(name: str, of_scope: Sequence[Vote]) -> list[Vote]:
    """The last trade word counts fully, those before it little: 汽车维修 decides in 物流公司汽车维修分公司."""
    words = lexicon()
    found = [
        match
        for match in words.name.find(name)
        if match[2].kind is not _SILENT
        and (match[2].code[0] == _MADE or not _is_thing(name, match[0] + len(match[1]), words))
    ]
    borne_out = {vote.code[0] for vote in of_scope}
    plain = bool(of_scope) and of_scope[0].weight >= _PLAIN
    cast = []
    for start, text, word in found:
        weight = word.strength * (1.0 if start == found[-1][0] else _EARLIER_IN_NAME)
        doubtful = plain and word.code[0] not in borne_out
        cast.append(Vote(word.code, weight * (_NOT_BORNE_OUT if doubtful else 1.0), _NAME, start, text))
    return cast


def _is_thing(name: str, end: int, words: Lexicon) -> bool:
    """印刷器材 is no printing; 皮革制品 is still what is made."""
    return name[end : end + _ENDING] in words.goods_endings


def _by_letter(found: Sequence[Vote]) -> Mapping[str, float]:
    letters: dict[str, float] = {}
    for vote in found:
        letters[vote.code[0]] = letters.get(vote.code[0], 0.0) + vote.weight
    return letters


def _deepest(letter: str, own: Sequence[Vote]) -> str:
    """The longest code that the votes agree on, of those that say more than the letter."""
    exact: dict[str, float] = {}
    divisions: dict[str, float] = {}
    for code, weight, *_ in own:
        if len(code) > 1:
            exact[code] = exact.get(code, 0.0) + weight
            divisions[code[:_DIVISION]] = divisions.get(code[:_DIVISION], 0.0) + weight
    if not exact:
        return letter
    division = max(divisions, key=divisions.__getitem__)
    if divisions[division] < max(_AGREED * sum(exact.values()), _LEAST):
        return letter
    best = max((code for code in exact if code.startswith(division)), key=exact.__getitem__)
    return best if exact[best] >= _AGREED * divisions[division] else division
