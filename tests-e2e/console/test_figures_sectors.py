"""The five sectors of the overview, each with its four analyses, as the services tell them."""

from collections.abc import Callable
from typing import Any

import pytest
from overview import CLASSES, mix_said, mixes, rate_said, risky, sectors_shown, sectors_told
from playwright.sync_api import Page, expect
from reading import counted, figures, items, written

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

    assert sectors_shown(page) == sectors_told(sectors)


def test_each_sector_has_its_four_analyses(page: Page, ask: Ask, area_names: dict[str, str]) -> None:
    """Classes, areas, risk matters and warnings, each as its service tells it."""
    families = {each["code"]: each["zh"] for each in ask("profiling/v1/signals/families")}
    for sector in ask("classification/v1/statistics/sectors")["sectors"]:
        code = sector["sector"]
        page.locator(".sector-table").get_by_role("button", name=sector["zh"]).click()
        detail = page.locator(".sector-detail")
        expect(detail.get_by_role("heading", name=sector["zh"], exact=True)).to_be_visible()
        expect(detail.locator(".ant-skeleton")).to_have_count(0)
        total = sector["total"]
        assert figures(detail.locator("> div").first) == [
            [letter, counted(total["counts"][letter]), counted(total["general"][letter])]
            for letter in CLASSES
        ]
        groups = ask(f"classification/v1/statistics/sectors/{code}?by=area")["groups"]
        assert [row[:2] + row[3:] for row in figures(detail.locator(".sector-areas"))] == [
            [area_names[each["group"]], counted(each["entities"]), risky(each), rate_said(each["discovery"])]
            for each in groups
        ]
        assert mixes(detail) == [mix_said(each["shares"]) for each in groups]
        assert items(detail.locator(".matters li")) == [
            f"{each['zh']} {counted(each['entities'])} 户 · {written(each['points'])} 分"
            for each in sector["sector_matters"] or sector["matters"]
        ]
        counts = ask(f"profiling/v1/signals/counts?sector={code}")
        open_ones = sum(row["signals"] for row in counts if row["state"] == "open")
        expect(
            detail.get_by_role("heading", name=f"未处置预警 {counted(open_ones)}", exact=True)
        ).to_be_visible()
        signals = ask(f"profiling/v1/signals?sector={code}&state=open&limit=8")["items"]
        assert items(detail.locator(".signals li")) == [
            f"{families[each['family']]} {each['entity_name']} {each['due_on']} 到期" for each in signals
        ]
