"""What a page has written, read cell for cell; and numbers, shares and days as the page writes them."""

import json
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest
from browsing import ROOT
from playwright.sync_api import Locator, Page, expect

Found = TypeVar("Found")
NOTHING = "—"
_SHANGHAI = ZoneInfo("Asia/Shanghai")


def counted(number: int | None) -> str:
    """How many."""
    return NOTHING if number is None else f"{number:,}"


def written(number: float | None) -> str:
    """A number with two digits after the point at most."""
    return NOTHING if number is None else _rounded(number, "0.01")


def share(number: float | None) -> str:
    """A share in percent, with one digit after the point at most."""
    return NOTHING if number is None else f"{_rounded(number, '0.001', times=100)}%"


def _rounded(number: float, to: str, times: int = 1) -> str:
    rounded = Decimal(repr(number)).quantize(Decimal(to), ROUND_HALF_UP) * times
    digits = f"{rounded:,f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def moment(instant: str) -> str:
    """An instant, to the minute, by the clocks of Shanghai."""
    return datetime.fromisoformat(instant).astimezone(_SHANGHAI).strftime("%Y-%m-%d %H:%M")


def second(instant: str) -> str:
    """An instant, to the second, by the clocks of Shanghai."""
    return datetime.fromisoformat(instant).astimezone(_SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def words(file: str, name: str = "") -> dict[str, str]:
    """What codes are called in Chinese, by a file's first dictionary, or by that of this name, such as `useRoles`.

    Its words may be those of a pack, which the workbook reads too.
    """
    text = (ROOT / "services/console/web/src" / file).read_text(encoding="utf-8")
    found = text[text.index(name) :]
    chinese = found.partition("zh: {")[2].partition("en: {")[0]
    told = dict(re.findall(r'(\w+):\s+"([^"]*)"', chinese))
    for called, pack in re.findall(r'import (\w+) from "[./]+/src/(\S+/packs/\w+\.json)"', text):
        if re.search(rf"\b{called}\b", found.partition(");\n")[0]):
            told |= json.loads((ROOT / "services/console/src" / pack).read_text(encoding="utf-8"))["zh"]
    return told


def every(ask: Callable[[str], Any], path: str) -> list[dict[str, Any]]:
    """All that a list has, page by page."""
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = ask(f"{path}&limit=200" + (f"&cursor={cursor}" if cursor else ""))
        found += page["items"]
        cursor = page["next_cursor"]
    return found


def first(found: Iterable[Found], wanted: str) -> Found:
    """The first; a city that has none such fails the test by what it wanted."""
    for each in found:
        return each
    pytest.fail(f"the city has no {wanted}")


def part(page: Page, title: str) -> Locator:
    """The card with this heading."""
    return page.locator(".ant-card").filter(has=page.get_by_role("heading", name=title, exact=True))


def panel(page: Page, title: str) -> Locator:
    """The region with this name."""
    return page.get_by_role("region", name=title, exact=True)


def rows(place: Locator) -> list[list[str]]:
    """The cells of a table of antd, row by row."""
    return cells(place.locator("tbody tr.ant-table-row"))


def cells(found: Locator) -> list[list[str]]:
    """The cells of these rows."""
    read: list[list[str]] = found.evaluate_all(
        "found => found.map(row => [...row.cells].map(cell => cell.innerText.trim()))"
    )
    return read


def as_table(place: Locator) -> list[list[str]]:
    """The figures of a chart, by its own switch."""
    place.get_by_role("button", name="以表格显示").click()
    expect(place.locator("figure .ant-table").first).to_be_visible()
    return rows(place.locator("figure"))


def figures(place: Locator) -> list[list[str]]:
    """The cells of a plain table of figures, row by row, each on one line."""
    return on_lines(cells(place.locator("table.figures tbody tr")))


def on_lines(table: list[list[str]]) -> list[list[str]]:
    """The table with each cell on one line."""
    return [[one_line(cell) for cell in row] for row in table]


def items(found: Locator) -> list[str]:
    """The texts of these, each on one line."""
    return [one_line(text) for text in found.all_inner_texts()]


def described(place: Locator) -> list[list[str]]:
    """Particulars, each with its name."""
    return paired(place, ".ant-descriptions-item-label", ".ant-descriptions-item-content")


def paired(place: Locator, names: str, values: str) -> list[list[str]]:
    """What these parts of a place say, each with its name, on one line."""
    found = place.evaluate(
        "(place, parts) => parts.map(part => [...place.querySelectorAll(part)].map(one => one.innerText))",
        [names, values],
    )
    return [[one_line(name), one_line(value)] for name, value in zip(*found, strict=True)]


def due(day: str, today: str) -> str:
    """A last day, with how far away it is."""
    left = (date.fromisoformat(day) - date.fromisoformat(today)).days
    if left == 0:
        return f"{day} 今日到期"
    return f"{day} 余 {left} 日" if left > 0 else f"{day} 逾期 {-left} 日"


def money(fen: int) -> str:
    """An amount in yuan."""
    return f"¥{Decimal(fen) / 100:,.2f}"


def one_line(text: str) -> str:
    """The text without its line ends."""
    return " ".join(text.split())
