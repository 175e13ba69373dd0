"""The demo's draw and its results, by the API of sampling (双随机抽查)."""

import asyncio
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import honestdraw
from vocabulary.areas import areas
from vocabulary.calendar import business_date
from vocabulary.result_codes import ResultCode

from creditloop_cli.demo.story import Drawn
from creditloop_cli.errors import Refused
from creditloop_cli.services import Json, Services

PUBLIC_SEED = "000000"
_SEED_SOURCE = (
    "Six zeros, fixed for the demo, where a real draw takes a public event nobody controls 演示用固定数字"
)
_SEED_FORMAT = "digits 6"
_SEED_KNOWN_AFTER = timedelta(seconds=5)
_ITEMS = ("publicity", "registration")
_INSPECTORS_PER_AREA = 6
_DAY_ENDS_AT = time(23, 59, 59, tzinfo=ZoneInfo("Asia/Shanghai"))
_PROBLEMS = (ResultCode.CORRECTED, ResultCode.PENDING, ResultCode.NOT_PUBLICISED)
_PROBLEM_WEIGHTS = (0.6, 0.3, 0.1)
_NO_ACTIVITY_SHARE = 0.03


class Made(NamedTuple):
    """A revealed draw: its visits, and its file as saved."""

    draw_id: str
    population: int
    day: date
    tasks: Sequence[Json]
    file: Path
    findings: int

    def told(self, results: Mapping[str, int], discovery: list[dict[str, object]]) -> Drawn:
        """The draw as the story tells it."""
        strata = Counter(task["stratum"] for task in self.tasks)
        return Drawn(
            draw_id=self.draw_id,
            population=self.population,
            strata=dict(sorted(strata.items())),
            drawn=len(self.tasks),
            file=str(self.file),
            findings=self.findings,
            results=dict(results),
            discovery=discovery,
            usccs=[task["uscc"] for task in visited(self.tasks)],
        )


async def make(services: Services, state: Path) -> Made:
    """Committed, then revealed with the demo's fixed seed, saved, and verified against the published commitment.

    The draw is of the real day whatever the day of the demo: sampling draws for no other.
    """
    today = business_date(datetime.now(UTC))
    await services.put("sampling", "/v1/inspectors", {"inspectors": _inspectors(today)})
    order = {"plan_id": await _plan(services, today.year), "items": _ITEMS, "day": today.isoformat()}
    known_from = datetime.now(UTC) + _SEED_KNOWN_AFTER
    committed = await services.post("sampling", "/v1/draws", {**order, "seed_rule": _seed_rule(known_from)})
    draw_id = committed["draw_id"]
    published = await services.get("sampling", f"/v1/draws/{draw_id}/commitment")
    await asyncio.sleep((known_from - datetime.now(UTC)).total_seconds())
    revealed = await services.post("sampling", f"/v1/draws/{draw_id}/reveal", {"public_seed": PUBLIC_SEED})
    file = state / "draws" / f"{draw_id}.json"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(await services.download("sampling", revealed["file"]))
    tasks = [task async for task in services.pages("sampling", "/v1/tasks", draw_id=draw_id)]
    findings = len(honestdraw.verify(file.read_bytes(), published["commitment_sha256"]))
    return Made(draw_id, committed["population"], today, tasks, file, findings)


async def inspect(
    services: Services, made: Made, problem_share: Mapping[str, float], seed: int
) -> dict[str, int]:
    """Visits have fictional results, by the entity's hidden risk; how many got which verdict."""
    at = min(datetime.now(UTC), datetime.combine(made.day, _DAY_ENDS_AT)).isoformat()
    results = [
        {
            "task_id": task["task_id"],
            "result_codes": [_result(problem_share[task["uscc"]], random.Random(f"{seed}-{task['uscc']}"))],
            "occurred_at": at,
            "remark": "虚构结果 fictional",
        }
        for task in visited(made.tasks)
    ]
    told = await services.post("sampling", "/v1/results", {"results": results})
    counts: dict[str, int] = told["counts"]
    return counts


def visited(tasks: Sequence[Json]) -> list[Json]:
    """Assigned visits without the last of each area that has several: it is left for an inspector who logs in."""
    assigned = [task for task in tasks if task["state"] == "assigned"]
    of_area = Counter(task["area_code"] for task in assigned)
    last = {task["area_code"]: task["task_id"] for task in assigned}
    return [
        task
        for task in assigned
        if of_area[task["area_code"]] == 1 or task["task_id"] != last[task["area_code"]]
    ]


def _seed_rule(known_from: datetime) -> dict[str, str]:
    return {"source": _SEED_SOURCE, "known_from": known_from.isoformat(), "format": _SEED_FORMAT}


def _result(likely: float, rng: random.Random) -> str:
    if rng.random() < _NO_ACTIVITY_SHARE:
        return ResultCode.NO_SUCH_ACTIVITY
    if rng.random() < likely:
        return rng.choices(_PROBLEMS, _PROBLEM_WEIGHTS)[0]
    return ResultCode.NO_PROBLEM


def _inspectors(today: date) -> list[dict[str, object]]:
    """Fictional inspectors for every area."""
    until = (today + timedelta(days=730)).isoformat()
    return [
        {
            "ref": f"demo-{code}-{number}",
            "name": f"虚构检查员{code}{number}",
            "area_code": code,
            "licence_valid_until": until,
            "specialties": ["food", "special_equipment"],
        }
        for code in areas()
        for number in range(1, _INSPECTORS_PER_AREA + 1)
    ]


async def _plan(services: Services, year: int) -> str:
    """The plan of the year; of a year without one, the latest.

    Raises:
        Refused: Sampling has no plan at all.
    """
    plans = await services.get("sampling", "/v1/plans")
    found = {plan["year"]: plan["id"] for plan in plans}
    if not found:
        raise Refused("sampling has no plan to draw from")
    return str(found.get(year) or found[max(found)])
