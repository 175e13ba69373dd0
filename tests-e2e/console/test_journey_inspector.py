"""An inspector with a phone: sees who is to be visited and why, and records what was found on the spot."""

import re
from collections.abc import Callable
from typing import Any

from browsing import Journey
from playwright.sync_api import Page, expect

PageAs = Callable[..., Page]
Axe = Callable[[Page], None]
Select = Callable[..., list[dict[str, Any]]]
Login = dict[str, Any]

FOUND = "select result_codes, remark, recorded_by from result where task_id = $1"
STATE = "select state from task where task_id = $1"
REMARK = "地址已变更，当场责令改正"


def test_a_visit_is_found_its_result_kept_as_a_draft_and_sent_once(
    page_as: PageAs, axe: Axe, select: Select, step: Journey, logins: dict[str, Login]
) -> None:
    """What an inspector fills in is not lost on the way, and what was sent is the visit's one result."""
    page = page_as("inspector", phone=True)
    with step("opens 检查任务 from the menu"):
        page.get_by_role("button", name="菜单").click()
        page.get_by_role("menuitem", name="检查任务").click()
        expect(page.get_by_role("heading", level=1, name="检查任务")).to_be_visible()
    with step("sees the visits to make, each with why it was drawn and by when it is due"):
        expect(page.get_by_role("tab", name=re.compile("待检查 [1-9]"))).to_be_visible()
        visit = page.get_by_role("listitem").filter(has=page.get_by_role("button", name="录入结果")).first
        expect(visit.get_by_text(re.compile("抽查|重点监管|尚未分类")).first).to_be_visible()
        expect(visit.get_by_text(re.compile("余|到期"))).to_be_visible()
        axe(page)
    with step("opens the first: address, reason, and what is to be looked into"):
        name = visit.get_by_role("link").first.inner_text()
        visit.get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
        expect(page.get_by_text("抽取原因")).to_be_visible()
        expect(page.get_by_role("button", name="复制住所")).to_be_visible()
        axe(page)
        task = page.url.rpartition("/")[2]
    with step("cannot send before it is said what was found"):
        expect(page.get_by_role("button", name="上报结果")).to_be_disabled()
    with step("says that nothing was found, then that something was: the two do not go together"):
        page.get_by_role("checkbox", name=re.compile("^未发现问题")).check()
        page.get_by_role("checkbox", name="发现问题已责令改正").check()
        expect(page.get_by_role("checkbox", name="发现问题已责令改正")).to_be_checked()
        expect(page.get_by_role("checkbox", name=re.compile("^未发现问题"))).not_to_be_checked()
    with step("writes down what was seen"):
        page.get_by_label("现场情况").fill(REMARK)
    with step("goes back to the list, where the draft is named"):
        page.get_by_role("link", name="返回检查任务").click()
        expect(page.get_by_text("有草稿")).to_be_visible()
        assert select("sampling", FOUND, task) == []
    with step("comes again after the phone was off, and what was written is there"):
        page.reload()
        page.get_by_role("link", name=name).click()
        expect(page.get_by_label("现场情况")).to_have_value(REMARK)
        expect(page.get_by_role("checkbox", name="发现问题已责令改正")).to_be_checked()
    with step("looks at it once more and sends it"):
        page.get_by_role("button", name="上报结果").click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text(REMARK)
        axe(page)
        dialog.get_by_role("button", name="上报结果").click()
        expect(page.get_by_text("检查结果已上报")).to_be_visible()
    with step("the database has the result, by the one who inspected"):
        by = logins["inspector"]["subject"]
        assert select("sampling", FOUND, task) == [
            {"result_codes": ["corrected"], "remark": REMARK, "recorded_by": by}
        ]
        assert select("sampling", STATE, task) == [{"state": "done"}]
    with step("sees it among those done, also after coming again"):
        page.get_by_role("link", name="返回检查任务").click()
        page.get_by_role("tab", name="已完成").click()
        page.reload()
        done = page.get_by_role("listitem").filter(has_text=name)
        expect(done).to_contain_text("发现问题已责令改正")
        axe(page)
    with step("opens the entity from there"):
        done.get_by_role("link", name=name).click()
        page.get_by_role("link", name=name).click()
        expect(page).to_have_url(re.compile(r"/entities/[0-9A-Z]{18}"))
        expect(page.get_by_role("heading", level=1)).to_be_visible()
