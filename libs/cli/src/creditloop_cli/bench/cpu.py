"""Processor time of a stack's processes, from the operating system's accounting."""

import contextlib
from collections.abc import Mapping
from typing import Any

import psutil

_psutil: Any = psutil  # it has no types of its own


def processor_s(pids: Mapping[str, int]) -> dict[str, float]:
    """Seconds of processor time by name: of each process and its children, those that ended included."""
    return {name: _with_children_s(_psutil.Process(pid)) for name, pid in pids.items()}


def _with_children_s(process: Any) -> float:
    own = process.cpu_times()
    total = own.user + own.system + own.children_user + own.children_system
    for child in process.children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # it ended just now, and its parent has its time
            used = child.cpu_times()
            total += used.user + used.system
    return float(total)


def us_per_fact(before: Mapping[str, float], after: Mapping[str, float], facts: int) -> dict[str, float]:
    """Microseconds that each spent on one fact."""
    return {name: (after[name] - before[name]) / facts * 1e6 for name in before}
