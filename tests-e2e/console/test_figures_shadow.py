"""What a draft did in the shadow, and classes that people set, as the service tells it."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from agreeing import agree, instead, statistics
from playwright.sync_api import Page
from reading import cells, counted, described, first, moment, rows, written

Api = Callable[[str], httpx.Client]
Ask = Callable[..., Any]
PageOf = Callable[[str], Page]
Told = dict[str, Any]


@pytest.fixture(scope="module")
def page(page_of: PageOf) -> Page:
    """The page of a model manager."""
    return page_of("model_manager")


@pytest.fixture(scope="module")
def shadowed(page: Page, api: Api, ask: Ask, order: Callable[..., Told], draft: Told) -> Told:
    """The draft ran beside the live models while complaints came of whom it would move, of others, and of a sector.

    Complaints of who is struck off or suspended move nothing. The others have points of their own, which move some of
    the first to B under either model: hence ten of them.
    """
    order("model_manager", "POST", f"classification/v1/drafts/{draft['id']}/shadow", json={"action": "start"})
    listed = [
        each
        for each in ask("classification/v1/classes?risk_class=A&limit=200")["items"]
        if each["status"] == "active" and each["model"].startswith("general@")
    ]
    moving = [each["uscc"] for each in listed if each["score"] > draft["cut"]][:10]
    staying = [each["uscc"] for each in listed if each["score"] <= draft["cut"]][:2]
    assert moving
    assert staying
    facts = [
        {
            "specversion": "1.0",
            "id": str(uuid.uuid4()),
            "source": "demo-registry",
            "subject": uscc,
            "type": "creditloop.complaint.received.v1",
            "time": datetime.now(UTC).isoformat(),
            "data": {"category": "quality"},
        }
        for uscc in {*moving, *staying, of_a_sector(ask)}
    ]
    batch = {"Content-Type": "application/cloudevents-batch+json"}
    api("source_system").post("/api/ingestion/v1/facts", json=facts, headers=batch).raise_for_status()

    def compared() -> int:
        return sum(each["entities"] for each in shadow_told(ask, draft)["groups"])

    agree(page, lambda: compared() >= len(facts), lambda: True)
    order("model_manager", "POST", f"classification/v1/drafts/{draft['id']}/shadow", json={"action": "stop"})
    return draft


def of_a_sector(ask: Ask) -> str:
    """A member of a sector whom the general model judges."""
    warned = ask("profiling/v1/signals?sector=food_production&state=open&limit=200")["items"]
    active = (each for each in warned if ask(f"profiling/v1/entities/{each['uscc']}")["status"] == "active")
    judged = (ask(f"classification/v1/entities/{each['uscc']}/class") for each in active)
    general = (str(each["uscc"]) for each in judged if each["model"].startswith("general@"))
    return first(general, "active producer of food with an open warning whom the general model judges")


def shadow_told(ask: Ask, draft: Told, by: str = "none") -> Told:
    """How the draft compares with the live models."""
    return dict(ask(f"classification/v1/drafts/{draft['id']}/shadow?by={by}", "model_manager"))


@pytest.mark.page("/models/drafts/:number")
@pytest.mark.parametrize(("by", "kind"), [("none", ""), ("area", "areas"), ("sector", "sectors")])
def test_the_shadow_tells_how_many_were_compared_and_how_they_differ(
    page: Page, ask: Ask, shadowed: Told, names: dict[str, dict[str, str]], by: str, kind: str
) -> None:
    """All together, by area, by sector."""
    told = shadow_told(ask, shadowed, by)

    page.goto(f"/models/drafts/{shadowed['id']}?tab=shadow&by={by}")

    place = page.get_by_role("region", name="影子运行", exact=True).first
    figures = [
        pair
        for each in told["groups"]
        for pair in (["已比较主体", counted(each["entities"])], ["类别变化主体", counted(each["moving"])])
    ]
    agree(page, lambda: statistics(place), lambda: figures)
    heads = [names[kind].get(each["group"], each["group"]) for each in told["groups"] if each["group"]]
    assert place.get_by_role("heading", level=3).all_inner_texts() == heads
    found = [
        [row[0], column, entities]
        for each in place.get_by_role("table", name="类别迁移矩阵").all()
        for head in [each.locator("thead th").all_inner_texts()]
        for row in cells(each.locator("tbody tr"))
        for column, entities in zip(head, row[1:], strict=True)
        if entities != "0"
    ]
    assert sorted(found) == sorted(
        [cell["live_class"] or "无类别", cell["draft_class"] or "无类别", counted(cell["entities"])]
        for each in told["groups"]
        for cell in each["matrix"]
    )


@pytest.mark.page("/models/drafts/:number")
def test_the_shadow_names_whom_the_draft_judges_otherwise(
    page: Page, ask: Ask, shadowed: Told, names: dict[str, dict[str, str]]
) -> None:
    """With both classes and scores, and when they were judged."""
    listed = ask(f"classification/v1/drafts/{shadowed['id']}/shadow/movers?limit=30", "model_manager")[
        "items"
    ]
    expected = [
        [
            ask(f"profiling/v1/entities/{each['uscc']}")["name"],
            names["areas"][each["area_code"]],
            each["live_class"],
            each["draft_class"],
            written(each["live_score"]),
            written(each["draft_score"]),
            moment(each["decided_at"]),
        ]
        for each in listed
    ]
    assert expected

    page.goto(f"/models/drafts/{shadowed['id']}?tab=shadow")

    agree(page, lambda: rows(page.get_by_role("region", name="变化主体名单")), lambda: expected)


@pytest.fixture(scope="module")
def adjusted(ask: Ask, order: Callable[..., Told]) -> Told:
    """An adjustment that an officer proposed and an approver refused, so that no class is changed."""
    entity = ask("classification/v1/classes?risk_class=A&limit=1", "area_officer")["items"][0]
    last = date.fromisoformat(ask("profiling/v1/business-day")["day"]) + timedelta(days=30)
    proposed = {
        "uscc": entity["uscc"],
        "risk_class": "C",
        "reason": "核对人工调整的列示",
        "evidence": ["https://example.invalid/检查记录", "demo-bureau|P-000001"],
        "expires_on": last.isoformat(),
    }
    made = order("area_officer", "POST", "classification/v1/interventions", json=proposed)
    order(
        "approver",
        "POST",
        f"classification/v1/interventions/{made['id']}/refuse",
        json={"reason": "依据不足"},
    )
    return made


@pytest.mark.page("/models/interventions")
def test_an_adjustment_is_told_in_full(page: Page, ask: Ask, adjusted: Told) -> None:
    """Who proposed what until when, and who decided."""
    uscc = adjusted["uscc"]
    (told,) = (
        each
        for each in ask(f"classification/v1/interventions?uscc={uscc}")["items"]
        if each["id"] == adjusted["id"]
    )

    page.goto(f"/models/interventions?uscc={uscc}&state=refused")

    table = page.get_by_role("region", name="人工调整")
    expected = [
        ask(f"profiling/v1/entities/{uscc}")["name"],
        told["risk_class"],
        told["reason"],
        told["expires_on"],
        "不予批准",
        f"{told['proposed_by']} {moment(told['proposed_at'])}",
    ]
    agree(page, lambda: [row[1:7] for row in rows(table)][:1], lambda: [expected])
    table.locator(".ant-table-row-expand-icon").first.click()
    assert described(table) == [
        ["种类", "人工调整"],
        ["依据材料", "；".join(told["evidence"])],
        ["批准人", f"{told['decided_by']} {moment(told['decided_at'])}"],
        ["不予批准理由", told["refuse_reason"]],
    ]


@pytest.mark.page("/models/interventions")
def test_what_rests_in_part_says_of_how_much(page: Page, adjusted: Told) -> None:
    """While a record is objected to, its share of the indicator gives no points."""
    resting = {"kind": "resting", "risk_class": None, "indicator": "base.age_years", "share": 1 / 3}
    instead(
        page,
        "**/classification/v1/interventions*",
        lambda answer: {**answer, "items": [{**answer["items"][0], **resting}]},
    )

    page.goto("/models/interventions")

    table = page.get_by_role("region", name="人工调整")
    agree(page, lambda: [row[2] for row in rows(table)], lambda: ["异议期间暂不计分：成立年限"])
    table.locator(".ant-table-row-expand-icon").first.click()
    assert described(table)[-1] == ["暂不计分的份额", "33.3%"]
    assert adjusted
