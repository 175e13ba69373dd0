"""Fictional files, their mapping, and the service that they are sent to."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from httpapi import IdentityOptions, LocalIssuer, verifier_from
from ingestion_builders import OTHER_USCC, PILOT, USCC
from ingestion_service.main import Service, bus_of
from ingestion_service.settings import Settings
from openpyxl import Workbook, load_workbook

HEADER = ["统一社会信用代码", "处罚日期", "文号", "处罚种类", "罚款（万元）", "备注"]
MAPPING: dict[str, Any] = {
    "fact_type": "creditloop.penalty.imposed.v1",
    "columns": {
        "统一社会信用代码": "subject",
        "处罚日期": ["time", "data.published_on"],
        "文号": "data.document_number",
        "处罚种类": "data.kinds",
        "罚款（万元）": "data.fine_fen",
    },
    "id": {"columns": ["文号", "统一社会信用代码"]},
    "codes": {"data.kinds": {"table": {"罚款": "fine", "警告": "warning"}}},
    "units": {"data.fine_fen": "wan_yuan"},
    "constants": {"data.authority": "虚构市场监督管理局"},
    "empty": ["无", "-"],
}


def row(number: int, **changes: str) -> list[str]:
    """A row of a fictional penalty."""
    usual = {
        "uscc": OTHER_USCC if number % 2 else USCC,
        "day": "2026年3月1日",
        "document": f"（虚构）{number}号",
        "kinds": "罚款、警告",
        "fine": "1.5",
        "remark": "",
    }
    return list({**usual, **changes}.values())


def csv_of(rows: Iterable[list[str]], header: list[str] = HEADER) -> bytes:
    """A CSV in UTF-8."""
    return "".join(",".join(cells) + "\r\n" for cells in [header, *rows]).encode()


def xlsx_of(rows: Iterable[list[Any]], header: list[str] = HEADER) -> bytes:
    """A workbook of one sheet."""
    book = Workbook()
    for cells in [header, *rows]:
        book.active.append(cells)
    held = BytesIO()
    book.save(held)
    return held.getvalue()


MIXED = [
    row(1),
    row(2, fine="很多"),
    row(3, uscc="bad"),
    row(1),
    row(4, uscc=PILOT),
    row(5, kinds="坐牢", fine="0.0000001"),
    row(6, day="2026-02-31"),
    row(7, remark="=cmd|' /C calc'!A0"),
]
"""Rows: accepted, rejected, quarantined, duplicate, quarantined, rejected twice over, quarantined, accepted."""


@dataclass
class Files:
    """A service that files are sent to."""

    client: httpx.AsyncClient
    settings: Settings

    async def sql(self, statement: str) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.settings.database_url.replace("+asyncpg", ""))
        try:
            return list(await connection.fetch(statement))
        finally:
            await connection.close()

    async def announce(self, content: bytes, name: str = "penalties.csv", **more: Any) -> dict[str, Any]:
        document = {"source": "penalties", "mapping": "daily", "name": name, "size": len(content), **more}
        answer = await self.client.post("/v1/files", json=document)
        assert answer.status_code == 201, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def upload(self, content: bytes, name: str = "penalties.csv") -> str:
        told = await self.announce(content, name)
        answer = await self.client.put(told["upload_url"], content=content)
        assert answer.status_code == 204, answer.text
        return str(told["id"])

    async def map(self, mapping: dict[str, Any] | None = None, **changes: Any) -> httpx.Response:
        document = {**(mapping or MAPPING), **changes}
        return await self.client.put("/v1/sources/penalties/mappings/daily", json=document)

    async def order(self, kind: str, file_id: str, **how: Any) -> dict[str, Any]:
        answer = await self.client.post(f"/v1/files/{file_id}/{kind}", json=how)
        assert answer.status_code == 202, answer.text
        return await self.ended(file_id)

    async def job(self, file_id: str) -> dict[str, Any]:
        told: dict[str, Any] = (await self.client.get(f"/v1/files/{file_id}")).json()["job"]
        return told

    async def ended(self, file_id: str, within_s: float = 200) -> dict[str, Any]:
        async with asyncio.timeout(within_s):
            while (job := await self.job(file_id))["state"] in {"waiting", "running"}:
                await asyncio.sleep(0.05)
        return job

    async def report(self, file_id: str) -> Any:
        answer = await self.client.get(f"/v1/files/{file_id}/report.xlsx")
        assert answer.status_code == 200, answer.text
        return load_workbook(BytesIO(answer.content))


def verdicts(job: dict[str, Any]) -> tuple[int, int, int, int]:
    return job["accepted"], job["duplicate"], job["quarantined"], job["rejected"]


@asynccontextmanager
async def files_at_work(
    settings: Settings, key: str, issuer: LocalIssuer
) -> AsyncIterator[tuple[Service, Files, Callable[..., httpx.AsyncClient]]]:
    """The service in this process, without its server, its signals and Kafka's inbound topic."""
    stop = asyncio.Event()
    async with bus_of(settings) as bus:
        service = Service(settings, bus)
        await service.prepare()
        app = service.application(verifier_from(IdentityOptions(jwks_file=issuer.jwks_file)))

        def client(**headers: str) -> httpx.AsyncClient:
            transport = httpx.ASGITransport(app)
            return httpx.AsyncClient(
                transport=transport,
                base_url="http://files",
                timeout=60,
                headers=headers or {"X-API-Key": key},
            )

        async with asyncio.TaskGroup() as tasks, client() as own:
            tasks.create_task(bus.watch(stop))
            tasks.create_task(service.writer.run(stop))
            tasks.create_task(service.file_jobs.run(stop))
            yield service, Files(own, settings), client
            stop.set()


