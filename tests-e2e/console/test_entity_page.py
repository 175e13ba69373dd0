"""An entity is found, understood, compared, taken along as a workbook and printed; every figure is the services'."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from browsing import Journey
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from reading import as_table, part, rows, written
from told_by_entity import valued

PageAs = Callable[..., Page]
Axe = Callable[[Page], None]
Api = Callable[[str], httpx.Client]

SECTIONS = {
    "分类与依据": "class",
    "信息时间轴": "timeline",
    "预警与检查": "supervision",
    "记录与文书": "records",
    "关联关系": "relations",
    "调整与异议": "people",
    "全链路留痕": "trail",
}


@pytest.fixture(scope="module")
def listed(ask: Callable[[str], Any]) -> str:
    """The code of an entity on the abnormal list that was judged more than once."""
    records = ask("repair/v1/records?kind=abnormal_listing&state=open&limit=50")["items"]
    for uscc in (record["uscc"] for record in records):
        if len(ask(f"classification/v1/entities/{uscc}/decisions")["items"]) > 1:
            return str(uscc)
    raise AssertionError("the demo has no entity that was listed and judged twice")


@pytest.fixture
def page(page_as: PageAs, listed: str) -> Page:
    """The entity's page, as a city administrator sees it."""
    page = page_as("city_administrator")
    page.goto(f"/entities/{listed}")
    expect(page.get_by_test_id("class-sentence")).to_be_visible()
    return page


def opened(page: Page, section: str) -> None:
    """The section is chosen."""
    page.get_by_role("navigation", name="画像各部分").get_by_role("link", name=section).click()
    expect(page).to_have_url(re.compile(f"tab={SECTIONS[section]}"))


def test_a_name_with_a_slip_finds_its_entity_by_the_keyboard_alone(
    page_as: PageAs, axe: Axe, step: Journey, ask: Callable[[str], Any], listed: str
) -> None:
    """Nobody remembers a name to the letter."""
    name = ask(f"profiling/v1/entities/{listed}")["name"]
    page = page_as("city_administrator")
    with step("types the name with one character wrong"):
        page.goto("/entities")
        box = page.get_by_label("查找经营主体", exact=True)
        box.fill(f"{name[:5]}某{name[6:]}")
        result = page.locator(f'[data-result][href="/entities/{listed}"]')
        expect(result).to_be_visible()
        expect(result.locator("mark").first).to_be_visible()
        expect(result.get_by_text("名称相符")).to_be_visible()
        axe(page)
    with step("goes down to it and opens it with Enter"):
        box.press("ArrowDown")
        while not result.evaluate("element => element === document.activeElement"):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def test_what_nobody_is_called_finds_nobody_and_says_what_to_do(page_as: PageAs, axe: Axe) -> None:
    """An empty answer is not a dead end."""
    page = page_as("city_administrator")

    page.goto("/entities?q=ZZZZQQQQXXXX")

    expect(page.get_by_text("没有找到相符的经营主体")).to_be_visible()
    axe(page)


@pytest.mark.page("/entities/:uscc")
def test_the_class_is_told_as_the_service_tells_it(
    page: Page, axe: Axe, ask: Callable[[str], Any], listed: str
) -> None:
    """Points, total, class bounds, sentences: nothing is computed twice."""
    told = ask(f"classification/v1/entities/{listed}/class")
    dimensions = [(each["zh"], each["points"]) for each in told["parts"]["dimensions"]]

    expect(page.get_by_test_id("class-sentence")).to_have_text(told["sentence_zh"])
    expect(page.locator(".entity-class .class-tag")).to_have_text(told["risk_class"])
    expect(page.locator(".entity-class .entity-score")).to_have_text(written(told["score"]))
    steps = as_table(part(page, "得分构成"))
    assert steps[0] == ["基础分", written(told["base"])]
    assert steps[-1] == ["风险得分", written(told["score"])]
    signed = [
        [zh, f"{'+' if points > 0 else ''}{written(points)}".replace("-", "−")] for zh, points in dimensions
    ]
    assert [row for row in steps if row[0] in dict(dimensions)] == signed
    axe(page)


@pytest.mark.page("/entities/:uscc")
def test_each_indicator_stands_with_its_points_and_sentence(
    page: Page, ask: Callable[[str], Any], listed: str
) -> None:
    """Also those that gave nothing, once they are asked for; a value has its unit."""
    told = ask(f"classification/v1/entities/{listed}/class")["indicators"]

    place = part(page, "指标明细").first
    place.get_by_label("只看计分或缺失的指标").uncheck()

    shown = rows(place)
    assert len(shown) == len(told)
    for line in told:
        (row,) = [row for row in shown if row[0].startswith(f"{line['zh']}\n") and line["sentence"] in row[3]]
        assert row[1:3] == [valued(line["value"], line["unit"]), written(line["points"])], line["zh"]


