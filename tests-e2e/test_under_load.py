"""Benchmark and chaos, small: that they run and that the books agree afterwards. Their figures need a quiet machine."""

import json
from collections.abc import Callable
from typing import Any

Creditloop = Callable[..., Any]


def test_the_benchmark_measures_and_audits(creditloop: Creditloop) -> None:
    """All the figures are printed, and nothing was lost to get them."""
    done = creditloop(
        "bench",
        "loop",
        "--entities",
        "2000",
        "--seconds",
        "5",
        "--latency-s",
        "4",
        "--floor-facts",
        "20000",
        "--json",
    )

    found = json.loads(done.stdout)
    expected = {"facts_per_s", "floor_per_s", "ratio", "p50_ms", "p99_ms", "lost", "seconds", "entities"}
    assert expected <= set(found)
    assert found["facts_per_s"] > 0
    assert (found["lost"], found["doubled"], found["dead_letters"]) == (0, 0, 0)


def test_every_process_may_die_under_load(creditloop: Creditloop) -> None:
    """Each service, the broker and PostgreSQL are killed once; the books agree."""
    done = creditloop("chaos", "--rounds", "1", "--entities", "500", "--rate", "400", "--json")

    found = json.loads(done.stdout)
    assert found["kills"] == 8
    assert (found["lost"], found["doubled"], found["dead_letters"]) == (0, 0, 0)