class Process:
    """The service as a process of its own, to be killed."""

    def __init__(self, settings: Settings, issuer: LocalIssuer) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.environment = {
            **os.environ,
            "DATABASE_URL": settings.database_url,
            "KAFKA_BOOTSTRAP_SERVERS": settings.kafka_bootstrap_servers,
            "HTTP_PORT": str(self.port),
            "IDENTITY_JWKS_FILE": str(issuer.jwks_file),
            "BOOTSTRAP_SOURCES_FILE": str(settings.bootstrap_sources_file),
            "INBOUND_TOPIC": settings.inbound_topic,
            "OUTGOING_TOPIC": settings.outgoing_topic,
            "CONSUMER_GROUP": settings.consumer_group,
            "PARTITIONS": str(settings.partitions),
            "FILES_DIR": str(settings.files_dir),
            "FILE_JOB_LEASE_S": str(settings.file_job_lease_s),
        }
        self.process: asyncio.subprocess.Process | None = None

    async def start(self, log: Path) -> None:
        with log.open("ab") as out:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "ingestion_service.main", env=self.environment, stdout=out, stderr=out
            )
        async with asyncio.timeout(150), httpx.AsyncClient() as client:
            while True:
                try:
                    if (await client.get(f"http://127.0.0.1:{self.port}/health/ready")).is_success:
                        return
                except httpx.TransportError:
                    assert self.process.returncode is None, log
                await asyncio.sleep(0.05)

    async def kill(self, number: int = signal.SIGKILL) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.send_signal(number)
            await self.process.wait()


def files_settings(
    ledger_url: str, kafka: str, topics: Callable[..., str], folder: Path, entry: dict[str, Any]
) -> Settings:
    sources = folder / "sources.json"
    sources.write_text(
        json.dumps([entry, {**entry, "name": "other", "key_id": "0" * 12, "key_hash": "0" * 64}])
    )
    return Settings(
        database_url=ledger_url,
        kafka_bootstrap_servers=kafka,
        partitions=2,
        inbound_topic=topics(partitions=2),
        outgoing_topic=topics(partitions=2),
        consumer_group=f"group-{entry['key_id']}",
        bootstrap_sources_file=sources,
        files_dir=folder / "files",
        file_job_lease_s=1.0,
    )
