"""A source is killed at every point; its spool loses nothing, and the service counts each fact once."""

import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from builders import QUICK, fact, ids
from creditloop_client import Client, Sender, Spool
from fake_ingestion import KEY, FakeIngestion
from spool_victim import POINTS

COUNT = 200


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_source_loses_nothing(service: FakeIngestion, tmp_path: Path, point: str) -> None:
    """Every `put` that returned is delivered by the next process; only what was not answered is sent again."""
    victim = [
        sys.executable,
        str(Path(__file__).with_name("spool_victim.py")),
        point,
        service.url,
        str(tmp_path),
    ]
    died = subprocess.run([*victim, str(COUNT)], capture_output=True, text=True, check=False)  # noqa: S603
    assert died.returncode == -signal.SIGKILL, died.stderr
    put = len(died.stdout.split())
    with service.lock:
        answered_before = set(service.ledger)
        service.requests.clear()

    with Client(service.url, KEY, "tax", QUICK) as client, Sender(client, Spool(tmp_path)) as sender:
        sender.flush()
        assert set(ids(put)) <= set(service.ledger) <= set(ids(put + 1))
        for number in range(put, COUNT):
            sender.put(fact(number))

    assert sorted(service.ledger) == sorted(ids(COUNT))
    sent = Counter(id_ for request in service.requests for id_ in request)
    again = {id_ for id_ in sent if id_ in answered_before}
    assert len(again) <= QUICK.limits.facts + 1
