# ruff: noqa: INP001, T201 - a script, not a package; it starts our own process
"""Loads a large file of fictional registrations into a real ingestion process; prints rows/s and memory.

Told are the peak of resident memory of the service's process and of the process that reads for it, and how long one
fact posted meanwhile waited. Run: `.venv/bin/python services/ingestion/benchmarks/load_file.py --kind csv --mb 2000`
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
from localstack import Stack
from post_facts import fact, ready, surroundings
from vocabulary.uscc import synthesise

STACK = "bench-files"
CHUNK = 8 * 1024 * 1024
IDLE_S = 10
COLUMNS = {
    "统一社会信用代码": ["subject", "id"],
    "名称": "data.name",
    "类型": "data.entity_type",
    "成立日期": "data.established_on",
    "注册资本（万元）": "data.registered_capital_fen",
    "区划": "data.area_code",
    "行业": "data.industry",
    "住所": "data.address",
    "经营范围": "data.business_scope",
    "登记日期": "time",
}
MAPPING = {
    "fact_type": "creditloop.registration.recorded.v1",
    "columns": COLUMNS,
    "units": {"data.registered_capital_fen": "wan_yuan"},
}
SCOPE = (
    "许可项目：食品生产；食品销售；餐饮服务；酒类经营（依法须经批准的项目，经相关部门批准后方可开展经营活动）"
    "一般项目：货物进出口；技术服务、技术开发、技术咨询、技术交流、技术转让、技术推广；日用百货销售；广告设计、代理；"
    "企业管理咨询；信息咨询服务（不含许可类信息咨询服务）；会议及展览服务；农副产品销售；互联网销售（除销售需要许可的商品）；"
    "包装服务；普通货物仓储服务（不含危险化学品等需许可审批的项目）；国内货物运输代理；装卸搬运（除依法须经批准的项目外）"
)
"""As long as those of a real register often are."""


def cells(number: int) -> list[str]:
    """A fictional registration; one in a hundred has a code that cannot be."""
    code = synthesise("9", "1", "510104", number) if number % 100 else f"5101{number}"
    name, address = f"虚构第{number}号食品有限公司", f"成都市锦江区虚构路{number}号"
    capital = f"{number % 500 + 1}"
    return [
        code,
        name,
        "1130",
        "2019年5月4日",
        capital,
        "510104",
        "C14",
        address,
        SCOPE,
        "2019-05-04",
    ]


def csv_lines() -> Iterator[str]:
    """A CSV without end."""
    yield ",".join(COLUMNS) + "\r\n"
    number = 0
    while True:
        number += 1
        yield ",".join(cells(number)) + "\r\n"


def ndjson_lines() -> Iterator[str]:
    """An NDJSON file without end."""
    number = 0
    while True:
        number += 1
        yield json.dumps(dict(zip(COLUMNS, cells(number), strict=True)), ensure_ascii=False) + "\n"


KINDS: dict[str, Callable[[], Iterator[str]]] = {"csv": csv_lines, "ndjson": ndjson_lines}


def generate(path: Path, kind: str, size: int) -> int:
    """A file of at least that many bytes; answers how many it has."""
    written = 0
    with path.open("wb", buffering=CHUNK) as file:
        for line in KINDS[kind]():
            written += file.write(line.encode())
            if written >= size:
                return written
    return written


async def upload(client: httpx.AsyncClient, path: Path, size: int) -> str:
    """The file is there."""
    order = {"source": "bench", "mapping": "registry", "name": path.name, "size": size}
    told = (await client.post("/v1/files", json=order)).raise_for_status().json()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            at = {"Upload-Offset": str(file.tell() - len(chunk))}
            (await client.patch(told["upload_url"], content=chunk, headers=at)).raise_for_status()
    return str(told["id"])


class Watch:
    """Memory of the service's processes, and how long single facts take, until told to stop."""

    def __init__(self, pid: int) -> None:
        self.service = psutil.Process(pid)
        self.peaks = {"service": 0, "reader": 0, "both": 0}
        self.waits: list[float] = []
        self.stopped = False

    async def memory(self) -> None:
        """Ten samples a second."""
        while not self.stopped:
            own = self.service.memory_info().rss
            reader = sum(_rss(child) for child in self.service.children())
            for name, value in (("service", own), ("reader", reader), ("both", own + reader)):
                self.peaks[name] = max(self.peaks[name], value)
            await asyncio.sleep(0.1)

    async def latency(self, client: httpx.AsyncClient) -> None:
        """Twenty facts a second."""
        headers = {"Content-Type": "application/cloudevents+json"}
        number = 0
        while not self.stopped:
            number += 1
            body = json.dumps({**fact(number), "id": f"single-{time.time_ns()}"})
            began = time.perf_counter()
            (await client.post("/v1/facts", content=body, headers=headers)).raise_for_status()
            self.waits.append(time.perf_counter() - began)
            await asyncio.sleep(0.05)

    def told(self) -> dict[str, object]:
        """Megabytes and milliseconds."""
        waits = sorted(self.waits)
        at = {"p50_ms": 0.5, "p99_ms": 0.99}
        latencies = {name: round(waits[int(len(waits) * q)] * 1000, 1) for name, q in at.items() if waits}
        return {f"{name}_mb": round(peak / 1e6) for name, peak in self.peaks.items()} | latencies


