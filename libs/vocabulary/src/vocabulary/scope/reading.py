"""A scope as its registrar wrote it, made readable: same length, so that every offset is one of the original.

What stands in brackets (conditions, exceptions, 依法须经批准的项目 …), and what follows 不得, 不含 or 涉及 up to the
next mark, is no activity; it is blanked out, and so are headings (许可经营项目).
"""

import re
from typing import Final

_BLANK: Final = "\0"
_FORMS: Final = {
    **{
        ord(full): half
        for full, half in zip("：；，（）【】［］〔〕｛｝“”", ":;,()()()()()\0\0", strict=True)
    },
    **{ord(digit): chr(ord(digit) - 0xFEE0) for digit in "０１２３４５６７８９"},
    **dict.fromkeys(map(ord, "\r\n"), ";"),
    **dict.fromkeys(map(ord, "[{<《"), "("),
    **dict.fromkeys(map(ord, "]}>》"), ")"),
}
_BRACKETS: Final = re.compile(r"\([^()]*\)")
_DENIED: Final = re.compile(
    r"(?:不得|不含|不包括|不包含|除外|禁止|未经|未取得|依法须经|需经|须经|涉及)[^;。,、(]*"
)
_HEADING: Final = re.compile(
    r"(?:许可|一般|前置许可|后置许可)(?:经营)?项目[:;,、]*|经营范围:?|以[上下](?:范围|项目|经营范围)"
)
_DEEPEST: Final = 4
"""Brackets inside brackets are looked into so deep."""

_CLAUSE: Final = re.compile(r"[;。]")


def readable(scope: str) -> str:
    """The scope with half-width marks, brackets and denials blanked; as long as it was."""
    text = scope.translate(_FORMS)
    for _ in range(_DEEPEST):
        if "(" not in text:
            break
        text = _BRACKETS.sub(_blanked, text)
    return _HEADING.sub(_blanked, _DENIED.sub(_blanked, text))


def clauses(text: str, most: int) -> list[tuple[int, str]]:
    """Where the first clauses of a readable text begin, and their text."""
    found: list[tuple[int, str]] = []
    start = 0
    for clause in _CLAUSE.split(text, most)[:most]:
        found.append((start, clause))
        start += len(clause) + 1
    return found


def _blanked(match: re.Match[str]) -> str:
    return _BLANK * len(match[0])
