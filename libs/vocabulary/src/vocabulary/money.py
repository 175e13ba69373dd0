"""Registered capital (注册资金) as people wrote it, read into integer hundredths of a currency."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

LARGEST: Final = 2**63 - 1
"""What a 64-bit column holds; a text that says more is taken for an error."""

_SCALES: Final[Mapping[str, int]] = {
    "": 1,
    "百": 10**2,
    "千": 10**3,
    "万": 10**4,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "万亿": 10**12,
}
_CURRENCIES: Final[Mapping[str, str]] = {
    "人民币": "CNY", "RMB": "CNY", "CNY": "CNY",
    "美元": "USD", "美金": "USD", "USD": "USD",
    "港元": "HKD", "港币": "HKD", "香港元": "HKD", "HKD": "HKD",
    "日元": "JPY", "日圆": "JPY", "JPY": "JPY", "欧元": "EUR", "EUR": "EUR", "英镑": "GBP", "GBP": "GBP",
    "新加坡元": "SGD", "SGD": "SGD", "新台币": "TWD", "台币": "TWD", "澳门元": "MOP", "澳门币": "MOP",
    "加拿大元": "CAD", "加元": "CAD", "澳大利亚元": "AUD", "澳元": "AUD",
    "瑞士法郎": "CHF", "韩元": "KRW", "韩国元": "KRW",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Capital:
    """An amount of ``fen`` hundredths of the unit of ``currency`` (ISO 4217), whatever its own coins."""

    fen: int
    currency: str


def parse_capital(text: str) -> Capital | None:
    """The amount a free text means, or None for ``N/A`` and anything else that is not wholly understood.

    Understood are ``66(万元人民币)``, ``16万人民币``, ``人民币1,260万元整``, ``100万美元``, ``5000元``.
    No currency means renminbi, no 万 or 亿 means units; fractions of a hundredth are rounded half up.
    """
    plain = re.sub(r"[\s()]", "", unicodedata.normalize("NFKC", text)).upper()
    match = _AMOUNT.fullmatch(plain)
    if match is None:
        return None
    number = Decimal(match["number"].replace(",", "")) * _SCALES[match["scale"] or ""]
    fen = int((number * 100).to_integral_value(ROUND_HALF_UP))
    currencies = {_CURRENCIES[name] for name in (match["before"], match["after"]) if name} or {"CNY"}
    return Capital(fen, currencies.pop()) if fen <= LARGEST and len(currencies) == 1 else None


def _any_of(names: Mapping[str, object]) -> str:
    return "|".join(sorted(filter(None, names), key=len, reverse=True))


_AMOUNT: Final = re.compile(
    rf"(?P<before>{_any_of(_CURRENCIES)})?"
    r"(?P<number>(?:\d{1,3}(?:,\d{3}){1,5}|\d{1,18})(?:\.\d{1,9})?)"
    rf"(?P<scale>{_any_of(_SCALES)})?"
    rf"[元圆]?(?P<after>{_any_of(_CURRENCIES)})?[元圆]?整?",
    re.ASCII,
)
