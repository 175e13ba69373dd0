"""The overview's bars, shares and rates: as the page shows them, and as the services tell them."""

from typing import Any

from playwright.sync_api import Locator, Page
from reading import NOTHING, cells, counted, on_lines, panel, share

CLASSES = "ABCD"
NO_VISITS = "未抽查"
Figures = dict[str, Any]


def mix_said(shares: Figures) -> str:
    """What a bar of the classes' shares says."""
    return "，".join(f"{letter} {share(shares[letter])}" for letter in CLASSES)


def mixes(place: Locator) -> list[str | None]:
    """What the bars of shares say, one after another."""
    return [bar.get_attribute("aria-label") for bar in place.locator(".mix-bar").all()]


def risky(mix: Figures) -> str:
    """The share of C and D."""
    if not mix["entities"]:
        return NOTHING
    return share((mix["counts"]["C"] + mix["counts"]["D"]) / mix["entities"])


def rate_said(rate: Figures | None) -> str:
    """A discovery rate with its interval."""
    if rate is None or rate["rate"] is None:
        return NO_VISITS
    return f"{share(rate['rate'])} {share(rate['low'])}–{share(rate['high'])}"


def sectors_shown(page: Page) -> list[list[str | None]]:
    """The table of sectors, with what the bars say."""
    place = panel(page, "重点行业领域").locator(".sector-table")
    bars = mixes(place)
    table = on_lines(cells(place.locator("tbody tr")))
    return [[*row[:2], bar, *row[3:]] for row, bar in zip(table, bars, strict=True)]


def sectors_told(sectors: list[Figures]) -> list[list[str]]:
    """The same as the service tells it."""
    return [
        [
            each["zh"],
            counted(each["total"]["entities"]),
            mix_said(each["total"]["shares"]),
            risky(each["total"]),
            rate_said(each["total"]["discovery"]),
        ]
        for each in sectors
    ]
