"""Posting facts and counting what became of them."""

import asyncio
import json
from pathlib import Path

import httpx
import pytest
from creditloop_cli.errors import Refused
from creditloop_cli.loading.batch import Batch
from creditloop_cli.loading.post import _fill, verdicts_of
from creditloop_cli.loading.tally import Tally
from creditloop_cli.sources import LOCAL_SOURCES, bootstrap_file, source_key
from httpapi import api_key


def test_every_line_of_an_answer_is_one_verdict() -> None:
    """Read = accepted + duplicate + quarantined can only hold if each fact is answered."""
    answer = (
        b'{"id":"a","verdict":"accepted"}\n{"id":"b","verdict":"quarantined","reason":"subject_missing"}\n'
    )
    tally = Tally()

    for verdict in verdicts_of(httpx.Response(200, content=answer)):
        tally.add(verdict.verdict, verdict.why)

    assert tally.answered == 2
    assert tally.reasons == {"subject_missing": 1}


def test_an_answer_broken_off_is_refused() -> None:
    """Facts after the break were not read: they must not be taken for posted."""
    answer = b'{"id":"a","verdict":"accepted"}\n{"problem":{"title":"Overloaded","detail":"Try again."}}\n'

    with pytest.raises(Refused, match=r"broke off: Try again\."):
        verdicts_of(httpx.Response(200, content=answer))


def test_a_refused_request_says_why() -> None:
    """The problem's own words, on one line."""
    answer = httpx.Response(401, json={"title": "Unauthenticated", "detail": "The API key is not valid."})

    with pytest.raises(Refused, match="401 The API key is not valid"):
        verdicts_of(answer)


def test_a_rejection_names_the_field() -> None:
    """A sender must be able to mend it."""
    line = b'{"id":"a","verdict":"rejected","problems":[{"field":"data.kinds","problem":"is missing","expected":"x"}]}'

    (verdict,) = verdicts_of(httpx.Response(200, content=line))

    assert verdict.why == "data.kinds is missing"


def test_keys_are_kept_secret_and_only_hashes_are_handed_on(tmp_path: Path) -> None:
    """Ingestion must never see a plain key at its start."""
    bootstrap = bootstrap_file(tmp_path)

    entries = {entry["name"]: entry for entry in json.loads(bootstrap.read_text())}
    plain = source_key(tmp_path, "registry")
    secret = plain.split("_", 2)[2]
    assert set(entries) == set(LOCAL_SOURCES)
    assert entries["registry"]["key_id"] == api_key.key_id_of(plain)
    assert entries["registry"]["key_hash"] == api_key.hash_of(secret).hex()
    assert secret not in bootstrap.read_text()
    assert (tmp_path / "identity" / "source-keys.json").stat().st_mode & 0o077 == 0


def test_a_second_start_keeps_the_keys(tmp_path: Path) -> None:
    """Whoever wrote a key down may go on using it."""
    bootstrap_file(tmp_path)
    first = source_key(tmp_path, "curl")

    bootstrap_file(tmp_path)

    assert source_key(tmp_path, "curl") == first


async def test_what_was_read_is_counted_before_it_is_answered() -> None:
    """Read = accepted + duplicate + quarantined is a promise only if read is not the sum of the others."""
    tally = Tally()
    queue: asyncio.Queue[Batch | None] = asyncio.Queue()

    await _fill([queue], [(0, Batch("registry", [b"{}", b"{}"])), (0, Batch("registry", [b"{}"]))], tally)

    assert (tally.read, tally.answered) == (3, 0)
