"""Processes: only what we started is ever ended."""

import os
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from localstack import process
from localstack.ports import HOST, free_ports, is_free, keep_or_choose
from localstack.record import Kind, ProcessRecord


def _sleeper(folder: Path, script: str = "import time; time.sleep(60)") -> ProcessRecord:
    return ProcessRecord(
        name="sleeper",
        kind=Kind.SERVICE,
        command=(sys.executable, "-c", script),
        address="",
        health="",
        log=str(folder / "sleeper.log"),
        environment={"ADDED": "yes"},
    )


@pytest.fixture
async def sleeper(tmp_path: Path) -> AsyncIterator[ProcessRecord]:
    record = process.spawn(_sleeper(tmp_path))
    yield record
    await process.kill(record)


async def test_a_stopped_process_is_gone(sleeper: ProcessRecord) -> None:
    """A dead child must not count as alive while it is a zombie."""
    assert process.is_alive(sleeper)

    await process.stop(sleeper)

    assert not process.is_alive(sleeper)


async def test_a_stranger_with_a_recycled_pid_is_left_alone(sleeper: ProcessRecord) -> None:
    """Pids are given out again; the tick of birth tells whose it is, the time of creation without a /proc."""
    recycled = msgspec.structs.replace(sleeper, birth=sleeper.birth + "0")
    without_proc = msgspec.structs.replace(sleeper, birth="", created=sleeper.created - 100)

    await process.kill(recycled)
    await process.kill(without_proc)

    assert not process.is_alive(recycled)
    assert not process.is_alive(without_proc)
    assert process.is_alive(sleeper)


async def test_a_clock_that_is_set_hides_nobody(sleeper: ProcessRecord) -> None:
    """The system reckons times of creation from today's clock: set it, and every process seems to be another."""
    before = msgspec.structs.replace(sleeper, created=sleeper.created - 3600)

    assert sleeper.birth
    assert process.is_alive(before)


def test_a_system_without_proc_tells_no_birth(tmp_path: Path) -> None:
    """There the time of creation has to do."""
    assert process.birth(os.getpid(), proc=tmp_path) == ""


async def test_a_process_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    """A hung service must not hang `down` with it."""
    deaf = "import signal,time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    record = process.spawn(_sleeper(tmp_path, deaf))
    while "deaf" not in process.last_lines(record.log):
        os.sched_yield()

    ended_itself = await process.gone(record, 0.1)
    await process.kill(record)

    assert not ended_itself
    assert not process.is_alive(record)


async def test_output_and_errors_go_to_the_log_in_order(tmp_path: Path) -> None:
    """One file tells the story of one process, its own environment included."""
    script = "import os,sys; print(os.environ['ADDED'], flush=True); sys.exit('why')"
    record = process.spawn(_sleeper(tmp_path, script))

    await process.gone(record, 10)

    assert process.last_lines(record.log) == "yes\nwhy"


def test_free_ports_are_different_and_free() -> None:
    """A stack asks for many at once."""
    ports = free_ports(20)

    assert len(set(ports)) == 20
    assert all(map(is_free, ports))


def test_a_taken_port_is_not_kept() -> None:
    """Somebody else may listen where we did last time."""
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert keep_or_choose(port) != port
    assert keep_or_choose(port) == port
