"""What somebody meets who reads Chinese, uses no mouse, hears the page, or has a computer whose clock is wrong."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from browsing import Faults, Journey
from playwright.sync_api import Locator, Page, expect

PageAs = Callable[..., Page]
WEEK = timedelta(days=7)


def due_days(page: Page) -> list[str]:
    """Every last day on the page, with how far away it is said to be."""
    expect(page.locator(".due-day").first).to_be_visible()
    return page.locator(".due-day").all_inner_texts()


def focused(page: Page) -> Locator:
    return page.locator(":focus")


def test_by_keyboard_the_text_is_one_step_away(page_as: PageAs, step: Journey) -> None:
    """Nobody tabs through the menu on every page."""
    page = page_as("area_officer")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    with step("the first stop of Tab is the link to the text"):
        page.locator("body").press("Tab")
        expect(focused(page)).to_have_text("跳到正文")
    with step("Enter goes there, and the page stays the page"):
        page.keyboard.press("Enter")
        expect(focused(page)).to_have_id("content")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    with step("the next stop is within the text"):
        page.keyboard.press("Tab")
        expect(page.locator("#content :focus")).to_have_count(1)


def test_whoever_goes_to_another_page_is_put_at_its_heading(page_as: PageAs, step: Journey) -> None:
    """A screen reader tells the heading once; the window is called by it."""
    page = page_as("area_officer")
    with step("the first page leaves the focus where the browser has it"):
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator("h1:focus")).to_have_count(0)
    with step("follows the menu"):
        page.get_by_role("navigation", name="主导航").get_by_role("link", name="预警").click()
        expect(page.locator("h1:focus")).to_have_text(re.compile("预警"))
        expect(page).to_have_title(re.compile("^.*预警.* · 信用闭环$"))
    with step("a filter of the page moves nobody"):
        tab = page.get_by_role("tab").nth(1)
        tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")
        expect(page.locator("h1:focus")).to_have_count(0)
    with step("one heading, and nothing else, tells of the page"):
        expect(page.get_by_role("heading", level=1)).to_have_count(1)


def test_back_shows_a_page_where_it_was_left(page_as: PageAs, step: Journey) -> None:
    """Whoever looks into the fortieth line comes back to it."""
    page = page_as("area_officer")
    with step("reads far down"):
        page.goto("/warnings")
        expect(page.locator(".due-day").nth(10)).to_be_visible()
        page.mouse.wheel(0, 400)
        page.wait_for_function("scrollY >= 200")
        far = page.evaluate("scrollY")
    with step("opens another page: it begins at its top, in the field one begins with"):
        page.evaluate("document.querySelector('nav a[href=\"/entities\"]').click()")
        expect(page.locator("article").get_by_label("查找经营主体")).to_be_focused()
        page.wait_for_function("scrollY === 0")
    with step("comes back"):
        page.go_back()
        page.wait_for_function("far => Math.abs(scrollY - far) < 3", arg=far)


def test_a_browser_whose_clock_is_a_week_wrong_shows_the_same_last_days(
    page_as: PageAs, step: Journey
) -> None:
    """An officer's old computer must not make work seem overdue, or not yet due."""
    right, wrong = page_as("area_officer"), page_as("area_officer")
    with step("reads the queue with a right clock"):
        right.goto("/warnings")
        told = due_days(right)
    with step("reads it with a clock a week ahead"):
        wrong.clock.install(time=datetime.now(UTC) + WEEK)
        wrong.goto("/warnings")
        assert due_days(wrong) == told
        assert wrong.evaluate("Date.now()") > datetime.now(UTC).timestamp() * 1000 + 6 * 86_400_000
    with step("what a form proposes is of the server's day too"):
        wrong.locator("[data-row-link]").first.click()
        wrong.get_by_role("button", name="暂缓").click()
        first = wrong.get_by_role("dialog").locator("input[type=date]").get_attribute("min")
        assert first in {str(day.date()) for day in _today_in_shanghai()}


def _today_in_shanghai() -> list[datetime]:
    """Today; beside it yesterday, for a test that runs over midnight."""
    now = datetime.now(UTC) + timedelta(hours=8)
    return [now, now - timedelta(minutes=5)]


def test_what_a_service_refuses_of_a_form_stands_at_its_field_in_chinese(
    page_as: PageAs, faults: Faults, step: Journey
) -> None:
    """With the days that would be right; nothing that was typed is lost."""
    faults.expect(422, "/api/profiling/v1/signals/.*/snooze$")
    page = page_as("area_officer")
    with step("opens a warning that somebody may work on"):
        page.goto("/warnings")
        page.locator("[data-row-link]").first.click()
        page.get_by_role("button", name="暂缓").click()
    with step("lets it wait for years"):
        dialog = page.get_by_role("dialog")
        dialog.locator("input[type=date]").fill("2099-01-01")
        dialog.get_by_label("理由").fill("等待主体提交材料")
        dialog.get_by_role("button", name="确定").click()
    with step("is told at the field, and what was typed is still there"):
        field = dialog.locator(".ant-form-item").filter(has=page.locator("input[type=date]"))
        expect(field.locator(".ant-form-item-explain-error")).to_have_text(
            re.compile(r"应在 \d{4}-\d\d-\d\d 至 \d{4}-\d\d-\d\d 之间")
        )
        expect(dialog.get_by_label("理由")).to_have_value("等待主体提交材料")
        expect(field.locator("input:focus")).to_have_count(1)
        expect(page.locator(".ant-notification-notice")).to_have_count(0)
