"""The pages of 分类模型 tell what the models say: versions, definitions, indicators."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from agreeing import agree
from playwright.sync_api import Locator, Page, expect
from reading import NOTHING, counted, described, moment, on_lines, one_line, rows, written
from told_by_models import (
    GROUNDS,
    KINDS,
    bands_told,
    in_force,
    item_told,
    ordered,
    rule_told,
    version_told,
)

Api = Callable[[str], httpx.Client]
Ask = Callable[..., Any]
Told = dict[str, Any]


@pytest.fixture(scope="module")
def page(page_of: Callable[[str], Page]) -> Page:
    """The page of an auditor, who reads all of it."""
    return page_of("auditor")


@pytest.fixture(scope="module")
def catalogue(ask: Ask) -> dict[str, Told]:
    """The indicators by code."""
    return {each["code"]: each for each in ask("profiling/v1/catalogue")["indicators"]}


# Versions


@pytest.mark.page("/models")
def test_the_versions_stand_with_their_days_cuts_and_counts(
    page: Page, ask: Ask, model_names: dict[str, str]
) -> None:
    """Of each model one judges; it is worked out here from what went live."""
    today = ask("profiling/v1/business-day")["day"]
    models = ask("classification/v1/models")["items"]
    judging = in_force(models, today)

    page.goto("/models")

    agree(
        page,
        lambda: rows(page.locator("#content .ant-table").first),
        lambda: [version_told(each, judging, today, model_names) for each in ordered(models)],
    )
    page.goto("/models?show=in_force")
    agree(
        page,
        lambda: [row[0] for row in rows(page.locator("#content .ant-table").first)],
        lambda: [model_names[each["id"]] for each in ordered(models) if each["id"] in judging.values()],
    )


@pytest.fixture
def refused(api: Api, ask: Ask) -> Told:
    """A proposal to go back to an older version, which is refused at once, so that nothing changes."""
    day = date.fromisoformat(ask("profiling/v1/business-day")["day"]) + timedelta(days=1)
    body = {"to_version": 1, "day": day.isoformat(), "reason": "演示：核对回退提议"}
    manager, approver, path = api("model_manager"), api("approver"), "/api/classification/v1"
    made = manager.post(f"{path}/models/food_production/rollback", json=body).raise_for_status().json()
    refusal = {"reason": "现行版本无误"}
    approver.post(f"{path}/rollbacks/{made['number']}/refuse", json=refusal).raise_for_status()
    return dict(made)


@pytest.mark.page("/models")
def test_proposals_to_go_back_are_told_with_who_decided(
    page: Page, ask: Ask, refused: Told, model_names: dict[str, str]
) -> None:
    """The newest on top."""
    states = {"proposed": "待批准", "refused": "不予回退", "approved": "草案审批上线"}

    def told(each: Told) -> list[str]:
        return [
            model_names[each["to_model"]],
            each["from_day"],
            each["reason"],
            states[each["state"]],
            each["proposed_by"],
            moment(each["proposed_at"]),
            each["decided_by"] or NOTHING,
            each["refuse_reason"] or NOTHING,
        ]

    page.goto("/models")

    listed = ask("classification/v1/models/food_production/rollbacks")["items"]
    table = page.get_by_role("region", name="回退提议").first
    agree(
        page,
        lambda: rows(table)[: len(listed)],
        lambda: [told(each) for each in sorted(listed, key=lambda each: each["proposed_at"], reverse=True)],
    )
    assert refused["number"] in {each["number"] for each in listed}


# One version


@pytest.mark.page("/models/:id")
@pytest.mark.parametrize("model", ["general@2", "individual@1", "food_production@3"])
def test_a_version_tells_its_scale_and_what_each_indicator_gives(
    page: Page, ask: Ask, catalogue: dict[str, Told], model: str
) -> None:
    """Bounds, weights and points as the definition has them."""
    told = ask(f"classification/v1/models/{model}")
    definition, scale = told["definition"], told["definition"]["scale"]
    dimensions = [each["code"] for each in definition.get("dimensions", [])]
    items = sorted(definition["items"], key=lambda each: [*dimensions, None].index(each.get("dimension")))

    page.goto(f"/models/{model}")

    scores, points = (page.get_by_role("region", name=name).first for name in ("分数与类别", "指标与计分"))
    expect(scores).to_contain_text(
        f"分数 {written(scale['lowest'])} 至 {written(scale['highest'])}，分数越高风险越大。"
        f" 基础分 {written(definition['base'])}，"
    )
    assert on_lines(rows(scores)) == bands_told(definition)
    agree(page, lambda: on_lines(rows(points)), lambda: [item_told(each, catalogue) for each in items])
    for each in definition.get("dimensions", []):
        full = f"本部分满分 {written(each['full'])} 分" if "full" in each else "本部分不设满分"
        expect(points.get_by_role("heading", level=3).filter(has_text=each["zh"]).first).to_contain_text(full)
    facts = dict(described(page.get_by_role("region", name="基本情况")))
    assert facts["文本有效期"] == f"{told['valid_from']} – {told['valid_to'] or '长期'}"
    assert facts["文本指纹（SHA-256）"] == told["sha256"]


@pytest.mark.page("/models/:id")
@pytest.mark.parametrize("model", ["general@2", "food_production@3"])
def test_the_rules_of_a_version_are_told_with_their_thresholds(
    page: Page, ask: Ask, catalogue: dict[str, Told], model: str
) -> None:
    """Overrides and modifiers, one by one."""
    definition = ask(f"classification/v1/models/{model}")["definition"]
    page.goto(f"/models/{model}")

    for name, title in (("overrides", "直接判定规则"), ("modifiers", "调整规则")):
        if rules := definition.get(name, []):
            place = page.get_by_role("region", name=title).first
            _rules_agree(page, place, [rule_told(each, catalogue) for each in rules])


def _rules_agree(page: Page, place: Locator, told: list[list[str]]) -> None:
    def shown() -> list[list[str]]:
        return [
            [one_line(rule), conditions, re.split("[；：\n]", effect)[0], one_line(ground)]
            for rule, conditions, effect, ground in rows(place)
        ]

    agree(page, shown, lambda: told)


# The catalogue

WORDS = {
    "dimension": {
        "base": "基础属性",
        "dynamic": "经营动态",
        "regulatory": "监管信息",
        "relation": "关联关系",
        "social": "社会评价",
        "sector": "行业指标",
    },
    "nature": {"static": "静态", "dynamic": "动态"},
    "unit": {
        "count": "次（个）",
        "yes_no": "是 / 否",
        "share": "占比",
        "wan_yuan": "万元",
        "year": "年",
        "ratio": "比值",
    },
    "effect": {"more": "越多风险越大", "less": "越多风险越小", "neutral": "不分好坏"},
    "missing": {"none": "没有记录视为 0", "unknown": "没有数据视为未知"},
}


def uses(ask: Ask) -> dict[str, set[str]]:
    """By indicator, the versions in force that score it or ask for it in a rule."""
    models = ask("classification/v1/models")["items"]
    sectors = {each["code"]: each["zh"] for each in ask("vocabulary")["sectors"]}
    found: dict[str, set[str]] = {}
    for model in in_force(models, ask("profiling/v1/business-day")["day"]).values():
        told = ask(f"classification/v1/models/{model}")
        definition = told["definition"]
        name = sectors[told["sector"]] if told["kind"] == "sector" else KINDS[told["kind"]]
        rules = [*definition.get("overrides", []), *definition.get("modifiers", [])]
        asked = [each for rule in rules for each in rule["when"].get("all", [rule["when"]])]
        for each in [*definition["items"], *asked]:
            found.setdefault(each.get("indicator"), set()).add(f"{name} v{definition['version']}")
    return found


@pytest.mark.page("/models/indicators")
def test_the_catalogue_has_every_indicator_with_the_models_that_use_it(
    page: Page, ask: Ask, catalogue: dict[str, Told]
) -> None:
    """Page after page, in the order of the catalogue."""
    used, count = uses(ask), counted(len(catalogue))
    version = ask("profiling/v1/catalogue")["version"]

    page.goto("/models/indicators")

    expect(page.get_by_text(f"指标目录第 {version} 版，共 {count} 项")).to_be_visible()
    expect(page.get_by_text(f"显示 {count} / {count} 项")).to_be_visible()
    shown: list[list[str]] = []
    table = page.get_by_role("region", name="指标体系").first
    for number in range(1, -(-len(catalogue) // 50) + 1):
        table.get_by_role("listitem", name=str(number), exact=True).click()
        shown += on_lines(rows(table))
    assert [row[:8] for row in shown] == [
        [
            f"{each['zh']} {each['code']}",
            WORDS["dimension"][each["dimension"]],
            each["group_zh"],
            *(WORDS[name][each[name]] for name in ("nature", "unit", "effect", "missing")),
            one_line(f"{each['ground']} {GROUNDS[each['confidence']]}"),
        ]
        for each in catalogue.values()
    ]
    assert [row[8] for row in shown if row[8] == "未采用"] == ["未采用"] * len(catalogue.keys() - used.keys())
    for row, code in zip(shown, catalogue, strict=True):
        assert all(name in row[8] for name in used.get(code, set()))
