"""The grammar of one clause of a scope: which activities it claims, and how strongly.

A verb governs the goods of its clause: 销售 makes them trade (F), 生产 the division that makes them (C), 研发 research
(M73), or software (I65) where they are software. An activity (建筑劳务分包) claims itself. Goods with no verb are sold:
so scopes were worded before 2000.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from vocabulary.scope.lexicon import Kind, Lexicon, Match, Word

_ACTIVITY, _GOODS, _SELL, _MAKE, _DEVELOP, _SILENT = Kind
"""Bound once: to look a member of an enumeration up costs more than all that is done with it here."""

_AFTER_A_VERB: Final = 0.5
_SOLD_TOO: Final = 0.5
_SOLD_LAST: Final = 0.6
_DEVELOPED_TO_MAKE: Final = 0.3
_DEVELOPED_BESIDE: Final = 0.5
_GOODS_ALONE: Final = 0.4
_SAME_LETTER_AGAIN: Final = 0.25
_JOINING: Final = frozenset("及和与")
_ENDING: Final = 2
_NOWHERE: Final = -1
_THING: Final = Word(Kind.GOODS, "F")
_LAST: Final = 1 << 30
_BUILT_TOO: Final = re.compile(r"(?:及配套|工程)*的?(?:设计|规划|建设)?[、,及与和]?(?:施工|安装|承建)")
_OF_A_SKILL: Final = ("技术", "的技术")
_ADVICE: Final = Word(Kind.ACTIVITY, "M", 0.6)
_SKILLED: Final = frozenset("MI")
_DESIGNED: Final = frozenset({"M74", "N78"})
_DESIGN: Final = "设计"
_TRADES: Final[Mapping[str, Mapping[str, str]]] = {
    "drug": {"F51": "F515", "F52": "F525"},
    "device": {"F51": "F515", "F52": "F525"},
}
_DOING: Final = frozenset({Kind.ACTIVITY, Kind.MAKE, Kind.DEVELOP})
_RESEARCH: Final = "M73"
_GROUNDS: Final = ("园林", "景观", "绿化", "风景")
_SOFTWARE: Final = "software"


class Claim(NamedTuple):
    """A code, how strongly it is claimed (0 to 1), and the phrase that claims it."""

    code: str
    strength: float
    start: int
    text: str


def claims(clause: Sequence[Match], words: Lexicon) -> Sequence[Claim]:
    """What the clause claims, once for each code, in the order of the text; letters that come later count less."""
    if not clause:
        return ()
    if len(clause) == 1:
        return [_of_one(*clause[0])]
    factors = words.letter_weights
    letters: dict[str, float] = {}
    kept: dict[str, Claim] = {}
    for code, strength, start, text in _raw(clause):
        letter = code[0]
        if letter in letters:
            factor = letters[letter] * _SAME_LETTER_AGAIN
        else:
            factor = letters[letter] = factors[min(len(letters), len(factors) - 1)]
        if code not in kept:
            kept[code] = Claim(code, strength * factor, start, text)
    return list(kept.values())


def corrected(clause: Sequence[Match], text: str, words: Lexicon) -> list[Match]:
    """The clause with each compound read by its last noun.

    园林绿化设备 is a thing and no gardening, and so is the first part of 供水及污水处理设备; 装饰工程设计、施工 builds.
    """
    done: list[Match] = []
    thing_at = _NOWHERE
    for start, phrase, word in reversed(clause):
        end = start + len(phrase)
        if word.kind is _SILENT:
            thing_at = start if phrase[-_ENDING:] in words.goods_endings else _NOWHERE
            continue
        if word.kind is _ACTIVITY:
            if text[end : end + _ENDING] in words.goods_endings or (
                end + 1 == thing_at and text[end] in _JOINING
            ):
                thing_at = start
                done.append((start, phrase, _THING))
            else:
                done.append((start, phrase, _by_what_follows((start, phrase, word), text, words)))
        else:
            done.append((start, phrase, word))
    return done[::-1]


def _by_what_follows(match: Match, text: str, words: Lexicon) -> Word:
    """采矿技术咨询 advises and digs nothing; 园林绿化的设计、施工 builds."""
    start, phrase, word = match
    end = start + len(phrase)
    if word.code in _DESIGNED and _BUILT_TOO.match(text, end):
        known = words.scope.get(phrase.removesuffix(_DESIGN))
        return known if known and known.code[0] == "E" else _building(phrase)
    if text.startswith(_OF_A_SKILL, end) and word.code[0] not in _SKILLED:
        return _ADVICE
    return word


def _building(phrase: str) -> Word:
    return Word(_ACTIVITY, "E48" if phrase.startswith(_GROUNDS) else "E")


def _raw(clause: Sequence[Match]) -> list[Claim]:
    kinds: dict[Kind, list[Match]] = {}
    for match in clause:
        kinds.setdefault(match[2].kind, []).append(match)
    goods = kinds.get(_GOODS, [])
    activities = kinds.get(_ACTIVITY, [])
    found = [*_of_activities(activities, kinds), *_of_verbs(goods, activities, kinds)]
    if goods and not found:
        return [Claim("F", _GOODS_ALONE, goods[0][0], goods[0][1])]
    alone = len(kinds.keys() & _DOING) == 1
    found.sort(key=lambda claim: claim.start if alone or claim.code != _RESEARCH else _LAST)
    return found


def _of_one(start: int, text: str, word: Word) -> Claim:
    if word.kind is _GOODS:
        return Claim("F", _GOODS_ALONE, start, text)
    return Claim(word.code, word.strength, start, text)


def _of_activities(activities: Sequence[Match], kinds: Mapping[Kind, Sequence[Match]]) -> Iterable[Claim]:
    """Activities listed after a verb may be its objects."""
    first_verb = min((kinds[kind][0][0] for kind in (_SELL, _MAKE) if kind in kinds), default=None)
    for start, text, word in activities:
        governed = first_verb is not None and first_verb < start
        yield Claim(word.code, word.strength * (_AFTER_A_VERB if governed else 1.0), start, text)


def _of_verbs(
    goods: Sequence[Match], activities: Sequence[Match], kinds: Mapping[Kind, Sequence[Match]]
) -> Iterable[Claim]:
    make, sell, develop = (kinds.get(kind) for kind in (_MAKE, _SELL, _DEVELOP))
    if develop:
        start, text, word = develop[0]
        beside = _DEVELOPED_TO_MAKE if make else _DEVELOPED_BESIDE if activities else 1.0
        software = bool(goods) and goods[0][2].trade == _SOFTWARE and not make
        if software:
            yield Claim("I65", 1.0, start, text)
        else:
            yield Claim(word.code, word.strength * beside, start, text)
    if make:
        yield Claim(_made(goods), 1.0, *make[0][:2])
    if sell:
        yield Claim(_sold(sell, goods), _share_of_sale(sell[0], make, goods, activities), *sell[0][:2])


def _share_of_sale(
    sell: Match, make: Sequence[Match] | None, goods: Sequence[Match], activities: Sequence[Match]
) -> float:
    if make:
        sold_first = any(sell[0] < start < make[0][0] for start, *_ in goods)
        return 1.0 if sold_first else _SOLD_TOO
    return _SOLD_LAST if activities and activities[0][0] < sell[0] else 1.0


def _made(goods: Sequence[Match]) -> str:
    """The division that makes the first goods named."""
    return next((word.code for _, _, word in goods if word.code[0] == "C"), "C")


def _sold(sell: Sequence[Match], goods: Sequence[Match]) -> str:
    """Wholesale, retail or both; drugs and devices are trades of their own where they come first."""
    codes = {word.code for _, _, word in sell}
    division = codes.pop() if len(codes) == 1 else "F"
    return _TRADES.get(goods[0][2].trade, {}).get(division, division) if goods else division
