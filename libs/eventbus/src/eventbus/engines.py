"""The connections of a service: requests and the loop have pools of their own, so that neither starves the other."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

LOOP_CONNECTIONS = 6
"""Stage, relay, writer and the writer's lock, with some to spare. With the 8 for requests, two processes of each of
the six services stay under 200."""

_CONNECT_S = 10
_POOL_S = 10
_RECYCLE_S = 3600


def engine_of(
    database_url: str, on_connect: Sequence[str], connections: int, statement_s: int = 0
) -> AsyncEngine:
    """An engine of at most that many connections; a statement may take `statement_s`, 0 for the database's own limit.

    Errors hide the values of a statement: they are personal data, and errors are logged.
    """
    limit = {"statement_timeout": f"{statement_s}s"} if statement_s else {}
    engine = create_async_engine(
        database_url,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=_POOL_S,
        pool_recycle=_RECYCLE_S,
        hide_parameters=True,
        connect_args={"timeout": _CONNECT_S, "server_settings": limit},
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for statement in on_connect:
            cursor.execute(statement)
        cursor.close()
        connection.commit()

    return engine
