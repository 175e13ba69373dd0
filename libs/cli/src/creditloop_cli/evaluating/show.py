"""Shows people what came of an evaluation."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

ORDERS = (
    ("with_inspector", "scorecard, inspector known"),
    ("likely_inspector", "scorecard, inspector guessed from who came to the area"),
    ("without_inspector", "scorecard, establishment alone"),
    ("plain_logistic", "baseline: plain logistic, inspector known"),
    ("plain_logistic_without_inspector", "baseline: plain logistic, no inspector"),
    ("past_critical_violations", "baseline: past critical violations"),
)


def show(document: Mapping[str, Any], out: Console) -> None:
    """A table of the orders, and beneath it what they were taken from."""
    test = document["test"]
    table = Table(title=f"{test['n']} visits from {test['first_day']} to {test['last_day']}")
    table.add_column("order of visits")
    for name in (
        "AUC",
        "95 %",
        "within inspector",
        "first half: visits",
        "violations",
        "frozen: AUC",
        "first half",
    ):
        table.add_column(name, justify="right")
    for name, words in ORDERS:
        table.add_row(words, *_cells(document[name]))
    visited = (
        document["as_visited_first_half_share"],
        document["as_visited_first_half_violations_share"],
    )
    table.add_row("as the city visited", "", "", "", *(_share(value) for value in visited), "", "")
    out.print(table)
    _notes(document, out)


def _notes(document: Mapping[str, Any], out: Console) -> None:
    train = document["train"]
    out.print(f"learned from {train['n']} visits until {train['until']}, of {document['trained_on']}")
    if left_out := document["without_outcome"]:
        out.print(f"{left_out} inspections do not say what they found, and are left out")
    out.print(f"{document['main_measure']}; a row's 95 % draws whole days anew")
    out.print(f"frozen: nothing heard after {train['until']}; else {document['beware']}")


def _cells(order: Mapping[str, Any]) -> list[str]:
    return [
        _figure(order["auc"]),
        f"{_figure(order['auc_low'])} – {_figure(order['auc_high'])}",
        _figure(order["within_inspector_auc"]),
        _share(order["first_half_share"]),
        _share(order["first_half_violations_share"]),
        *_frozen(order.get("history_frozen_at_train_until")),
    ]


def _frozen(order: Mapping[str, Any] | None) -> list[str]:
    return [_figure(order["auc"]), _share(order["first_half_share"])] if order else ["", ""]


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"
