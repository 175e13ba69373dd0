"""Registered addresses (住所) made comparable, down to the building and the room.

The same place is written in many ways: with or without the province, in brackets, 幢 or 栋, 楼 or 层, 三 or 3. What
compares is a canonical text; it is for comparing only and replaces nothing. Two spellings that differ in more than form
(a district left out, a lane's other name) stay apart: a wrong join would accuse somebody.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from vocabulary.areas import areas

_NUMERALS: Final = {numeral: value for value, numeral in enumerate("零一二三四五六七八九")} | {"两": 2}
_DASHES: Final = dict.fromkeys(map(ord, "‐‑‒–—―－~～"), "-")
_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕")
_NOISE: Final = re.compile(r"[\s\u200b-\u200d\ufeff.,;:、。“”\"'()\[\]【】〔〕]")
_LISTED: Final = re.compile(r"(?<=\d)号?[、,](?=\d)")
_COUNTED: Final = re.compile(
    r"(?<![零一二三四五六七八九十百千两])"
    r"(?:(?P<tens>[一二三四五六七八九])?(?P<ten>十)(?P<ones>[一二三四五六七八九])?|(?P<one>[零一二三四五六七八九两]))"
    r"(?=号楼|栋|幢|单元|层|楼|号|室|座)"
)
_TRADE_ZONE: Final = "中国四川自由贸易试验区"
_ABOVE: Final = ("中国四川省", "四川省", "中国", "四川", "成都市", "成都")
_UNITS: Final = (
    (re.compile(r"(?<=\d)[#井](?=\D|$)"), "号"),
    (re.compile(r"号楼"), "栋"),
    (re.compile(r"幢"), "栋"),
    (re.compile(r"(?<=\d)(?:楼|F)(?=\d|[A-Z]|$)"), "层"),
    (re.compile(r"(?<=[\dA-Z])(?:室|房间|房)$"), "号"),
)
_BUILDING: Final = re.compile(
    r"(?P<street>.*?\D\d+(?:-\d+)?号)(?P<block>[\dA-Z]+(?:-[\dA-Z]+)?(?:栋|座))?"
    r"|(?P<estate>.*?[^\d-][\dA-Z]+(?:-[\dA-Z]+)?栋)"
)
_LONGEST: Final = 300
"""A building is looked for so far into an address; no real one is longer."""

_HOSTED: Final = re.compile(
    r"集群|托管|商务秘书|集中办公|众创|创客|孵化|工位|卡位|席位|虚拟|邮箱|信箱|格子间|无固定经营"
)


@dataclass(frozen=True, slots=True)
class Place:
    """An address read.

    ``text`` is the canonical whole. ``building`` and ``room`` are what two firms in one building or in one room share,
    empty where the address does not go so far; a room always has its building.
    """

    text: str
    building: str
    room: str
    hosted: bool


def read_address(address: str) -> Place:
    """The canonical text, the building and the room of an address."""
    text = normalise_address(address)
    found = _BUILDING.match(text[:_LONGEST])
    building = found[0] if found else ""
    return Place(text, building, text if building and len(text) > len(building) else "", is_hosted(address))


def normalise_address(address: str) -> str:
    """The canonical text of an address; of a canonical text, itself."""
    text = unicodedata.normalize("NFKC", address).translate(_DASHES).upper()
    text = _NOISE.sub("", _BRACKETS.sub("", _LISTED.sub("号", text.replace("(四川)", "四川"))))
    text = unicodedata.normalize("NFKC", text)  # an accent may stand behind its letter only now
    area, rest = _split_area(text)
    rest = _COUNTED.sub(_counted, rest)
    for pattern, unit in _UNITS:
        rest = pattern.sub(unit, rest)
    return area + rest


def is_hosted(address: str) -> bool:
    """Whether the address says that it is shared by arrangement (集群注册, 住所托管, incubators, desks)."""
    return _HOSTED.search(address) is not None


def _split_area(text: str) -> tuple[str, str]:
    """Today's name of the area that the beginning names last, and what follows."""
    area = ""
    while True:
        above = next((name for name in (_TRADE_ZONE, *_ABOVE) if text.startswith(name)), "")
        named = _names().match(text)
        if named:
            area, text = _current()[named[0]], text[named.end() :]
        elif above:
            text = text[len(above) :]
        else:
            return area, text


def _counted(match: re.Match[str]) -> str:
    """三 is 3, 十二 is 12, 二十 is 20."""
    if match["one"]:
        return str(_NUMERALS[match["one"]])
    tens = _NUMERALS[match["tens"]] if match["tens"] else 1
    return str(10 * tens + (_NUMERALS[match["ones"]] if match["ones"] else 0))


@cache
def _current() -> Mapping[str, str]:
    return {name: area.zh for area in areas().values() for name in (area.zh, *area.aliases)}


@cache
def _names() -> re.Pattern[str]:
    """Full and former names of areas; a town or estate among them is part of the address and stays."""
    names = sorted((name for name in _current() if name[-1] in "区县市"), key=len, reverse=True)
    return re.compile("|".join(names))
