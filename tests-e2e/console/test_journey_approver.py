"""An approver decides what others wrote, proposed and filed: a version, an adjustment, an objection."""

import json
import re
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
from browsing import Journey
from playwright.sync_api import Page, expect
from vocabulary.calendar import business_date

PageAs = Callable[..., Page]
Axe = Callable[[Page], None]
Api = Callable[[str], httpx.Client]
Select = Callable[..., list[dict[str, Any]]]

V1 = "/api/classification/v1"
DRAFT = "select state, approved_by, sha256 from draft where id = $1"
ADJUSTMENT = "select state, decided_by, ended_by from intervention where id = $1"
OBJECTION = "select state, decided_by, reason from objection where number = $1"


def ask(client: httpx.Client, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """One write by somebody else, through the console's API."""
    answer = client.post(V1 + path, json=body, headers={"Idempotency-Key": str(uuid.uuid4())})
    assert answer.is_success, answer.text
    return dict(answer.json())


def stricter(client: httpx.Client, day: date) -> str:
    """The text of the general model's next version, with a lower cut of A."""
    ids = [each["id"] for each in client.get(f"{V1}/models").json()["items"]]
    newest = max((each for each in ids if each.startswith("general@")), key=lambda each: int(each[8:]))
    document = client.get(f"{V1}/models/{newest}").json()["definition"]
    document["scale"]["cuts"]["A"] = 225
    document |= {"version": int(newest[8:]) + 1, "valid_from": day.isoformat()}
    return json.dumps(document, ensure_ascii=False, indent=1)


def somebody(client: httpx.Client) -> dict[str, Any]:
    """An entity of the officer's area in class A, whom no rule holds."""
    listed = client.get(f"{V1}/classes", params={"limit": 200}).json()["items"]
    return next(each for each in listed if each["risk_class"] == "A" and not each["flags"])


def give_reason(page: Page, reason: str) -> None:
    """The dialog that asks for a reason is answered."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="理由").fill(reason)
    dialog.get_by_role("button", name="确定").click()
    expect(dialog).to_be_hidden()


def test_an_approver_decides_a_version_an_adjustment_and_an_objection(
    page_as: PageAs, axe: Axe, api: Api, select: Select, step: Journey
) -> None:
    """Four eyes: what one person wrote counts when another has read it."""
    day = business_date(datetime.now(UTC))
    manager, officer = api("model_manager"), api("area_officer")
    number = ask(manager, "/drafts", {"text": stricter(manager, day)})["id"]
    ask(manager, f"/drafts/{number}/submit", {"version": 1})
    entity = somebody(officer)
    uscc = entity["uscc"]

    page = page_as("approver")
    with step("opens the drafts that wait for approval"):
        page.goto("/models/drafts")
        page.get_by_text("待审批", exact=True).first.click()
        row = page.get_by_role("row", name=re.compile(f"草案 {number}\\b"))
        expect(row.get_by_text("model-manager").first).to_be_visible()
        axe(page)
    with step("reads the one that a model manager submitted"):
        row.get_by_role("link", name=f"草案 {number}", exact=True).click()
        expect(page.get_by_text("草案已提交，内容不能再改；退回后可继续修改。")).to_be_visible()
        expect(page.get_by_role("heading", level=2, name="指标与计分")).to_be_visible()
        axe(page)
    with step("reads what it says otherwise than the version in force"):
        page.get_by_role("tab", name="与现行版本比较").click()
        expect(page.get_by_role("row", name=re.compile("分数 · 界线 · A.*250.*225"))).to_be_visible()
        axe(page)
    with step("returns it with a reason"):
        page.get_by_role("button", name="退回").click()
        give_reason(page, "请说明下调A类界线的依据")
        expect(page.get_by_text("approver 退回：请说明下调A类界线的依据")).to_be_visible()
        assert select("classification", DRAFT, number)[0]["state"] == "open"
    with step("approves it, when it was submitted anew"):
        ask(manager, f"/drafts/{number}/submit", {"version": 1})
        page.reload()
        page.get_by_role("button", name="审批通过").click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_text(re.compile("^[0-9a-f]{64}$"))).to_be_visible()
        dialog.get_by_label("审批意见（可不填）").fill("依据已补充，同意")
        axe(page)
        dialog.get_by_role("button", name="审批通过").click()
        expect(dialog).to_be_hidden()
        (kept,) = select("classification", DRAFT, number)
        assert (kept["state"], kept["approved_by"]) == ("approved", "approver")
    with step("sees it approved after a reload, and who did what"):
        page.reload()
        page.get_by_role("tab", name="办理留痕").click()
        expect(page.get_by_role("cell", name="依据已补充，同意")).to_be_visible()
        axe(page)
    with step("finds an adjustment that an area officer proposed"):
        order = {
            "uscc": uscc,
            "risk_class": "C",
            "reason": "专项检查发现涉嫌虚假宣传，待查处",
            "evidence": ["https://example.invalid/专项检查记录"],
            "expires_on": (day + timedelta(days=30)).isoformat(),
        }
        adjustment = ask(officer, "/interventions", order)["id"]
        page.goto(f"/models/interventions?state=proposed&uscc={uscc}")
        expect(page.get_by_text("专项检查发现涉嫌虚假宣传，待查处")).to_be_visible()
        axe(page)
    with step("approves it, and the entity is decided at once"):
        page.get_by_role("button", name="批准", exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name="批准", exact=True).click()
        expect(page.get_by_role("dialog")).to_be_hidden()
        (kept,) = select("classification", ADJUSTMENT, adjustment)
        assert (kept["state"], kept["decided_by"]) == ("in_force", "approver")
        assert officer.get(f"{V1}/entities/{uscc}/class").json()["risk_class"] == "C"
    with step("sees it in force after a reload"):
        page.goto(f"/models/interventions?state=in_force&uscc={uscc}")
        page.reload()
        expect(page.get_by_role("cell", name="生效中")).to_be_visible()
        axe(page)
    with step("revokes it with a reason, and the models decide again"):
        page.get_by_role("button", name="撤销", exact=True).click()
        give_reason(page, "核查后未发现违法事实")
        expect(page.get_by_role("cell", name="生效中")).to_be_hidden()
        assert select("classification", ADJUSTMENT, adjustment)[0]["ended_by"] == "approver"
        assert officer.get(f"{V1}/entities/{uscc}/class").json()["risk_class"] == entity["risk_class"]
    with step("opens the objection that a repair officer filed"):
        filing = {
            "uscc": uscc,
            "indicators": ["regulatory.penalties_36m"],
            "ground": "认为处罚次数有误",
            "evidence": ["https://example.invalid/行政复议受理通知"],
            "filed_on": day.isoformat(),
        }
        objection = ask(api("repair_officer"), "/objections", filing)["number"]
        page.goto(f"/repair/objections?number={objection}")
        expect(page.get_by_text("认为处罚次数有误").first).to_be_visible()
        axe(page)
    with step("rejects it with a reason"):
        page.get_by_role("button", name="作出决定").click()
        ruling = page.get_by_role("dialog", name="决定异议")
        ruling.get_by_text("异议不成立", exact=True).click()
        ruling.get_by_label("决定理由").fill("经核查，处罚记录无误")
        ruling.get_by_role("button", name="确定").click()
        expect(ruling).to_be_hidden()
        (kept,) = select("classification", OBJECTION, objection)
        assert (kept["state"], kept["decided_by"]) == ("rejected", "approver")
    with step("reads the decision after a reload"):
        page.reload()
        expect(page.get_by_text("经核查，处罚记录无误").first).to_be_visible()
        axe(page)
    ask(manager, f"/drafts/{number}/withdraw", {"reason": "演示：不上线"})
