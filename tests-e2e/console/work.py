"""What waits for whom: as the overview shows it, and as the services count it for the one who asks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matrix import SERVICES
from playwright.sync_api import Page, expect
from reading import NOTHING, counted

Row = Mapping[str, Any]
Said = list[str]
"""A queue: its name, its figure, and what is said beside it."""

_BESIDE = {
    "overdue": "逾期",
    "due": "今日到期",
    "mine": "本人",
    "unassigned": "未分派",
    "decidable": "可由本人办理",
}


def queues_shown(page: Page) -> list[Said]:
    """The queues of the page, in its order."""
    figures = page.locator(".queue-figure")
    expect(figures.first).to_be_visible()
    expect(figures.filter(has_text=NOTHING)).to_have_count(0)
    parts = ".queue-name, .queue-figure, .ant-tag"
    found: list[Said] = page.locator(".queue").evaluate_all(
        "(all, parts) => all.map(queue => [...queue.querySelectorAll(parts)].map(part => part.innerText))",
        parts,
    )
    return found


@dataclass
class Work:
    """The queues of a role, in an area or in all that it sees; `waiting` stands for what classification counts."""

    ask: Callable[..., Any]
    role: str
    area: str = ""
    waiting: Row | None = None

    def queues(self) -> list[Said]:
        """The queues of the role, the most pressing kind first."""
        return [queue() for queue in self._of_role()[self.role]]

    def _of_role(self) -> dict[str, list[Callable[[], Said]]]:
        return {
            "city_administrator": [
                self._signals,
                lambda: self._tasks("待办检查任务"),
                lambda: self._objections("decidable"),
                lambda: self._waits("待批人工调整", "adjustments_proposed", "adjustments_decidable"),
                self._quarantine,
                self._dead,
                self._clues,
                self._letters,
            ],
            "area_officer": [
                self._signals,
                lambda: self._tasks("待办检查任务"),
                self._objections,
                lambda: self._waits("待批人工调整", "adjustments_proposed"),
                self._clues,
            ],
            "inspector": [lambda: self._tasks("我的检查任务", "&mine=true"), self._signals],
            "repair_officer": [self._objections, self._letters],
            "model_manager": [
                lambda: self._of_models("待上线模型草案", "drafts_approved"),
                lambda: self._of_models("待批模型草案", "drafts_submitted", "drafts_decidable"),
                lambda: self._of_models("待批模型回退", "rollbacks_proposed", "rollbacks_decidable"),
                lambda: self._of_models("模型预警", "alarms_open"),
            ],
            "approver": [
                lambda: self._of_models("待批模型草案", "drafts_submitted", "drafts_decidable"),
                lambda: self._of_models("待批模型回退", "rollbacks_proposed", "rollbacks_decidable"),
                lambda: self._waits("待批人工调整", "adjustments_proposed", "adjustments_decidable"),
                lambda: self._objections("decidable"),
            ],
            "auditor": [
                self._dead,
                self._quarantine,
                lambda: self._of_models("模型预警", "alarms_open"),
                self._letters,
            ],
        }

    def _told(self, path: str, more: str = "") -> Any:
        return self.ask(f"{path}?{f'area={self.area}' if self.area else ''}{more}", self.role)

    def _signals(self) -> Said:
        rows = [each for each in self._told("profiling/v1/signals/counts") if each["state"] == "open"]
        return ["未处置预警", _added(rows, "signals"), *_beside(rows, "overdue", "mine", "unassigned")]

    def _tasks(self, name: str, more: str = "") -> Said:
        rows = [each for each in self._told("sampling/v1/tasks/counts", more) if each["state"] != "done"]
        return [name, _added(rows, "tasks"), *_beside(rows, "overdue")]

    def _waits(self, name: str, figure: str, decidable: str = "") -> Said:
        told = self.waiting or self._told("classification/v1/work/counts")
        return [name, counted(told[figure]), *_beside([{"decidable": told.get(decidable, 0)}], "decidable")]

    def _objections(self, *more: str) -> Said:
        told = self.waiting or self._told("classification/v1/work/counts")
        aspects = {name: told[f"objections_{name}"] for name in ("overdue", "due", *more)}
        return ["待处理异议", counted(told["objections_open"]), *_beside([aspects], *aspects)]

    def _of_models(self, name: str, figure: str, decidable: str = "") -> Said:
        return self._marked(self._waits(name, figure, decidable))

    def _quarantine(self) -> Said:
        return self._marked(
            ["隔离数据", _added(self.ask("ingestion/v1/quarantine/counts", self.role), "facts")]
        )

    def _dead(self) -> Said:
        flows = [self.ask(f"{service}/v1/flow", self.role) for service in SERVICES]
        return self._marked(["待处理死信", _added(flows, "open_dead_letters")])

    def _clues(self) -> Said:
        return self._sent("逾期未反馈线索", "clue", "overdue")

    def _letters(self) -> Said:
        return self._sent("未送达文书", "notice", "failed")

    def _sent(self, name: str, what: str, state: str) -> Said:
        rows = self._told("notification/v1/statistics")
        return [
            name,
            _added([each for each in rows if (each["what"], each["state"]) == (what, state)], "count"),
        ]

    def _marked(self, said: Said) -> Said:
        """What no area has a part of is told of the city, and says so."""
        return [*said[:2], "全市", *said[2:]] if self.area else said


def _added(rows: Sequence[Row], what: str) -> str:
    return counted(sum(row[what] for row in rows))


def _beside(rows: Sequence[Row], *aspects: str) -> list[str]:
    """What is said beside a figure; nothing of what there is none of."""
    return [
        f"{_BESIDE[aspect]} {_added(rows, aspect)}" for aspect in aspects if sum(row[aspect] for row in rows)
    ]
