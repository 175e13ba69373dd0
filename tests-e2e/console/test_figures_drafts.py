"""What a draft would do to the city and did in the shadow, and classes that people set, as the service tells it."""

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from math import floor
from typing import Any

import httpx
import pytest
from agreeing import agree, described, instead, statistics
from playwright.sync_api import Locator, Page, expect
from reading import NOTHING, cells, counted, moment, rows, share, written

Api = Callable[[str], httpx.Client]
Ask = Callable[..., Any]
PageOf = Callable[[str], Page]
Told = dict[str, Any]

V1 = "/api/classification/v1"
STRICTER_A = 225
LETTERS = "ABCD"
LOTS = {"uniform": "全员均匀抽查", "observed": "观察期", "key": "重点监管"} | {
    each: f"{each}类" for each in LETTERS
}
STATES = {
    "open": "起草中",
    "submitted": "待审批",
    "approved": "已审批，待上线",
    "promoted": "已上线",
    "withdrawn": "已撤回",
}


@pytest.fixture(scope="module")
def page(page_of: PageOf) -> Page:
    """The page of a model manager."""
    return page_of("model_manager")


@pytest.fixture(scope="module")
def order(api: Api) -> Callable[..., Told]:
    """Something is ordered: `order("approver", "/interventions/3/refuse", {"reason": "…"})`."""

    def send(role: str, path: str, body: Told | None = None) -> Told:
        answer = api(role).post(
            V1 + path, json=body, headers={"Idempotency-Key": str(uuid.uuid4())}, timeout=90
        )
        assert answer.is_success, answer.text
        return dict(answer.json())

    return send


@pytest.fixture(scope="module")
def draft(ask: Ask, order: Callable[..., Told]) -> Iterator[Told]:
    """A draft of the general model with a lower cut of A, and a copy of the city to try it on."""
    ids = [each["id"] for each in ask("classification/v1/models")["items"]]
    newest = max((each for each in ids if each.startswith("general@")), key=lambda each: int(each[8:]))
    document = ask(f"classification/v1/models/{newest}")["definition"]
    document["scale"]["cuts"]["A"] = STRICTER_A
    day = ask("profiling/v1/business-day")["day"]
    document |= {"version": int(newest[8:]) + 1, "valid_from": day}
    text = json.dumps(document, ensure_ascii=False, indent=1)
    order("model_manager", "/snapshots")
    made = order("model_manager", "/drafts", {"text": text})
    yield made
    order("model_manager", f"/drafts/{made['id']}/withdraw", {"reason": "核对完毕"})


@pytest.fixture(scope="module")
def answer(ask: Ask, order: Callable[..., Told], draft: Told) -> Told:
    """What the service answers to whoever asks what the draft would do."""
    text = ask(f"classification/v1/drafts/{draft['id']}")["text"]
    copy = next(each for each in ask("classification/v1/snapshots")["items"] if each["is_complete"])
    found = order("model_manager", "/models/what-if", {"model": text, "snapshot_id": copy["id"]})
    assert found["movers"] > 0
    return found


@pytest.fixture(scope="module")
def names(ask: Ask) -> dict[str, dict[str, str]]:
    """What areas, sections of industries and sectors are called."""
    told = ask("vocabulary")
    return {
        kind: {each["code"]: each["zh"] for each in told[kind]} for kind in ("areas", "sections", "sectors")
    }


def one_line(text: str) -> str:
    """A text as it is read, however it is broken into lines."""
    return " ".join(text.split())


def changed(number: float, tell: Callable[[Any], str] = counted) -> str:
    """A change with its sign."""
    return f"+{tell(number)}" if number > 0 else tell(number)


def matrix(place: Locator) -> list[list[str]]:
    """Who goes where, class by class."""
    table = place.get_by_role("table", name="类别迁移矩阵").first
    return cells(table.locator("tbody tr"))


def sides(place: Locator) -> list[list[str]]:
    """The figures of a chart, once it shows them as a table."""
    switch = place.get_by_role("button", name="以表格显示")
    if switch.count():
        switch.click()
    return rows(place.locator("figure"))


@pytest.mark.page("/models/drafts")
def test_the_drafts_are_listed_with_who_had_a_hand_in_them(page: Page, ask: Ask, draft: Told) -> None:
    """Also those of other tests."""
    models = {each["id"].partition("@")[0]: each["zh"] for each in ask("classification/v1/models")["items"]}

    def told(each: Told) -> list[str]:
        return [
            f"草案 {each['id']}",
            models[each["code"]],
            STATES[each["state"]],
            "系统随附的新版本" if each["offers"] else each["author"],
            f"{each['edited_by']} {moment(each['edited_at'])}",
            each["submitted_by"] or NOTHING,
            each["approved_by"] or NOTHING,
            each["model_id"] or NOTHING,
        ]

    page.goto("/models/drafts")

    table = page.get_by_role("region", name="模型草案")
    agree(
        page,
        lambda: rows(table),
        lambda: [told(each) for each in ask("classification/v1/drafts")["items"]],
    )
    assert f"草案 {draft['id']}" in [row[0] for row in rows(table)]


# The what-if


@pytest.fixture
def tried(page: Page, draft: Told, answer: Told) -> Page:
    """The draft's page, on which it was tried over the city."""
    if "tab=effects" not in page.url:
        page.goto(f"/models/drafts/{draft['id']}?tab=effects")
        page.get_by_role("button", name="立即试算").click()
    expect(page.get_by_role("region", name="变化主体名单").first).to_be_visible()
    return page


