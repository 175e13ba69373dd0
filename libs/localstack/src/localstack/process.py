"""Starting, recognising and ending operating-system processes that outlive their starter."""

# mypy: allow-untyped-calls
# psutil ships no types.

import asyncio
import os
import signal
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import psutil

from localstack.record import ProcessRecord

_POLL_S = 0.02
_KILL_TIMEOUT_S = 10.0
_PROC = Path("/proc")
_START_FIELD = 19
"""Of /proc/<pid>/stat, counted after the program's name: its 22nd field is the start in ticks after boot."""


def spawn(record: ProcessRecord) -> ProcessRecord:
    """The process runs in its own session, output appended to its log; returned with its pid and start."""
    Path(record.log).parent.mkdir(parents=True, exist_ok=True)
    pid = _spawn(record.command, {**os.environ, **record.environment}, record.log)
    created = psutil.Process(pid).create_time()
    return msgspec.structs.replace(record, pid=pid, birth=birth(pid), created=created)


def birth(pid: int, proc: Path = _PROC) -> str:
    """What tells this process from every other of its pid, however the clock is set; empty without a /proc."""
    try:
        boot = (proc / "sys/kernel/random/boot_id").read_text().strip()
        fields = (proc / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return f"{boot}/{fields[_START_FIELD]}"


def _spawn(command: Sequence[str], environment: Mapping[str, str], log: str) -> int:
    """Spawned rather than wrapped in a Popen, which would insist that a child ends before its parent."""
    append = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    return os.posix_spawnp(
        command[0],
        list(command),
        environment,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, log, append, 0o644),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
        setsigmask=[],
        setsigdef=[signal.SIGINT, signal.SIGTERM, signal.SIGPIPE],
    )


def find(record: ProcessRecord) -> psutil.Process | None:
    """The running process of this record; None if it ended, even if its pid now belongs to a stranger."""
    if not record.pid:
        return None
    _reap(record.pid)
    try:
        process = psutil.Process(record.pid)
        return process if _same(process, record) and process.status() != psutil.STATUS_ZOMBIE else None
    except psutil.NoSuchProcess:
        return None


def _same(process: psutil.Process, record: ProcessRecord) -> bool:
    if record.birth:
        return birth(record.pid) == record.birth
    return bool(abs(process.create_time() - record.created) < 0.05)


def is_alive(record: ProcessRecord) -> bool:
    """Whether the very process we started still runs."""
    return find(record) is not None


def _reap(pid: int) -> None:
    """A dead child of ours no longer lingers as a zombie."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return


async def stop(record: ProcessRecord) -> None:
    """The process ended: asked politely first, killed when it does not listen."""
    _signal(record, record.stop_signal)
    if not await gone(record, record.stop_timeout_s):
        await kill(record)


async def kill(record: ProcessRecord) -> None:
    """The process ended at once, without a chance to tidy up."""
    _signal(record, signal.SIGKILL)
    await gone(record, _KILL_TIMEOUT_S)


def _signal(record: ProcessRecord, number: signal.Signals) -> None:
    process = find(record)
    if process is not None:
        process.send_signal(number)


async def gone(record: ProcessRecord, timeout_s: float) -> bool:
    """Wait for the process to end; False if it still runs after `timeout_s`."""
    deadline = time.monotonic() + timeout_s
    while is_alive(record):
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(_POLL_S)
    return True


def last_lines(log: str, count: int = 20) -> str:
    """The end of a log, for an error message."""
    path = Path(log)
    if not path.exists():
        return "(no log)"
    return "\n".join(path.read_text(errors="replace").splitlines()[-count:])
