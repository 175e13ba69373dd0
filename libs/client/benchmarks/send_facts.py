# ruff: noqa: INP001, T201 - a script, not a package
"""Sends complaints of fictional entities to a running ingestion; prints facts/s and this process's CPU per fact.

Run, with a stack up: `eval "$(creditloop env)"; python libs/client/benchmarks/send_facts.py [--way batch|spool|ndjson]`
"""

import argparse
import json
import os
import resource
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import cycle

import httpx
from creditloop_client import Client, Fact, Limits, Options, Sender, Spool
from creditloop_client.batching import Gathering
from creditloop_client.facts import write
from vocabulary.uscc import synthesise

URL, KEY = os.environ["INGESTION_URL"], os.environ["CREDITLOOP_SOURCE_KEY"]
SOURCE = os.environ.get("CREDITLOOP_SOURCE", "curl")
CODES = [synthesise("9", "1", "510104", number) for number in range(20_000)]


def facts(count: int) -> Iterator[Fact]:
    """New ones each time, about fictional entities."""
    run = uuid.uuid4().hex[:8]
    for number, code in zip(range(count), cycle(CODES), strict=False):
        data = {"channel_kind": "complaint", "category": "food", "upheld": False, "platform": ""}
        yield Fact("creditloop.complaint.received.v1", code, datetime.now(UTC), data, f"{run}-{number}")


def by_batch(count: int, limits: Limits) -> None:
    """Through `Client.stream`."""
    with Client(URL, KEY, SOURCE, Options(limits)) as client:
        assert all(verdict.delivered for verdict in client.stream(facts(count)))  # noqa: S101


def by_spool(count: int, limits: Limits) -> None:
    """Through a `Sender` with a `Spool`."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Client(URL, KEY, SOURCE, Options(limits)) as client,
        Sender(client, Spool(folder)) as sender,
    ):
        for fact in facts(count):
            sender.put(fact)


def by_memory(count: int, limits: Limits) -> None:
    """Through a `Sender` in memory."""
    with Client(URL, KEY, SOURCE, Options(limits)) as client, Sender(client) as sender:
        for fact in facts(count):
            sender.put(fact)


def by_ndjson(count: int, limits: Limits) -> None:
    """The other media type, one request for each batch, to compare with."""
    headers = {"X-API-Key": KEY, "Content-Type": "application/x-ndjson"}
    gathering = Gathering(limits)
    with httpx.Client(base_url=URL, headers=headers, timeout=75) as http:
        for fact in facts(count):
            if full := gathering.add(write(fact, SOURCE)):
                post_lines(http, b"\n".join(line.json for line in full.lines))
        if rest := gathering.take():
            post_lines(http, b"\n".join(line.json for line in rest.lines))


def post_lines(http: httpx.Client, body: bytes) -> None:
    """Its verdicts are read, as a client must."""
    lines = http.post("/v1/facts", content=body).raise_for_status().content.splitlines()
    assert all(json.loads(line)["verdict"] == "accepted" for line in lines)  # noqa: S101


WAYS: dict[str, Callable[[int, Limits], None]] = {
    "batch": by_batch,
    "spool": by_spool,
    "memory": by_memory,
    "ndjson": by_ndjson,
}


def main() -> None:
    """Measure once."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--facts", type=int, default=50_000)
    parser.add_argument("--batch", type=int, default=1000)
    parser.add_argument("--way", choices=sorted(WAYS), default="batch")
    arguments = parser.parse_args()
    limits = Limits(arguments.batch, 16_000_000)
    WAYS[arguments.way](2 * arguments.batch, limits)
    began_s, cpu_s = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    WAYS[arguments.way](arguments.facts, limits)
    took_s, used = time.perf_counter() - began_s, resource.getrusage(resource.RUSAGE_SELF)
    cpu_us = (used.ru_utime + used.ru_stime - cpu_s.ru_utime - cpu_s.ru_stime) / arguments.facts * 1e6
    told = {"facts_per_s": round(arguments.facts / took_s), "cpu_us_per_fact": round(cpu_us, 1)}
    print(json.dumps({"way": arguments.way, "batch": arguments.batch, **told}))


main()
