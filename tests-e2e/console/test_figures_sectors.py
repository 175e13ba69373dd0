"""The five sectors of the overview, each with its four analyses, as the services tell them."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from agreeing import agree
from overview import CLASSES, Figures, mix_said, mixes, rate_said, risky, sectors_shown, sectors_told
from playwright.sync_api import Locator, Page, expect
from reading import counted, figures, first, items, written

pytestmark = pytest.mark.page("/")

PageAs = Callable[..., Page]
Ask = Callable[..., Any]


@pytest.fixture
def page(page_as: PageAs) -> Page:
    """The overview, as a city administrator sees it."""
    return page_as("city_administrator")


def test_the_five_sectors_stand_side_by_side(page: Page, ask: Ask) -> None:
    """Members, classes, discovery rates."""
    sectors = ask("classification/v1/statistics/sectors")["sectors"]
    expect(page.locator(".sector-table tbody tr")).to_have_count(5)

    agree(page, lambda: sectors_shown(page), lambda: sectors_told(sectors))


@pytest.mark.parametrize("of", ["city", "area"])
def test_each_sector_has_its_four_analyses(of: str, page: Page, ask: Ask, area_names: dict[str, str]) -> None:
    """Classes, areas, risk matters and warnings, each as its service tells it; of the city, and of one area."""
    listed = ask("profiling/v1/signals?sector=food_production&state=open&limit=1")["items"]
    warned = first(listed, "open warning of a producer of food")
    limit = f"area={warned['area_code']}" if of == "area" else ""
    families = {each["code"]: each["zh"] for each in ask("profiling/v1/signals/families")}
    sectors = ask(f"classification/v1/statistics/sectors?{limit}")["sectors"]
    assert any(sector["total"]["entities"] for sector in sectors)
    compared: Counter[str] = Counter()
    for sector in sectors:
        code = sector["sector"]
        page.goto(f"/?sector={code}&{limit}")
        detail = page.locator(".sector-detail")
        expect(detail.get_by_role("heading", name=sector["zh"], exact=True)).to_be_visible()
        agree(page, partial(classes_shown, detail), partial(classes_told, sector["total"]))
        groups = ask(f"classification/v1/statistics/sectors/{code}?by=area")["groups"]
        none = sector["total"]["entities"] == 0
        agree(page, partial(areas_shown, detail), partial(areas_told, groups, area_names), may_be_none=none)
        agree(page, partial(mixes, detail), partial(mixes_told, groups), may_be_none=none)
        matters = matters_told(sector)
        agree(page, partial(items, detail.locator(".matters li")), partial(list, matters), may_be_none=True)
        counts = ask(f"profiling/v1/signals/counts?sector={code}&{limit}")
        open_ones = sum(row["signals"] for row in counts if row["state"] == "open")
        expect(
            detail.get_by_role("heading", name=f"未处置预警 {counted(open_ones)}", exact=True)
        ).to_be_visible()
        signals = ask(f"profiling/v1/signals?sector={code}&state=open&limit=8&{limit}")["items"]
        told = signals_told(signals, families)
        agree(page, partial(items, detail.locator(".signals li")), partial(list, told), may_be_none=True)
        compared.update(matters=len(matters), signals=len(told))
    assert compared["signals"] > 0
    assert compared["matters"] > 0 or of == "area"


def classes_shown(detail: Locator) -> list[list[str]]:
    """The members by their class."""
    return figures(detail.locator("> div").first)


def classes_told(total: Figures) -> list[list[str]]:
    """By their class in the sector, and by the general one."""
    return [
        [letter, counted(total["counts"][letter]), counted(total["general"][letter])] for letter in CLASSES
    ]


def areas_shown(detail: Locator) -> list[list[str]]:
    """The areas, but for their bars."""
    return [row[:2] + row[3:] for row in figures(detail.locator(".sector-areas"))]


def areas_told(groups: list[Figures], area_names: dict[str, str]) -> list[list[str]]:
    """Where the members are, and what inspections found there."""
    return [
        [area_names[each["group"]], counted(each["entities"]), risky(each), rate_said(each["discovery"])]
        for each in groups
    ]


def mixes_told(groups: list[Figures]) -> list[str]:
    """What the bars of the areas say."""
    return [mix_said(each["shares"]) for each in groups]


def matters_told(sector: Figures) -> list[str]:
    """What gives members of C and D their points."""
    return [
        f"{each['zh']} {counted(each['entities'])} 户 · {written(each['points'])} 分"
        for each in sector["sector_matters"] or sector["matters"]
    ]


def signals_told(signals: list[Figures], families: dict[str, str]) -> list[str]:
    """The warnings that are due first."""
    return [f"{families[each['family']]} {each['entity_name']} {each['due_on']} 到期" for each in signals]