@pytest.mark.page("/entities/:uscc")
def test_the_timeline_has_every_fact_and_looks_back_on_both_clocks(
    page: Page, axe: Axe, ask: Callable[[str], Any], listed: str
) -> None:
    """What was so on a day, as known at an instant, beside what is so now."""
    facts = ask(f"profiling/v1/entities/{listed}/facts?limit=200")["items"]
    opened(page, "信息时间轴")
    expect(part(page, "归集信息").locator("tbody tr.ant-table-row")).to_have_count(len(facts))
    axe(page)

    known = sorted(fact["recorded_at"] for fact in facts)[len(facts) // 2]
    day = ask("profiling/v1/business-day")["day"]
    page.goto(f"/entities/{listed}?tab=timeline&valid={day}&known={known}")

    then = ask(f"profiling/v1/entities/{listed}/profile?valid_at={day}&known_at={known}")
    expect(part(page, "当时的画像").get_by_text(f"依据 {len(then['facts'])} 条信息")).to_be_visible()
    held = [row for row in rows(part(page, "归集信息")) if row[-1] == "当时已知"]
    assert len(held) == len(then["facts"])
    axe(page)


def test_a_slider_asks_once_it_is_let_go(page: Page) -> None:
    """The keyboard moves it too; what is asked stands in the address."""
    opened(page, "信息时间轴")

    slider = page.get_by_role("slider", name=re.compile("^发生时间"))
    slider.press("ArrowLeft")

    expect(page).to_have_url(re.compile(r"valid=\d{4}-\d\d-\d\d"))
    expect(part(page, "当时的画像")).to_be_visible()
    page.get_by_role("button", name="回到今天").click()
    expect(page).not_to_have_url(re.compile("valid="))


def test_no_section_has_a_serious_fault_of_accessibility(page: Page, axe: Axe) -> None:
    """Each once all of it is there."""
    for section in SECTIONS:
        opened(page, section)
        expect(page.locator("#content .ant-spin-spinning, #content .ant-skeleton")).to_have_count(0)
        axe(page)


def test_two_decisions_stand_side_by_side(
    page: Page, axe: Axe, step: Journey, ask: Callable[[str], Any], listed: str
) -> None:
    """What changed and why is the service's answer."""
    numbers = [row["number"] for row in ask(f"classification/v1/entities/{listed}/decisions")["items"]]
    first, last = min(numbers), max(numbers)
    told = ask(f"classification/v1/entities/{listed}/decisions/compare?from={first}&to={last}")
    with step("ticks the first and the last decision and compares them"):
        page.get_by_label(f"序号 {first}", exact=True).check()
        page.get_by_label(f"序号 {last}", exact=True).check()
        page.get_by_role("link", name="对比所选两次").click()
        expect(page.get_by_text(told["sentence_zh"])).to_be_visible()
        axe(page)


def test_the_workbook_opens_and_names_the_entity(page: Page, listed: str) -> None:
    """What is exported is of this entity."""
    with page.expect_download() as downloading:
        page.get_by_role("link", name="导出 Excel").click()

    content = Path(downloading.value.path()).read_bytes()

    book = load_workbook(BytesIO(content), read_only=True)
    cells = [str(cell) for row in book[book.sheetnames[0]].iter_rows(values_only=True) for cell in row]
    assert listed in cells


def test_on_paper_every_section_is_there(page: Page, listed: str) -> None:
    """On paper there is nothing to open."""
    page.evaluate("window.print = () => {}")
    page.get_by_role("button", name="打印 / 存为 PDF").click()
    expect(page.locator('[data-ready="true"]')).to_be_visible(timeout=60_000)

    page.emulate_media(media="print")
    printed = page.pdf(format="A4")

    assert printed.startswith(b"%PDF")
    for section in SECTIONS:
        expect(page.get_by_role("heading", level=2, name=section, exact=True).first).to_be_visible()
    expect(page.get_by_text("打印人")).to_be_visible()
    expect(page.get_by_text(listed).first).to_be_visible()


def test_an_area_officer_on_a_phone_reads_the_page_without_a_refusal(
    page_as: PageAs, axe: Axe, api: Api
) -> None:
    """What one area may not see, such as the trail of collection, is not asked for."""
    officer = api("area_officer")
    uscc = officer.get("/api/classification/v1/classes?risk_class=C&limit=1").json()["items"][0]["uscc"]
    page = page_as("area_officer", phone=True)

    for section, key in SECTIONS.items():
        page.goto(f"/entities/{uscc}?tab={key}")
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], section  # type: ignore[index]
        axe(page)
