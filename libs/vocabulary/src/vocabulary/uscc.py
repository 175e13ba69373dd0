"""Unified social credit codes (统一社会信用代码): reading, checking, making fictional ones.

A code has 18 characters: registering department, kind, six digits of the registering office, nine of the
organisation code, one check character. The office is the one that issued the code: it stays after the
division was renamed or the entity moved, so today's area is never derived from it (see ``areas``).

Source: GB 32100-2015 (the code and its check character), GB 11714-1997 (the organisation code and its own).
"""

from collections.abc import Sequence
from enum import IntEnum
from typing import Final, NewType

import numpy as np
from numpy.typing import NDArray

USCC = NewType("USCC", str)

ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100: digits and letters without I, O, S, V and Z."""

LENGTH: Final = 18
OLD_REGISTRATION_NUMBER_LENGTH: Final = 15
FICTIONAL_BODY: Final = "YY"
"""Organisation bodies that begin so have never been issued; demo data use no others."""

_ORGANISATION_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_VALUES: Final = {character: value for value, character in enumerate(ALPHABET)}
_ORGANISATION_VALUES: Final = {character: value for value, character in enumerate(_ORGANISATION_ALPHABET)}
_WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(17))
_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_REGION: Final = slice(2, 8)
_BODY: Final = slice(8, 16)
_BODY_CHECK: Final = 16
_SERIAL_LENGTH: Final = 6

_INVISIBLE: Final = "\ufeff\u200b\u200c\u200d\u2060"
_HALF_WIDTH: Final = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
_UPPER: Final = {lower: chr(lower - 32) for lower in range(ord("a"), ord("z") + 1)}
_PLAIN: Final = _HALF_WIDTH | dict.fromkeys(map(ord, _INVISIBLE), "")


class UsccVerdict(IntEnum):
    """What a text is, seen as a unified social credit code."""

    VALID = 0
    """The check character is right."""
    LEGACY_PILOT = 1
    """The check character is wrong but the organisation code's own is right: so codes of early pilots were
    issued. They are legal: warn, and let a person release them. A slip in the first eight characters looks
    the same."""
    WRONG_CHECK_DIGIT = 2
    WRONG_LENGTH = 3
    OLD_REGISTRATION_NUMBER = 4
    """15 digits: the number (注册号) in use before 2015-10."""
    WRONG_ALPHABET = 5
    """18 characters, one of which cannot stand where it stands."""


def normalise(text: str) -> str:
    """The text stripped of spaces and invisible marks, in half-width characters and upper-case letters."""
    return text.translate(_PLAIN).strip().translate(_UPPER)


def check_digit(first17: str) -> str:
    """The check character that belongs behind these 17.

    Raises:
        ValueError: not 17 characters of the alphabet.

    Source: GB 32100-2015: 31 − Σ(value · 3^(place−1) mod 31) mod 31, where 31 counts as 0.
    """
    _require(first17, 17, _VALUES)
    total = sum(_VALUES[character] * weight for character, weight in zip(first17, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def organisation_check(first8: str) -> str:
    """The check character of an organisation code (组织机构代码) that begins with these 8.

    Letters count A = 10 … Z = 35 here, unlike in the unified code.

    Raises:
        ValueError: not 8 digits or capital letters.

    Source: GB 11714-1997: 11 − Σ(value · weight) mod 11, where 10 is X and 11 is 0.
    """
    _require(first8, 8, _ORGANISATION_VALUES)
    pairs = zip(first8, _ORGANISATION_WEIGHTS, strict=True)
    remainder = -sum(_ORGANISATION_VALUES[character] * weight for character, weight in pairs) % 11
    return "X" if remainder == 10 else str(remainder)


def check(text: str) -> UsccVerdict:
    """What this text is, after ``normalise``."""
    code = normalise(text)
    if len(code) == OLD_REGISTRATION_NUMBER_LENGTH and _are_digits(code):
        return UsccVerdict.OLD_REGISTRATION_NUMBER
    if len(code) != LENGTH:
        return UsccVerdict.WRONG_LENGTH
    if not (_are_digits(code[_REGION]) and all(character in _VALUES for character in code)):
        return UsccVerdict.WRONG_ALPHABET
    if check_digit(code[:-1]) == code[-1]:
        return UsccVerdict.VALID
    if organisation_check(code[_BODY]) == code[_BODY_CHECK]:
        return UsccVerdict.LEGACY_PILOT
    return UsccVerdict.WRONG_CHECK_DIGIT


def is_valid(text: str) -> bool:
    """Whether the text, after ``normalise``, is a code whose check character is right."""
    return check(text) is UsccVerdict.VALID


def check_many(codes: Sequence[str]) -> NDArray[np.int8]:
    """The verdicts of ``check``, one ``UsccVerdict`` value per code, in order; shape (len(codes),).

    Codes of 18 ASCII characters of the alphabet, in either case, are judged together; the others one by one.
    """
    verdicts = np.full(len(codes), _UNJUDGED, dtype=np.int8)
    places = _regular_places(codes)
    if places.size:
        regular = codes if places.size == len(codes) else [codes[place] for place in places.tolist()]
        verdicts[places] = _check_regular("".join(regular))
    for place in np.flatnonzero(verdicts == _UNJUDGED).tolist():
        verdicts[place] = check(codes[place])
    return verdicts


def synthesise(authority: str, kind: str, region: str, serial: int) -> USCC:
    """A fictional code with both checks right, whose organisation body begins with ``YY``.

    Args:
        authority: registering department, one character (``9``: market supervision).
        kind: kind under that department, one character (under ``9``: ``1`` enterprise, ``2`` individual
            business, ``3`` cooperative).
        region: six digits of the registering office.
        serial: 0 … 31**6 − 1; another serial gives another code.

    Raises:
        ValueError: an argument does not fit.
    """
    if len(region) != 6 or not _are_digits(region):
        raise ValueError(f"a registering office has six digits, not {region!r}")
    body = FICTIONAL_BODY + _in_base_31(serial)
    first17 = f"{authority}{kind}{region}{body}{organisation_check(body)}"
    return USCC(first17 + check_digit(first17))


_UNJUDGED: Final = -1
_OUTSIDE: Final = 255


def _lookup(values: dict[str, int]) -> NDArray[np.uint8]:
    by_byte = np.full(256, _OUTSIDE, dtype=np.uint8)
    for character, value in values.items():
        by_byte[ord(character)] = by_byte[ord(character.lower())] = value
    return by_byte


_BYTE_VALUES: Final = _lookup(_VALUES)
_ORGANISATION_OF_VALUE: Final = np.array([_ORGANISATION_VALUES[c] for c in ALPHABET], dtype=np.float32)
_WEIGHT_VECTOR: Final = np.array([*_WEIGHTS, 1], dtype=np.float32)
_ORGANISATION_WEIGHT_VECTOR: Final = np.array(_ORGANISATION_WEIGHTS, dtype=np.float32)


def _regular_places(codes: Sequence[str]) -> NDArray[np.intp]:
    fits = [len(code) == LENGTH and code.isascii() for code in codes]
    return np.flatnonzero(np.array(fits, dtype=np.bool_))


def _check_regular(joined: str) -> NDArray[np.int8]:
    """Verdicts of codes of 18 ASCII characters each; ``_UNJUDGED`` where one is outside the alphabet."""
    values = _BYTE_VALUES[np.frombuffer(joined.encode("ascii"), dtype=np.uint8)].reshape(-1, LENGTH)
    sums = values.astype(np.float32) @ _WEIGHT_VECTOR
    verdicts = np.where(sums % 31 == 0, UsccVerdict.VALID, UsccVerdict.WRONG_CHECK_DIGIT).astype(np.int8)
    verdicts[values[:, _REGION].max(axis=1) > 9] = UsccVerdict.WRONG_ALPHABET
    verdicts[values.max(axis=1) == _OUTSIDE] = _UNJUDGED
    failing = np.flatnonzero(verdicts == UsccVerdict.WRONG_CHECK_DIGIT)
    if failing.size:
        pilot = _organisation_check_passes(values[failing, 8:17])
        verdicts[failing[pilot]] = UsccVerdict.LEGACY_PILOT
    return verdicts


def _organisation_check_passes(values: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """For rows of nine values of the unified alphabet: whether the ninth checks the first eight."""
    sums = _ORGANISATION_OF_VALUE[values[:, :8]] @ _ORGANISATION_WEIGHT_VECTOR
    expected = (-sums.astype(np.int32)) % 11
    given = np.where(values[:, 8] == _VALUES["X"], 10, np.where(values[:, 8] > 9, 11, values[:, 8]))
    passes: NDArray[np.bool_] = expected == given
    return passes


def _are_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _require(text: str, length: int, values: dict[str, int]) -> None:
    if len(text) != length or any(character not in values for character in text):
        raise ValueError(f"expected {length} characters of the alphabet, not {text!r}")


def _in_base_31(serial: int) -> str:
    if not 0 <= serial < 31**_SERIAL_LENGTH:
        raise ValueError(f"a serial lies between 0 and 31**{_SERIAL_LENGTH} - 1, not {serial}")
    digits = []
    for _ in range(_SERIAL_LENGTH):
        serial, digit = divmod(serial, 31)
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits))
