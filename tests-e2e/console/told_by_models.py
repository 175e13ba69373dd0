"""What models say, as the pages of 分类模型 write it."""

from typing import Any

from reading import NOTHING, counted, one_line, written

Told = dict[str, Any]


KINDS = {"general": "通用", "individual": "个体工商户", "sector": "行业"}
GROUNDS = {
    "article": "改革文章",
    "code": "法典、标准",
    "regulation": "法规规章",
    "page": "公开文件",
    "memory-high": "经验（把握较大）",
    "memory-medium": "经验（把握一般）",
    "memory-low": "经验（把握较小）",
    "project-chosen": "本项目选定",
}
HOW = {"shipped": "随系统提供", "approved": "草案审批上线", "rolled_back": "回退"}
UNITS = {"year": "年", "wan_yuan": "万元"}


def code_of(model: Told) -> str:
    """The code that the versions of a model share."""
    return str(model["id"]).partition("@")[0]


def in_force(models: list[Told], today: str) -> dict[str, str]:
    """Of each code the version that went live last of those whose day has come."""
    lives = [
        (live["from_day"], live["at"], code_of(model), model["id"])
        for model in models
        for live in model["went_live"]
        if live["from_day"] <= today
    ]
    return {code: model for _, _, code, model in sorted(lives)}


def version_told(model: Told, judging: dict[str, str], today: str, model_names: dict[str, str]) -> list[str]:
    """A version as the list shows it."""
    live = model["went_live"][-1] if model["went_live"] else {}
    coming = "待生效" if live.get("from_day", "") > today else "已停用"
    standing = "现行" if model["id"] in judging.values() else coming if live else "未上线"
    by = [model["drafted_by"] or model["author"], live.get("approved_by")]
    return [
        model_names[model["id"]],
        KINDS[model["kind"]],
        standing,
        live.get("from_day", NOTHING),
        HOW[live["how"]] if live else NOTHING,
        " / ".join(written(each) for each in model["cuts"]) or NOTHING,
        counted(model["indicators"]),
        " / ".join(filter(None, by)),
    ]


def ordered(models: list[Told]) -> list[Told]:
    """General before sectors, the versions of one code together, the newest on top."""
    kinds = list(KINDS)
    return sorted(
        models,
        key=lambda each: (kinds.index(each["kind"]), code_of(each), -int(each["id"].partition("@")[2])),
    )


def value(number: float, unit: str) -> str:
    """A value of an indicator in its unit."""
    if unit == "share":
        return f"{written(number * 100)}%".replace(",", "")
    return f"{number:g}{UNITS.get(unit, '')}"


def step_told(start: float | None, below: float | None, unit: str) -> str:
    """The values of a step."""
    if unit == "yes_no":
        return "否" if start is None else "是"
    if unit == "count" and below is not None:
        first, last = start or 0, below - 1
        return value(first, unit) if first == last else f"{value(first, unit)}–{value(last, unit)}"
    if start is None:
        return "任何值" if below is None else f"不足{value(below, unit)}"
    return (
        f"{value(start, unit)}及以上" if below is None else f"{value(start, unit)}至不足{value(below, unit)}"
    )


def steps_of(item: Told, unit: str) -> list[tuple[str, float]]:
    """What an item gives for which values."""
    weight, bins = item.get("weight", 1), item.get("bins", {})
    if item.get("curve"):
        return [(value(at, unit), points * weight) for at, points in item["curve"]]
    if isinstance(bins, list):
        return [
            (step_told(each.get("from"), each.get("below"), unit), each["points"] * weight) for each in bins
        ]
    edges = [None, *bins["edges"], None]
    return [
        (step_told(edges[at], edges[at + 1], unit), points * weight)
        for at, points in enumerate(bins["points"])
    ]


def missing_told(item: Told, most: float) -> str:
    """What an item gives where its value is not known."""
    policy, points = item["missing"]["policy"], item["missing"].get("points", 0)
    return {
        "mean": f"按平均水平计 {written(points * item.get('weight', 1))} 分",
        "worst": f"按最差计 {written(most)} 分",
        "neutral": "不加分也不减分",
        "not_applicable": "不适用，不计分",
    }[policy]


def item_told(item: Told, catalogue: dict[str, Told]) -> list[str]:
    """An indicator of a model with its values and points."""
    known = catalogue[item["indicator"]]
    steps = steps_of(item, known["unit"])
    points = [each for _, each in steps]
    said = [f"{at} {written(each)}分" for at, each in steps]
    said += ["其间按直线折算"] if item.get("curve") else []
    said += [f"权重 {written(item['weight'])}"] if "weight" in item else []
    return [
        f"{known['zh']} {item['indicator']}",
        " ".join(said),
        "",
        f"{written(min(points))} ~ {written(max(points))}",
        missing_told(item, max(points)),
    ]


def bands_told(definition: Told) -> list[list[str]]:
    """The scores of each class, with its name and what it gives to sectors."""
    scale, levels, coupling = (definition.get(name, {}) for name in ("scale", "levels", "coupling"))
    ends = [scale["lowest"], *(scale["cuts"][each] for each in "ABC"), scale["highest"]]
    return [
        [
            letter,
            *([levels[letter]["zh"]] if levels else []),
            f"{'> ' if at else ''}{written(ends[at])} – {written(ends[at + 1])}",
            *([written(coupling[letter])] if coupling else []),
        ]
        for at, letter in enumerate("ABCD")
    ]


def conditions_told(rule: Told, catalogue: dict[str, Told]) -> list[str]:
    """What a rule asks for."""

    def told(each: Told) -> str:
        if "age_days_below" in each:
            return f"成立不满{each['age_days_below']}天"
        known = catalogue[each["indicator"]]
        if known["unit"] == "yes_no":
            return f"非{known['zh']}" if "at_most" in each else str(known["zh"])
        said, bound = ("不超过", each["at_most"]) if "at_most" in each else ("达到", each["at_least"])
        return f"{known['zh']}{said}{value(bound, known['unit'])}"

    return [told(each) for each in rule["when"].get("all", [rule["when"]])]


def effect_told(rule: Told) -> str:
    """To which class a rule leads, or by how many it shifts."""
    floor, shift = rule.get("floor"), rule.get("shift")
    if floor:
        return "直接判定为D类" if floor == "D" else f"不优于{floor}类"
    return f"{'下调' if shift > 0 else '上调'}{abs(shift)}档" if shift else "不计分"


def rule_told(rule: Told, catalogue: dict[str, Told]) -> list[str]:
    """A rule with what it asks for, what it does, and its ground."""
    return [
        f"{rule['zh']} {rule['code']}",
        "\n".join(conditions_told(rule, catalogue)),
        effect_told(rule),
        one_line(f"{rule['citation']} {GROUNDS[rule['confidence']]}"),
    ]
