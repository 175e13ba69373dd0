"""What a what-if found is shown whole; the measurement of the city tells nobody of it."""

import asyncio
import subprocess
import sys
from io import StringIO

import pytest
from creditloop_cli.bench.memory import Peak, held
from creditloop_cli.bench.reclassify import TOPIC
from creditloop_cli.errors import Refused
from creditloop_cli.what_ifs import show_what_if
from localstack.services import SERVICES
from rich.console import Console

MIX = {"A": 70, "B": 20, "C": 8, "D": 2}
LOTS = {"uniform": 3.0, "A": 0.7, "B": 1.0, "C": 2.4, "D": 1.2, "observed": 0.1, "key": 5.0}
RATE = {"valid": 50, "problems": 5, "rate": 0.1, "low": 0.043, "high": 0.214}
GROUP = {"now": MIX, "then": MIX, "movers": 4}
ANSWER = {
    "id": 3,
    "model": "general@2",
    "against": ["general@1"],
    "snapshot_id": 7,
    "made_at": "2026-11-26T17:00",
    "business_day": "2026-11-26",
    "entities": 100,
    "movers": 4,
    "moving_anyway": 1,
    "left": 0,
    "mix": {"now": MIX, "then": MIX},
    "by_area": {"510104": GROUP},
    "by_sector": {"food_production": GROUP},
    "load": {"now": LOTS, "then": LOTS, "ratios": {name: {"share": 0.05} for name in LOTS}},
    "discovery": {"now": {"D": RATE}, "then": {"D": RATE}},
}


def shown(answer: dict[str, object]) -> str:
    """As people read it."""
    written = StringIO()
    show_what_if(answer, Console(file=written, width=200))
    return written.getvalue()


def test_every_lot_and_their_sum_areas_sectors_and_what_was_found_are_shown() -> None:
    """Visits to those under key supervision are most of them, and are no class."""
    text = shown(ANSWER)

    for word in (*LOTS, "together", "13.4", "510104", "food_production", "10.0% (4.3%–21.4%) of 50"):
        assert word in text
    assert "2026-11-26T17:00" in text
    assert "general@1" in text


def test_a_sectors_draft_has_no_visits_to_show() -> None:
    """Plans draw by the class of the whole entity."""
    assert "visits a year" not in shown({**ANSWER, "load": None, "discovery": {}})


def test_the_measurements_events_go_to_a_topic_of_no_service() -> None:
    """Fiction on the real topic would make members of it, and hide real events whose numbers it used."""
    assert TOPIC not in {f"creditloop.{name}.v1" for name in SERVICES}


async def test_memory_is_that_of_processes_with_their_children() -> None:
    """PostgreSQL works in children of the process that was started."""
    hold = "import sys; held = bytearray(50_000_000); print('held', flush=True); sys.stdin.read()"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hold!r}])"
    with subprocess.Popen(  # noqa: ASYNC220, S603 - our own program, and what is measured
        [sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stdin
        process.stdout.readline()
        peak = Peak()
        async with peak.watched([process.pid]):
            while not peak.bytes:
                await asyncio.sleep(0)
        process.stdin.close()

    assert peak.bytes > 50_000_000
    assert held([process.pid]) == 0


async def test_memory_of_which_nothing_was_seen_is_no_measurement() -> None:
    """A peak of 0 would be published as if it were one."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:  # noqa: ASYNC220 - our own program
        process.wait()

    with pytest.raises(Refused, match="nothing was seen"):
        async with Peak().watched([process.pid]):
            pass


async def test_who_watches_memory_and_fails_is_heard() -> None:
    """Else what was seen up to then would be called the peak."""
    peak = Peak()
    peak.bytes = 1

    with pytest.raises(ValueError, match="pid"):
        async with peak.watched([-1]):
            await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task()})
