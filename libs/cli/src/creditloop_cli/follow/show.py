"""How an entity's way is shown to people and told to machines."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.markup import escape
from rich.table import Table
from rich.tree import Tree

from creditloop_cli.follow.reading import Way
from creditloop_cli.follow.trail import Step, by_service
from creditloop_cli.output import console
from creditloop_cli.services import Json

CHENGDU = ZoneInfo("Asia/Shanghai")
COLOURS = {
    "ingestion": "cyan",
    "profiling": "green",
    "classification": "magenta",
    "sampling": "yellow",
    "repair": "blue",
    "notification": "red",
}


def document(way: Way) -> dict[str, object]:
    """The way for machines: all steps in order of time, and the class with its reasons."""
    steps = [{**step._asdict(), "at": step.at.isoformat()} for step in way.steps]
    return {"uscc": way.uscc, "steps": steps, "by_service": by_service(way.steps), "class": way.judged}


def show(way: Way) -> None:
    """The way for people."""
    out = console()
    table = Table("when 时间", "service 服务", "what 事项", "detail 说明", box=None, pad_edge=False)
    for step in way.steps:
        colour = COLOURS[step.service]
        what = escape(f"{step.kind}: {step.what}" if step.what else step.kind)
        table.add_row(_when(step.at), f"[{colour}]{step.service}[/]", what, escape(said(step.says)))
    out.print(f"[bold]{way.uscc}[/]  {_traces(way.steps)}")
    out.print(table)
    if way.judged:
        out.print(reasons(way.judged))


def said(says: Mapping[str, object]) -> str:
    """What a step says in one line: each field with its value; what is not so is left out."""
    return "  ".join(
        f"{field.replace('_', ' ')} {_value(value)}" for field, value in says.items() if value is not False
    )


def reasons(judged: Json) -> Tree:
    """The class with what gave points, what decided, and the sentence to read aloud. Internal use only."""
    named = f"[bold]class {judged['risk_class']}[/] {judged['class_zh']}"
    head = f"{named}  score {judged['score']:g}  model {judged['model']}"
    tree = Tree(f"{head}  (internal 内部使用)")
    tree.add(f"base {judged['base']:g}")
    for line in judged["indicators"]:
        if line.get("points"):
            tree.add(
                escape(
                    f"{line['points']:+g}  {line.get('zh', '')} {line.get('en', '')} = {line.get('value')}"
                )
            )
    for rule in judged["rules"]:
        tree.add(escape(f"rule: {rule.get('zh', '')} {rule.get('en', '')}"))
    tree.add(escape(judged["sentence_zh"]))
    return tree


def _value(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, float):
        return f"{value:g}"
    return "yes" if value is True else str(value)


def _when(at: datetime) -> str:
    return at.astimezone(CHENGDU).strftime("%Y-%m-%d %H:%M:%S")


def _traces(steps: list[Step]) -> str:
    traces = {step.trace_id for step in steps if step.trace_id}
    return f"{len(steps)} steps, {len(traces)} traces"
