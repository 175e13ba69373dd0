"""From a signal on Kafka to a verified webhook and its answer; the receiver uses the public library only."""

import asyncio
import json
import os
import signal as signals
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from aiokafka import AIOKafkaProducer
from contracts.profiling import v1_pb2 as profiling
from contracts.repair import v1_pb2 as repair
from eventbus import Bus, Handler, Received
from httpapi.issuer import LocalIssuer
from httpapi.server import serve
from httpapi.tokens import IdentityOptions, verifier_from
from notification_service import consumer
from notification_service.main import Service, migrate
from notification_service.settings import Settings
from notification_service.store import read_packs
from notification_service.worker.webhook_sender import webhook_client
from standardwebhooks import Webhook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

USCC = "91510104YY000001XM"


class Receiver:
    """A platform's receiver in its own thread: fails the first calls, then verifies and accepts."""

    def __init__(self, failures: int) -> None:
        self.secret = ""
        self.failures = failures
        self.verified: list[Any] = []
        self.ids: list[str] = []
        app = Starlette(routes=[Route("/hooks", self._receive, methods=["POST"])])
        self._server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, lifespan="off"))
        self._thread = threading.Thread(target=self._server.run)

    async def _receive(self, request: Request) -> Response:
        self.ids.append(request.headers["webhook-id"])
        if len(self.ids) <= self.failures:
            return Response(status_code=500)
        body = await request.body()
        self.verified.append(Webhook(self.secret).verify(body, dict(request.headers)))
        return Response(status_code=204)

    def start(self) -> str:
        self._thread.start()
        ready = threading.Event()
        while not self._server.started:
            ready.wait(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"http://localhost:{port}/hooks"

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    platform = Receiver(failures=2)
    yield platform
    platform.stop()


async def until(condition: Callable[[], Any], *, within_s: float = 20) -> Any:
    """What the condition gives once it is true."""
    async with asyncio.timeout(within_s):
        while True:
            value = condition()
            if asyncio.iscoroutine(value):
                value = await value
            if value:
                return value
            await asyncio.sleep(0.02)


async def publish(bootstrap: str, topic: str, *messages: Any) -> None:
    """Messages as another service's lane would publish them."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    for number, message in enumerate(messages, start=1):
        headers = [
            ("ce_specversion", b"1.0"),
            ("ce_type", message.DESCRIPTOR.full_name.encode()),
            ("ce_source", b"creditloop/profiling/shared"),
            ("ce_id", b"0-%d" % number),
            ("content-type", b"application/protobuf"),
            ("traceparent", b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        ]
        await producer.send_and_wait(
            topic, message.SerializeToString(), key=USCC.encode(), headers=headers, partition=0
        )
    await producer.stop()


class Running:
    """The service, at work."""

    def __init__(self, url: str, issuer: LocalIssuer, client: httpx.AsyncClient) -> None:
        self.url, self._issuer, self._client = url, issuer, client

    async def ask(self, role: str, method: str, path: str, body: Any = None, **claims: Any) -> Any:
        headers = {"authorization": f"Bearer {self._issuer.issue(role, **claims)}"}
        answer = await self._client.request(method, self.url + path, json=body, headers=headers)
        assert answer.status_code < 400, answer.text
        return answer.json()


@asynccontextmanager
async def running(settings: Settings, topics: tuple[str, str], issuer: LocalIssuer) -> AsyncIterator[Running]:
    """Stage, workers and server over one bus, on topics of this test's own."""
    incoming, outgoing = topics
    stop, address = asyncio.Event(), asyncio.get_running_loop().create_future()
    bus = Bus(
        service="notification",
        database_url=settings.database_url,
        bootstrap_servers=settings.kafka_bootstrap_servers,
        partitions=1,
        topic=outgoing,
    )
    async with webhook_client() as hooks, httpx.AsyncClient() as client, bus:
        service = Service(settings, bus, read_packs(settings.retry_time_scale), hooks)
        app = service.application(verifier_from(IdentityOptions(jwks_file=issuer.jwks_file)))
        stage = await bus.stage(consumer.handlers(service.notifier()), [incoming], group=incoming)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(stage.run(stop))
            tasks.create_task(service.letter_worker().run(stop))
            tasks.create_task(service.webhook_worker().run(stop))
            tasks.create_task(
                serve(app, "127.0.0.1", 0, stop, started=lambda host, port: address.set_result((host, port)))
            )
            host, port = await address
            yield Running(f"http://{host}:{port}", issuer, client)
            stop.set()


async def told(settings: Settings, topic: str, event_type: str) -> Received:
    """The first event of a type that the service published."""
    found: list[Received] = []

    async def keep(items: Any, _transaction: Any) -> None:
        found.extend(items)

    bus = Bus(
        service="listener",
        database_url=settings.database_url,
        bootstrap_servers=settings.kafka_bootstrap_servers,
        partitions=1,
        topic=topic + "-out",
    )
    async with bus:
        stage = await bus.stage({event_type: Handler(lambda event: event, keep)}, [topic], group=topic)
        stop = asyncio.Event()
        listening = asyncio.create_task(stage.run(stop))
        await until(lambda: found)
        stop.set()
        await listening
    return found[0]


async def test_a_signal_reaches_the_platform_and_its_answer_comes_back(
    fresh_database: str,
    kafka_bootstrap: str,
    fresh_topic: Callable[..., str],
    receiver: Receiver,
    tmp_path: Path,
) -> None:
    """The platform fails twice; the third attempt is verified by the public library, and its answer is an event."""
    await asyncio.to_thread(migrate, fresh_database)
    settings = Settings(
        database_url=fresh_database,
        kafka_bootstrap_servers=kafka_bootstrap,
        notification_outbox_dir=tmp_path / "outbox",
        allow_private_webhooks=True,
        retry_time_scale=0.001,
        poll_s=0.05,
    )
    topics = (fresh_topic(), fresh_topic())
    url = receiver.start()
    async with running(settings, topics, LocalIssuer(tmp_path / "identity")) as service:
        body = {"code": "haoshi", "name": "好食外卖", "webhook_url": url}
        made = await service.ask("city_administrator", "POST", "/v1/platforms", body)
        receiver.secret = made["secret"]

        await publish(kafka_bootstrap, topics[0], *story())
        payload = (await until(lambda: receiver.verified))[0]
        letter = await until(lambda: list((tmp_path / "outbox").glob("*.jsonl")))
        clue_id = payload["data"]["clue_id"]
        answer = {"action": "rectified", "remark": "已下架问题商品"}
        answered = await service.ask(
            "platform", "POST", f"/v1/clues/{clue_id}/answer", answer, platform="haoshi"
        )
        clue = await service.ask("city_administrator", "GET", f"/v1/clue-register/{clue_id}")

    assert payload["type"] == "clue.created"
    assert payload["data"]["name"] == "川味小馆"
    assert len(set(receiver.ids)) == 1
    assert [attempt["status"] for attempt in clue["attempts"]] == [500, 500, 204]
    assert answered["state"] == clue["state"] == "answered"
    assert "信用修复告知书" in letter[0].read_text(encoding="utf-8")
    event = await told(settings, topics[1], "creditloop.notification.v1.ClueAnswered")
    assert event.key == USCC


def story() -> list[Any]:
    """An entity is described, fined, and complained about; indicators pass by unread."""
    return [
        profiling.EntityDescribed(uscc=USCC, version=1, name="川味小馆", area_code="510104"),
        profiling.IndicatorsChanged(uscc=USCC, profile_version=1),
        repair.RepairNoticeDue(
            notice_id="R-1",
            record_id="bureau|P-1",
            uscc=USCC,
            kind="penalty",
            citation="管理办法第九条",
            issued_on_day=20514,
        ),
        profiling.SignalRaised(
            signal_id="G-1",
            uscc=USCC,
            family="complaints_rising",
            severity=profiling.SIGNAL_SEVERITY_WARNING,
            evidence=["12315|C-1"],
            raised_on_day=20514,
            due_on_day=20520,
            platforms=["好食外卖"],
        ),
    ]


async def test_the_process_starts_and_ends_cleanly(
    fresh_database: str, kafka_bootstrap: str, tmp_path: Path
) -> None:
    """As a supervisor runs it: ready on its own, exit code 0 on SIGTERM."""
    issuer = LocalIssuer(tmp_path / "identity")
    port = _free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": fresh_database,
        "KAFKA_BOOTSTRAP_SERVERS": kafka_bootstrap,
        "HTTP_PORT": str(port),
        "IDENTITY_JWKS_FILE": str(issuer.jwks_file),
        "NOTIFICATION_OUTBOX_DIR": str(tmp_path / "outbox"),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "notification_service.main", env=environment, stdout=-1, stderr=-2
    )
    async with httpx.AsyncClient(trust_env=False) as client:

        async def ready() -> bool:
            try:
                answer = await client.get(f"http://127.0.0.1:{port}/health/live")
            except httpx.TransportError:
                return False
            return answer.status_code == 200

        await until(ready)
    process.send_signal(signals.SIGTERM)
    output, _ = await asyncio.wait_for(process.communicate(), 15)

    assert process.returncode == 0, output.decode()
    assert all(json.loads(line) for line in output.decode().splitlines() if line.startswith("{"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
