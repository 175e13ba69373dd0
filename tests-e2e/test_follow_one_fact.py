"""The steps of docs/follow-one-fact.md, run as a reader runs them, and the trace that the fact leaves."""

import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "follow-one-fact.md").read_text()
STEPS = re.findall(r"```bash\n(.*?)```", PAGE, flags=re.DOTALL)
CODE = "91510104YY000001XM"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
KCAT = """ \\
  | kcat -P -b "$CREDITLOOP_KAFKA" -t creditloop.inbound.v1 -K '|'"""
WITHIN_S = 20.0


class Reader:
    """Somebody with a shell who goes through the page."""

    def __init__(self) -> None:
        self._shell = STEPS[0].replace("creditloop env", "creditloop env --stack e2e")

    def run(self, number: int, *, replacing: tuple[str, str] = ("", "")) -> str:
        """The output of one step, with what the reader changes in it."""
        step = STEPS[number].replace(*replacing).replace("creditloop follow", "creditloop follow --stack e2e")
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", self._shell + step],
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def eventually(self, number: int, says: Callable[[str], bool]) -> str:
        """The output of one step once it says what the page promises: the loop takes a moment."""
        deadline = time.monotonic() + WITHIN_S
        while not says(found := self.run(number)):
            assert time.monotonic() < deadline, found
        return found


@pytest.fixture(scope="module")
def reader(demo: dict[str, Any]) -> Reader:
    """A reader in front of a running stack, who has posted the two facts of the page."""
    reader = Reader()
    sampled = (
        f"-H 'traceparent: 00-{TRACE}-00f067aa0ba902b7-01' -H 'Content-Type: application/cloudevents+json'"
    )
    assert '"verdict":"accepted"' in reader.run(1)
    assert '"verdict":"accepted"' in reader.run(
        2, replacing=("-H 'Content-Type: application/cloudevents+json'", sampled)
    )
    return reader


def test_the_same_fact_again_is_a_duplicate(reader: Reader) -> None:
    """Sources resend; the page promises that it counts once."""
    assert '"verdict":"duplicate"' in reader.run(1)


def test_the_indicators_change(reader: Reader) -> None:
    """One penalty of 60,000 yuan."""

    def told(output: str) -> bool:
        values = {each["code"]: each["value"] for each in json.loads(output)["indicators"]}
        return values["regulatory.penalties_12m"] == 1 and values["regulatory.penalty_amount_36m"] == 6

    reader.eventually(3, told)


def test_a_signal_is_raised_with_the_fact_as_evidence(reader: Reader) -> None:
    """Staff must see why they are warned."""
    reader.eventually(4, lambda output: "penalty_imposed" in output and "curl|follow-2" in output)


def test_the_class_comes_with_its_reasons(reader: Reader) -> None:
    """A class without a reason is an accusation."""
    found = json.loads(reader.eventually(5, lambda output: '"regulatory.penalties_12m"' in output))

    assert found["risk_class"] in {"A", "B", "C", "D"}
    assert sum(each["points"] for each in found["indicators"]) > 0


def test_a_record_is_opened_and_its_notice_goes_out_without_a_class(reader: Reader) -> None:
    """两书同达: the repair notice is served with the decision."""

    def told(output: str) -> bool:
        return '"serious"' in output and "repair_notice" in output

    output = reader.eventually(6, told)

    notices = output[output.index("repair_notice") - 400 :]
    assert not re.search(r'"(class|score|risk_class)"|风险等级|信用风险类别', notices)


def test_follow_shows_the_whole_way(reader: Reader) -> None:
    """Fact by fact, service by service."""
    found = reader.eventually(
        7, lambda output: all(service in output for service in ("repair", "notification"))
    )

    for service in ("ingestion", "profiling", "classification", "sampling", "repair", "notification"):
        assert service in found


def test_a_fact_over_kafka_arrives_too(reader: Reader, kafka: str) -> None:
    """With kcat as the page shows; without kcat on the machine, the same record with a client library."""
    if shutil.which("kcat"):
        reader.run(8)
    else:
        key, _, value = reader.run(8, replacing=(KCAT, "")).strip().partition("|")
        _produce(kafka, key.encode(), value.encode())

    def told(output: str) -> bool:
        values = {each["code"]: each["value"] for each in json.loads(output)["indicators"]}
        return values["social.complaints_12m"] == 1

    reader.eventually(3, told)


def _produce(bootstrap: str, key: bytes, value: bytes) -> None:
    import asyncio  # noqa: PLC0415 - only where kcat is missing

    from aiokafka import AIOKafkaProducer  # noqa: PLC0415

    async def produce() -> None:
        async with AIOKafkaProducer(bootstrap_servers=bootstrap) as producer:
            await producer.send_and_wait("creditloop.inbound.v1", value, key=key)

    asyncio.run(produce())


EDGES = {
    ("ingestion", "profiling"),
    ("profiling", "classification"),
    ("profiling", "notification"),
    ("ingestion", "repair"),
    ("classification", "sampling"),
    ("repair", "notification"),
}
"""Who must be seen to cause work in whom, for one penalty: the arrows of docs/architecture.md."""


def test_one_trace_crosses_every_service(reader: Reader, state: Path) -> None:
    """From the HTTP request to the last service, over five topics, one trace id."""
    deadline = time.monotonic() + WITHIN_S
    while (missing := EDGES - _edges(state)) and time.monotonic() < deadline:
        time.sleep(0.2)

    assert not missing


def _edges(state: Path) -> set[tuple[str, str]]:
    spans = {span["span_id"]: span for span in _spans(state) if span["trace_id"] == TRACE}
    pairs = ((spans.get(span["parent_id"] or ""), span) for span in spans.values())
    return {
        (parent["service"], span["service"])
        for parent, span in pairs
        if parent and parent["service"] != span["service"]
    }


def _spans(state: Path) -> Iterator[dict[str, Any]]:
    for path in (state / "spans").glob("*.jsonl"):
        for line in path.read_text().splitlines():
            yield json.loads(line)
