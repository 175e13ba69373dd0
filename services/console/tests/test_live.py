"""What is told while it happens."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from console_world import World

USCC = "91510104YY0000079X"
FLOW = {
    "at": "2026-11-27T00:00:00Z",
    "open_dead_letters": 1,
    "lanes": [
        {
            "name": "a",
            "topic": "creditloop.profiling.v1",
            "partition": 0,
            "read": 10,
            "end_offset": 15,
            "lag": 5,
            "published": 7,
            "pending_batches": 2,
            "oldest_pending_at": "2020-01-01T00:00:00Z",
        }
    ],
}


async def test_who_watches_is_told_how_the_stages_turn(world: World) -> None:
    world.asked.flow = FLOW
    world.asked.metrics = "# TYPE ingestion_sources_silent gauge\ningestion_sources_silent 2.0\n"
    async with world.as_("bob") as browser, browser.stream("GET", "/api/live/stages") as answer:
        told = await asyncio.wait_for(_event(answer), 10)

    by_stage = {stage["stage"]: stage for stage in told["stages"]}
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert (by_stage["profile"]["up"], by_stage["profile"]["backlog"]) == (True, 5)
    assert {alarm["code"] for alarm in by_stage["collect"]["alarms"]} == {
        "dead_letters",
        "unpublished",
        "sources_silent",
    }


async def test_all_who_watch_share_one_reading(world: World) -> None:
    async with (
        world.as_("bob") as bob,
        world.as_("ann") as ann,
        bob.stream("GET", "/api/live/stages") as one,
        ann.stream("GET", "/api/live/stages") as other,
    ):
        await asyncio.wait_for(asyncio.gather(_event(one), _event(other)), 10)

    assert world.asked.flow_read <= 12


async def test_nobody_watches_nothing_is_read(world: World) -> None:
    async with world.as_("bob") as browser:
        await browser.get("/api/session")

    assert world.asked.flow_read == 0


@pytest.mark.parametrize("username", ["shop", "mall", "source"])
async def test_outsiders_watch_and_export_nothing(world: World, username: str) -> None:
    async with world.as_(username) as browser:
        paths = ("/api/live/stages", "/api/live/audit", f"/api/entities/{USCC}/report.xlsx")
        answers = [await browser.get(path) for path in paths]

    assert [answer.status_code for answer in answers] == [403, 403, 403]


async def _event(answer: httpx.Response) -> Any:
    async for line in answer.aiter_lines():
        if line.startswith("data: "):
            return json.loads(line.removeprefix("data: "))
    return None
