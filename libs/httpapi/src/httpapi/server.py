"""Serves an application inside the process's own task group; the process, not the server, owns signals."""

import asyncio
import contextlib
import gc
import socket
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

import uvicorn
import uvloop
from starlette.types import ASGIApp

_T = TypeVar("_T")
GRACE_S = 10
"""How long requests at work may take to end once we stop."""
IDLE_S = 75
"""How long an idle connection stays open: longer than clients and proxies reuse theirs, so that none asks on one that
we are just closing."""


class ServerFailedError(RuntimeError):
    """Raised when the application did not start; its own log says why."""


_GC_THRESHOLDS = (200_000, 20, 100)


def run(main: Coroutine[Any, Any, _T]) -> _T:
    """Runs a process's main coroutine on uvloop.

    Micro-batches make thousands of short-lived objects and no cycles: Python's default of looking for cycles every
    700 allocations costs a hot service several microseconds an event.
    """
    gc.set_threshold(*_GC_THRESHOLDS)
    return uvloop.run(main)


async def serve(
    app: ASGIApp,
    host: str,
    port: int,
    stop: asyncio.Event,
    *,
    started: Callable[[str, int], None] | None = None,
) -> None:
    """Serves `app` until `stop` is set or the task is cancelled; requests at work are finished first.

    `started` is told the address once connections are taken; port 0 takes any free one.

    Raises:
        OSError: the address cannot be taken.
        ServerFailedError: the application's start failed.
    """
    listener = _listen(host, port)
    server = _Server(configuration(app))
    server.on_started = lambda: started(*listener.getsockname()[:2]) if started else None
    stopper = asyncio.create_task(_exit_when(stop, server))
    try:
        await server.serve_on(listener)
    finally:
        stopper.cancel()
        listener.close()


class _Server(uvicorn.Server):
    on_started: Callable[[], None] = staticmethod(lambda: None)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self.on_started()

    async def serve_on(self, listener: socket.socket) -> None:
        try:
            await self.serve(sockets=[listener])
        except SystemExit as error:
            raise ServerFailedError("the application did not start") from error
        except asyncio.CancelledError:
            if self.started:
                await self.shutdown(sockets=[listener])
            raise
        if not self.started:
            raise ServerFailedError("the application did not start")

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def configuration(app: ASGIApp) -> uvicorn.Config:
    """How each of our processes serves HTTP."""
    return uvicorn.Config(
        app,
        http="httptools",
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_S,
        timeout_keep_alive=IDLE_S,
        backlog=2048,
    )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


async def _exit_when(stop: asyncio.Event, server: uvicorn.Server) -> None:
    await stop.wait()
    server.should_exit = True
