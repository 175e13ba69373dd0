"""The fields: are they filled, and do they say something?"""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from vocabulary.areas import Area, AreaType, areas

from creditloop_cli.loading.registry import COLUMNS
from creditloop_cli.reporting.firm import Firm
from creditloop_cli.reporting.tables import Table, counted, share

_FEN_PER_WAN = 1_000_000
_LARGE_WAN, _HUGE_WAN = 100_000, 1_000_000
_QUANTILES = (10, 25, 50, 75, 90, 99)
_SPAN = 5


def tables(firms: Sequence[Firm], today: date) -> list[Table]:
    """Completeness, years, types, capital and areas."""
    return [
        _completeness(firms),
        _years(firms, today),
        _types(firms),
        _capital(firms),
        _capital_sizes(firms),
        _areas(firms),
    ]


def _completeness(firms: Sequence[Firm]) -> Table:
    counts = {column: sum(bool(firm.row[column]) for firm in firms) for column in COLUMNS}
    return Table(
        "completeness",
        "Completeness",
        "Rows in which a column says something: neither empty nor N/A.",
        ("column", "filled", "share"),
        counted(counts, len(firms)),
    )


def _years(firms: Sequence[Firm], today: date) -> Table:
    spans = Counter(firm.founded.year // _SPAN * _SPAN for firm in firms if firm.founded)
    counts = {f"{year}–{year + _SPAN - 1}": spans[year] for year in sorted(spans)}
    counts["no date, or not a date"] = sum(firm.founded is None for firm in firms)
    counts["after today"] = sum(firm.founded is not None and firm.founded > today for firm in firms)
    return Table(
        "years",
        "Registration years",
        "Rows by the year of 注册日期, five years together.",
        ("years", "rows", "share"),
        counted(counts, len(firms)),
    )


def _types(firms: Sequence[Firm]) -> Table:
    names = Counter(
        f"{firm.type.code} {firm.type.zh}"
        if firm.type
        else "not understood"
        if firm.row["企业类型"]
        else "not given"
        for firm in firms
    )
    branches = sum(firm.is_branch for firm in firms)
    return Table(
        "types",
        "Entity types",
        "Rows by what the wording of 企业类型 means; a branch is one by type or by its name.",
        ("type", "rows", "share"),
        counted(dict(names.most_common()) | {"of all: branches": branches}, len(firms)),
    )


def _capital(firms: Sequence[Firm]) -> Table:
    given = [firm for firm in firms if firm.row["注册资金"]]
    currencies = Counter(firm.capital.currency for firm in given if firm.capital)
    wan = sum("万" in firm.row["注册资金"] for firm in given)
    counts = {
        "readable": sum(firm.capital is not None for firm in given),
        "not readable": sum(firm.capital is None for firm in given),
        **{f"currency {currency}": count for currency, count in currencies.most_common()},
        "unit 万": wan,
        "no unit": len(given) - wan,
    }
    return Table(
        "capital",
        "Registered capital",
        "Rows that give one, by whether the amount, its currency and its unit can be told.",
        ("capital", "rows", "share of given"),
        counted(counts, len(given)),
    )


def _capital_sizes(firms: Sequence[Firm]) -> Table:
    amounts = sorted(
        firm.capital.fen / _FEN_PER_WAN
        for firm in firms
        if firm.capital is not None and firm.capital.currency == "CNY"
    )
    ranks = [(f"{percent} %", _at(amounts, percent)) for percent in _QUANTILES] if amounts else []
    limits = [
        ("zero, as rows", sum(amount == 0 for amount in amounts)),
        ("under 1 万, as rows", sum(0 < amount < 1 for amount in amounts)),
        (f"{_LARGE_WAN:,} 万 (10 亿) and more, as rows", sum(amount >= _LARGE_WAN for amount in amounts)),
        (f"{_HUGE_WAN:,} 万 (100 亿) and more, as rows", sum(amount >= _HUGE_WAN for amount in amounts)),
    ]
    return Table(
        "capital_sizes",
        "Size of capital in renminbi",
        "Quantiles in 万元 of the amounts read, and how many rows lie where a unit may have been mistaken.",
        ("quantile or limit", "万元, or rows"),
        [*ranks, *limits],
    )


def _at(ordered: Sequence[float], percent: int) -> str:
    return f"{ordered[min(len(ordered) * percent // 100, len(ordered) - 1)]:,.6g}"


def _areas(firms: Sequence[Firm]) -> Table:
    rows: list[tuple[str, int, int, int, float]] = []
    for area in areas().values():
        inside = [firm.row["注册地址"] for firm in firms if firm.area == area.code]
        today, former = _names_of(area)
        current = sum(any(name in address for name in today) for address in inside)
        gone = sum(
            any(name in address for name in former) and not any(name in address for name in today)
            for address in inside
        )
        rows.append((f"{area.code} {area.zh}", len(inside), current, gone, share(len(inside), len(firms))))
    nowhere = sum(firm.area is None for firm in firms)
    rows.append(("not mapped", nowhere, 0, 0, share(nowhere, len(firms))))
    return Table(
        "areas",
        "Areas",
        "Rows by today's area that 注册地址 names; those with today's name, and those with a county that is no more.",
        ("area", "rows", "today's name", "former county's name", "share"),
        rows,
    )


def _names_of(area: Area) -> tuple[Sequence[str], Sequence[str]]:
    """Names in use, and names of counties that were renamed or became districts."""
    if area.type is AreaType.ZONE:
        return (area.zh, *area.aliases), ()
    former = [name for name in area.aliases if name.endswith("县")]
    return (area.zh,), former
