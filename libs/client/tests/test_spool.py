"""What is on disk after a crash, point by point."""

import json
import os
import tempfile
from itertools import count, islice
from pathlib import Path
from typing import Any

import pytest
from builders import fact, ids
from creditloop_client import Limits, Outcome, Problem, Spool, SpoolDamaged, SpoolError, SpoolInUse, Verdict
from creditloop_client.facts import write
from creditloop_client.segments import record_of
from hypothesis import given, settings
from hypothesis import strategies as st
from test_queues import MANY, accepted, filled, lines

SHORT = 300
"""A segment of two records."""


def segments(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.facts"))


def reopened(folder: Path) -> Spool:
    return Spool(folder, segment_bytes=SHORT)


def left_by_a_crash(folder: Path, count: int, settled: int = 0) -> None:
    """The folder as a process leaves it that is gone: nothing was closed but its files."""
    spool = reopened(folder)
    filled(spool, count)
    if settled:
        batch = spool.first(Limits(settled, 1_000_000))
        spool.settle(batch, accepted(batch))
    os.close(spool._lock)


def test_what_was_put_waits_for_the_next_process(tmp_path: Path) -> None:
    """`put` had returned: the source may have forgotten the facts."""
    left_by_a_crash(tmp_path, 5)

    spool = reopened(tmp_path)

    assert (spool.facts, spool.ids()) == (5, ids(5))


@pytest.mark.parametrize("settled", range(1, 6))
def test_exactly_what_was_not_answered_waits(tmp_path: Path, settled: int) -> None:
    """Wherever in a segment the answers ended."""
    left_by_a_crash(tmp_path, 5, settled)

    assert reopened(tmp_path).ids() == ids(5)[settled:]


STEPS = st.one_of(
    st.tuples(st.just("put"), st.integers(1, 7)),
    st.tuples(st.just("settle"), st.integers(1, 5)),
    st.tuples(st.just("crash"), st.binary(max_size=20)),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(STEPS, max_size=25), st.integers(1, 900))
def test_whatever_happens_what_was_put_and_not_settled_waits_in_order(
    steps: list[tuple[str, Any]], segment_bytes: int
) -> None:
    """Any order of putting, settling and crashes that leave any torn end, with segments of any length."""
    with tempfile.TemporaryDirectory() as folder:
        spool, waiting, numbers = Spool(folder, segment_bytes=segment_bytes), list[str](), count()
        for step, value in steps:
            if step == "put":
                for number in islice(numbers, value):
                    spool.append(write(fact(number), "tax"))
                    waiting.append(f"f-{number}")
            elif step == "settle":
                batch = spool.first(Limits(value, 1_000_000))
                assert batch.ids == waiting[:value]
                spool.settle(batch, accepted(batch))
                del waiting[:value]
            else:
                spool = crashed(spool, Path(folder), value, segment_bytes)
            assert (spool.facts, spool.ids()) == (len(waiting), waiting)
        spool.close()


def crashed(spool: Spool, folder: Path, torn: bytes, segment_bytes: int) -> Spool:
    """The spool as the next process opens it; the last one died while it wrote."""
    os.close(spool._lock)
    if found := segments(folder):
        with found[-1].open("ab") as file:
            file.write(torn)
    return Spool(folder, segment_bytes=segment_bytes)


@pytest.mark.parametrize("kept", range(len(record_of(lines(5)[4].json))))
def test_a_torn_end_is_cut_off(tmp_path: Path, kept: int) -> None:
    """The crash came while the last fact was written, after any of its bytes: its `put` never returned."""
    left_by_a_crash(tmp_path, 5)
    last = segments(tmp_path)[-1]
    assert last.stat().st_size == len(record_of(lines(5)[4].json))
    os.truncate(last, kept)

    assert reopened(tmp_path).ids() == ids(4)


def test_zeros_at_the_end_are_cut_off(tmp_path: Path) -> None:
    """What a file system may leave of a record after a loss of power."""
    left_by_a_crash(tmp_path, 4)
    with segments(tmp_path)[-1].open("ab") as file:
        file.write(bytes(100))

    assert reopened(tmp_path).ids() == ids(4)


def test_facts_after_a_torn_end_are_not_lost(tmp_path: Path) -> None:
    """A new process begins a new segment; the next one reads both."""
    left_by_a_crash(tmp_path, 1)
    with segments(tmp_path)[-1].open("ab") as file:
        file.write(b"0000")
    spool = reopened(tmp_path)
    spool.append(write(fact(1), "tax"))
    spool.close()

    assert reopened(tmp_path).ids() == ids(2)


def test_damage_before_whole_facts_is_told_and_nothing_is_dropped(tmp_path: Path) -> None:
    """Bits that changed on disk were promised to be safe: a person must look."""
    left_by_a_crash(tmp_path, 5)
    first = segments(tmp_path)[0]
    content = bytearray(first.read_bytes())
    content[20] ^= 1
    first.write_bytes(content)

    with pytest.raises(SpoolDamaged, match="byte 0"):
        reopened(tmp_path)

    assert first.read_bytes() == content


@pytest.mark.parametrize("position", ["", "3", "1 0", "x y end", "1 0 en"])
def test_a_position_that_is_not_whole_means_that_all_is_sent_again(tmp_path: Path, position: str) -> None:
    """Twice is harmless, since the service counts once."""
    left_by_a_crash(tmp_path, 5, settled=1)
    (tmp_path / "position").write_text(position)

    assert reopened(tmp_path).ids() == ids(5)


def test_a_position_beyond_what_a_loss_of_power_left_hides_nothing_new(tmp_path: Path) -> None:
    """Facts were answered that the disk had not yet: what is put later must not lie before the position."""
    left_by_a_crash(tmp_path, 2, settled=2)
    os.truncate(segments(tmp_path)[-1], 0)

    spool = reopened(tmp_path)
    spool.append(write(fact(7), "tax"))
    spool.close()

    assert reopened(tmp_path).ids() == ["f-7"]


def test_segments_answered_whole_are_deleted(tmp_path: Path) -> None:
    """Also when the crash came between the position and their deletion."""
    left_by_a_crash(tmp_path, 5)
    spool = reopened(tmp_path)
    before = [path.read_bytes() for path in segments(tmp_path)]
    batch = spool.first(Limits(4, 1_000_000))
    spool.settle(batch, accepted(batch))
    assert len(segments(tmp_path)) < len(before)
    spool.close()

    (tmp_path / f"{1:012d}.facts").write_bytes(before[0])

    assert reopened(tmp_path).ids() == ids(5)[4:]
    assert not (tmp_path / f"{1:012d}.facts").exists()


def test_a_rejected_fact_is_kept_with_the_reason(tmp_path: Path) -> None:
    """It is not sent again, and a person can mend it, even if the source never heard the verdict."""
    spool = filled(reopened(tmp_path), 2)
    batch = spool.first(MANY)
    wrong = Verdict("f-1", Outcome.REJECTED, problems=(Problem("data.x", "is not known", "no such field"),))
    spool.settle(batch, [*accepted(batch)[:1], wrong])

    (kept,) = [json.loads(line) for line in (tmp_path / "rejected.ndjson").read_text().splitlines()]

    assert kept["fact"]["id"] == "f-1"
    assert kept["why"] == "data.x is not known (expected: no such field)"
    assert spool.facts == 0


def test_two_senders_cannot_share_a_spool(tmp_path: Path) -> None:
    """Each would send what the other has."""
    spool = reopened(tmp_path)

    with pytest.raises(SpoolInUse):
        reopened(tmp_path)

    spool.close()
    reopened(tmp_path).close()


def test_a_full_disk_is_told_and_leaves_whole_facts_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fact is not in the spool; those before are."""
    spool = filled(reopened(tmp_path), 1)
    write_some = os.write

    def full_after_ten_bytes(file: int, content: bytes) -> int:
        if len(content) < 100:
            raise OSError(28, "No space left on device")
        return write_some(file, content[:10])

    monkeypatch.setattr(os, "write", lambda file, content: full_after_ten_bytes(file, content[:100]))
    with pytest.raises(SpoolError, match="No space left"):
        spool.append(lines(2)[1])
    monkeypatch.undo()
    spool.append(write(fact(2), "tax"))

    assert spool.ids() == ["f-0", "f-2"]


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    """Facts can be personal data."""
    filled(Spool(tmp_path / "spool"), 1)

    assert (tmp_path / "spool").stat().st_mode & 0o077 == 0
    assert segments(tmp_path / "spool")[0].stat().st_mode & 0o077 == 0