def _rss(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


async def idle(client: httpx.AsyncClient, pid: int) -> dict[str, object]:
    """How long single facts take while no file is gone through."""
    watch = Watch(pid)
    watching = [asyncio.create_task(watch.memory()), asyncio.create_task(watch.latency(client))]
    await asyncio.sleep(IDLE_S)
    watch.stopped = True
    await asyncio.gather(*watching)
    return {"job": None, **watch.told()}


async def job(client: httpx.AsyncClient, file_id: str, kind: str, pid: int) -> dict[str, object]:
    """What one check or load came to."""
    watch = Watch(pid)
    watching = [asyncio.create_task(watch.memory()), asyncio.create_task(watch.latency(client))]
    began, used = time.perf_counter(), _cpu_s(watch.service)
    (await client.post(f"/v1/files/{file_id}/{kind}")).raise_for_status()
    while (told := await _job(client, file_id))["state"] in {"waiting", "running"}:
        await asyncio.sleep(0.5)
    seconds = time.perf_counter() - began
    watch.stopped = True
    await asyncio.gather(*watching)
    names = ("state", "rows", "accepted", "duplicate", "quarantined", "rejected", "problem")
    counts = {name: told[name] for name in names}
    spent = [
        round((now - then) / max(told["rows"], 1) * 1e6, 1)
        for now, then in zip(_cpu_s(watch.service), used, strict=True)
    ]
    pace = {"seconds": round(seconds, 1), "rows_per_s": round(told["rows"] / seconds)}
    pace |= {"service_us": spent[0], "reader_us": spent[1]}
    return {"job": kind, **counts, **pace, **watch.told()}


def _cpu_s(process: psutil.Process) -> tuple[float, float]:
    """CPU of the process, and of those it has waited for."""
    times = process.cpu_times()
    return times.user + times.system, times.children_user + times.children_system


async def _job(client: httpx.AsyncClient, file_id: str) -> dict[str, Any]:
    told: dict[str, Any] = (await client.get(f"/v1/files/{file_id}")).json()["job"]
    return told


async def measure(arguments: argparse.Namespace, folder: Path) -> None:
    """A check and a load of one file."""
    path = folder / f"registry.{arguments.kind}"
    size = generate(path, arguments.kind, arguments.mb * 1_000_000)
    async with surroundings(folder, STACK) as around:
        environment = {**around.environment, "FILES_DIR": str(folder / "files")}
        command = [sys.executable, *arguments.python.split(), "-m", "ingestion_service.main"]
        service = await asyncio.create_subprocess_exec(*command, env=environment, stdout=sys.stderr)
        try:
            await ready(around.base)
            key = {"X-API-Key": around.key}
            async with httpx.AsyncClient(base_url=around.base, headers=key, timeout=120) as client:
                mapped = await client.put("/v1/sources/bench/mappings/registry", json=MAPPING)
                mapped.raise_for_status()
                began = time.perf_counter()
                file_id = await upload(client, path, size)
                print(json.dumps({"bytes": size, "upload_s": round(time.perf_counter() - began, 1)}))
                print(json.dumps(await idle(client, service.pid)), flush=True)
                for kind in arguments.jobs.split(","):
                    print(json.dumps(await job(client, file_id, kind, service.pid)), flush=True)
        finally:
            service.terminate()
            await service.wait()


def main() -> None:
    """Measure once; the stack it needs is ended with it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kind", choices=sorted(KINDS), default="csv")
    parser.add_argument("--mb", type=int, default=2000)
    parser.add_argument("--jobs", default="load", help="check, load, or both, with a comma between")
    parser.add_argument(
        "--python", default="", help="for the service's interpreter, such as '-m cProfile -o FILE'"
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        try:
            asyncio.run(measure(arguments, Path(folder)))
        finally:
            asyncio.run(Stack(STACK).down())


if __name__ == "__main__":
    main()
