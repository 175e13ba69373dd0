"""A model manager begins a version, breaks it, mends it, sees whom it moves, and hands it to another person."""

import re
from collections.abc import Callable
from typing import Any

from browsing import Journey
from playwright.sync_api import Page, expect

PageAs = Callable[..., Page]
Axe = Callable[[Page], None]
Select = Callable[..., list[dict[str, Any]]]

STEPS = "select what, who from model_event where draft = $1 order by number"
DRAFT = "select state, sha256, submitted_by from draft where id = $1"
CUT = "A 类最高分"


def test_a_model_manager_tries_a_version_over_the_city_and_submits_it(
    page_as: PageAs, axe: Axe, select: Select, step: Journey
) -> None:
    """What is wrong is said at its line, whom it moves before anybody is judged by it, and another person decides."""
    page = page_as("model_manager")
    with step("opens the models and reads the general one that is in force"):
        page.get_by_role("menuitem", name="分类模型").click()
        page.get_by_role("link", name="模型版本").click()
        expect(page.get_by_role("heading", level=1, name="模型版本")).to_be_visible()
        page.get_by_role("row", name=re.compile("现行")).first.get_by_role("link").first.click()
        expect(page.get_by_text("分数与类别")).to_be_visible()
        expect(page.get_by_text("近36个月行政处罚", exact=True)).to_be_visible()
        axe(page)
    with step("looks up which indicators no model uses yet"):
        page.get_by_role("link", name="指标体系").click()
        page.goto("/models/indicators?use=none")
        expect(page.get_by_text(re.compile(r"显示 \d+ / \d+ 项"))).to_be_visible()
        axe(page)
    with step("begins a draft from the general model"):
        page.get_by_role("link", name="模型草案").click()
        page.get_by_role("button", name="新建草案").click()
        page.get_by_role("dialog").get_by_role("button", name="新建草案").click()
        page.wait_for_url(re.compile(r"/models/drafts/\d+"))
        number = int(page.url.rsplit("/", 1)[1].partition("?")[0])
        expect(page.get_by_text("校验通过，没有问题")).to_be_visible()
        axe(page)
    with step("breaks the order of the cuts in the form"):
        page.get_by_label(CUT).fill("600")
        expect(page.get_by_text("1 处问题")).to_be_visible()
        expect(
            page.get_by_text(re.compile("分类界线应在分数范围内依次递增，现为 600, 500, 750"))
        ).to_be_visible()
    with step("sees it at its line in the text"):
        page.get_by_role("button", name=re.compile(r"第 \d+ 行")).click()
        expect(page.get_by_label("模型文本（YAML）")).to_be_focused()
        expect(page.locator(".models-wrong-line")).to_have_count(1)
        axe(page)
    with step("mends it: a little stricter than the version in force"):
        text = page.get_by_label("模型文本（YAML）")
        text.fill(text.input_value().replace("{A: 600,", "{A: 235,"))
        expect(page.get_by_text("校验通过，没有问题")).to_be_visible()
    with step("takes a copy of the city to try it on, where there is none yet"):
        page.get_by_text("表单", exact=True).click()
        take = page.get_by_role("button", name="生成工作副本")
        moving = page.get_by_text("类别变化主体", exact=True)
        expect(take.or_(moving).first).to_be_visible()
        if take.is_visible():
            take.click()
        expect(moving).to_be_visible()
    with step("changes a number, and the figures of the city follow"):
        before = page.get_by_role("table", name="类别迁移矩阵").inner_text()
        with page.expect_response(re.compile("/v1/models/what-if$")) as answered:
            page.get_by_label(CUT).fill("225")
        answer = answered.value.json()
        assert answer["movers"] > 0
        assert answer["migration"]["A"]["B"] > 0
        matrix = page.get_by_role("table", name="类别迁移矩阵")
        expect(matrix).not_to_have_text(before)
        expect(matrix.get_by_role("row").nth(1)).to_contain_text(f"{answer['migration']['A']['B']:,}")
        axe(page)
    with step("sees by area who moves, and one of them by name"):
        page.get_by_role("tab", name="试算明细").click()
        movers = page.get_by_role("region", name="变化主体名单").first
        expect(movers.get_by_role("link").first).to_be_visible()
        axe(page)
    with step("saves it"):
        page.get_by_role("button", name="保存草案").click()
        expect(page.get_by_text("已保存", exact=True)).to_be_visible()
        page.get_by_role("tab", name="与现行版本比较").click()
        expect(page.get_by_role("row", name=re.compile("分数 · 界线 · A.*250.*225"))).to_be_visible()
        axe(page)
    with step("lets it run beside the live models, and stops it again"):
        page.get_by_role("tab", name="影子运行").click()
        page.get_by_role("button", name="开始影子运行").click()
        expect(page.get_by_text("运行中", exact=True)).to_be_visible()
        axe(page)
        page.get_by_role("button", name="停止影子运行").click()
        expect(page.get_by_text("已停止", exact=True)).to_be_visible()
    with step("submits it, and cannot approve it"):
        page.get_by_role("button", name="提交审批").click()
        page.get_by_role("dialog").get_by_role("button", name="提交审批").click()
        expect(page.get_by_role("button", name="审批通过")).to_be_disabled()
        expect(page.get_by_text("您是起草人，须由另一人审批").first).to_be_visible()
        axe(page)
    with step("it waits in the books, and who did what stands there"):
        (kept,) = select("classification", DRAFT, number)
        assert (kept["state"], kept["submitted_by"]) == ("submitted", "model-manager")
        assert [row["what"] for row in select("classification", STEPS, number)] == [
            "created",
            "edited",
            "shadow started",
            "shadow stopped",
            "submitted",
        ]
    with step("finds it waiting after a reload, with its trail"):
        page.reload()
        page.get_by_role("tab", name="草案内容").click()
        expect(page.get_by_text("草案已提交，内容不能再改；退回后可继续修改。")).to_be_visible()
        page.get_by_role("tab", name="办理留痕").click()
        expect(page.get_by_role("cell", name="提交审批")).to_be_visible()
        axe(page)
    with step("withdraws it, so that the next draft begins anew"):
        page.get_by_role("button", name="撤回").click()
        page.get_by_role("textbox", name="理由").fill("演示：先不提交")
        page.get_by_role("dialog").get_by_role("button", name="确定").click()
        expect(page.get_by_text("已撤回").first).to_be_visible()
        assert select("classification", DRAFT, number)[0]["state"] == "withdrawn"