@pytest.mark.page("/models/drafts/:number")
def test_a_trial_tells_who_moves_and_how_many_visits_that_is(tried: Page, answer: Told) -> None:
    """Movers of all, visits by the shares of the plan, classes before and after."""
    live, mix, load = tried.get_by_role("region", name="试算").first, answer["mix"], answer["load"]
    then, now = (floor(sum(load[side].values()) + 0.5) for side in ("then", "now"))

    assert [[title, one_line(said)] for title, said in statistics(live)] == [
        ["类别变化主体", f"{counted(answer['movers'])}共 {counted(answer['entities'])} 户"],
        ["年检查量（次）", f"{counted(then)}{changed(then - now)}"],
    ]
    assert sides(live) == [
        [
            each,
            counted(mix["now"][each]),
            counted(mix["then"][each]),
            changed(mix["then"][each] - mix["now"][each]),
        ]
        for each in LETTERS
    ]
    assert matrix(live) == [
        [row or "无类别", *(counted(answer["migration"][row][column]) for column in LETTERS)]
        for row in ["", *LETTERS]
        if row in answer["migration"]
    ]


@pytest.mark.page("/models/drafts/:number")
@pytest.mark.parametrize(
    ("title", "by", "kind"),
    [
        ("各辖区", "by_area", "areas"),
        ("各行业门类", "by_section", "sections"),
        ("各行业领域", "by_sector", "sectors"),
    ],
)
def test_a_trial_tells_the_groups(
    tried: Page, answer: Told, names: dict[str, dict[str, str]], title: str, by: str, kind: str
) -> None:
    """Entities, movers and classes of each; nobody moves is said."""
    place, groups = tried.get_by_role("region", name=title, exact=True).first, answer[by]
    if not any(group["movers"] for group in groups.values()):
        expect(place).to_contain_text("没有类别变化的主体。")
        return

    def told(code: str, group: Told) -> list[str]:
        now, then = group["now"], group["then"]
        return [
            names[kind].get(code, code or NOTHING),
            counted(sum(now[each] for each in LETTERS)),
            counted(group["movers"]),
            *(f"{counted(then[each])} ({changed(then[each] - now[each])})" for each in LETTERS),
        ]

    assert sorted(sides(place)) == sorted(told(code, group) for code, group in groups.items())


@pytest.mark.page("/models/drafts/:number")
def test_a_trial_tells_the_visits_of_each_lot(tried: Page, answer: Told) -> None:
    """A year's, under the shares that are named."""
    load = answer["load"]

    assert sides(tried.get_by_role("region", name="年检查量（次）", exact=True).first) == [
        [
            LOTS[lot],
            share(load["ratios"][lot]["share"]),
            written(now),
            written(load["then"][lot]),
            changed(round(load["then"][lot] - now, 1) + 0.0, written),
        ]
        for lot, now in load["now"].items()
    ]


@pytest.mark.page("/models/drafts/:number")
def test_a_trial_tells_what_was_found_in_each_class(tried: Page, answer: Told) -> None:
    """By the class of then, and by that of the draft."""

    def told(found: Told | None) -> list[str]:
        found = found or {"valid": None, "problems": None, "rate": None}
        rate = NOTHING
        if found["rate"] is not None:
            rate = f"{share(found['rate'])} ({share(found['low'])}–{share(found['high'])})"
        return [counted(found["valid"]), counted(found["problems"]), rate]

    now, then = (answer["discovery"].get(side, {}) for side in ("now", "then"))
    assert rows(tried.get_by_role("region", name="回测发现率").first) == [
        [letter, *told(now.get(letter)), *told(then.get(letter))]
        for letter in sorted(now.keys() | then.keys())
    ]


@pytest.mark.page("/models/drafts/:number")
def test_a_trial_names_whom_it_moves(
    tried: Page, ask: Ask, answer: Told, names: dict[str, dict[str, str]]
) -> None:
    """One by one, with both scores."""
    movers = ask(f"classification/v1/models/what-if/{answer['id']}/moves?limit=30", "model_manager")["items"]

    def told(each: Told) -> list[str]:
        return [
            ask(f"profiling/v1/entities/{each['uscc']}")["name"],
            each["uscc"],
            names["areas"][each["area_code"]],
            names["sections"].get(each["industry"][:1], each["industry"] or NOTHING),
            each["before"],
            each["after"],
            written(each["score_before"]),
            written(each["score_after"]),
        ]

    expected = [told(each) for each in movers]
    place = tried.get_by_role("region", name="变化主体名单").last
    agree(tried, lambda: rows(place), lambda: expected)


# The shadow


@pytest.fixture(scope="module")
def shadowed(page: Page, api: Api, ask: Ask, order: Callable[..., Told], draft: Told) -> Told:
    """The draft ran beside the live models while complaints came of whom it would move, and of two others."""
    order("model_manager", f"/drafts/{draft['id']}/shadow", {"action": "start"})
    listed = ask("classification/v1/classes?risk_class=A&limit=200")["items"]
    moving = [each["uscc"] for each in listed if each["score"] > STRICTER_A][:2]
    staying = [each["uscc"] for each in listed if each["score"] <= STRICTER_A][:2]
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
        for uscc in moving + staying
    ]
    batch = {"Content-Type": "application/cloudevents-batch+json"}
    api("source_system").post("/api/ingestion/v1/facts", json=facts, headers=batch).raise_for_status()

    def compared() -> int:
        return sum(each["entities"] for each in shadow_told(ask, draft)["groups"])

    agree(page, lambda: compared() >= len(facts), lambda: True)
    order("model_manager", f"/drafts/{draft['id']}/shadow", {"action": "stop"})
    return draft


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


# Classes that people set


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
    made = order("area_officer", "/interventions", proposed)
    order("approver", f"/interventions/{made['id']}/refuse", {"reason": "依据不足"})
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
    page.unroute_all()
