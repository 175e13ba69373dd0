import asyncio
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI
from httpapi.server import ServerFailedError, configuration, run, serve


def app_with(gate: asyncio.Event, entered: asyncio.Event) -> FastAPI:
    app = FastAPI()

    @app.get("/slow")
    async def slow() -> str:
        entered.set()
        await gate.wait()
        return "done"

    return app


class Address:
    def __init__(self) -> None:
        self.ready = asyncio.Event()
        self.url = ""

    def __call__(self, host: str, port: int) -> None:
        self.url = f"http://{host}:{port}"
        self.ready.set()


async def test_a_request_at_work_is_finished_before_the_server_ends() -> None:
    """A deployment must not cut answers off."""
    gate, entered, stop, address = asyncio.Event(), asyncio.Event(), asyncio.Event(), Address()

    async with asyncio.TaskGroup() as group, httpx.AsyncClient() as client:
        serving = group.create_task(serve(app_with(gate, entered), "127.0.0.1", 0, stop, started=address))
        await address.ready.wait()
        request = group.create_task(client.get(address.url + "/slow"))
        await entered.wait()
        stop.set()
        gate.set()
        answer = await request
        await serving

    assert answer.json() == "done"


def test_an_idle_connection_stays_open_longer_than_clients_reuse_theirs() -> None:
    """Who asks on a connection that is just being closed gets no answer, and cannot know whether it was heard."""
    reused_s = httpx.Limits().keepalive_expiry

    assert reused_s is not None
    assert configuration(FastAPI()).timeout_keep_alive > reused_s


async def test_cancelling_ends_the_server_and_frees_the_port() -> None:
    """A sibling task's failure cancels the whole group."""
    address = Address()
    serving = asyncio.create_task(serve(FastAPI(), "127.0.0.1", 0, asyncio.Event(), started=address))
    await address.ready.wait()
    serving.cancel()

    with pytest.raises(asyncio.CancelledError):
        await serving

    with pytest.raises(httpx.ConnectError):
        async with httpx.AsyncClient() as client:
            await client.get(address.url)


async def test_signals_stay_with_the_process() -> None:
    """Main owns SIGTERM: it stops consumers first, then the server."""
    before, stop, address = signal.getsignal(signal.SIGTERM), asyncio.Event(), Address()

    async with asyncio.TaskGroup() as group:
        group.create_task(serve(FastAPI(), "127.0.0.1", 0, stop, started=address))
        await address.ready.wait()
        during = signal.getsignal(signal.SIGTERM)
        stop.set()

    assert during == before


async def test_a_taken_port_is_one_clear_error() -> None:
    """Never a SystemExit out of a library."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        with pytest.raises(OSError, match="in use"):
            await serve(FastAPI(), "127.0.0.1", taken.getsockname()[1], asyncio.Event())


async def test_an_application_that_cannot_start_is_one_clear_error() -> None:
    """A failed start must end the process's task group, not the interpreter."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        raise RuntimeError("no database")
        yield

    with pytest.raises(ServerFailedError):
        await serve(FastAPI(lifespan=lifespan), "127.0.0.1", 0, asyncio.Event())


def test_a_process_runs_on_uvloop() -> None:
    """The loop is the fast one."""

    async def loop_module() -> str:
        return type(asyncio.get_running_loop()).__module__

    assert run(loop_module()).startswith("uvloop")
