"""One transaction: effects, outbox and lane position commit together or not at all."""

import asyncio
import io
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from asyncpg.exceptions import InternalClientError
from sqlalchemy.ext.asyncio import AsyncConnection

from eventbus.envelope import Outgoing

Callback = Callable[[], None]


class Transaction:
    """What a use case's store works on.

    Attributes:
        connection: The SQLAlchemy connection, inside its transaction.
        outgoing: What will be published if the transaction commits, in order.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection
        self.outgoing: list[Outgoing] = []
        self._callbacks: list[Callback] = []
        self._begun = False

    def publish(self, *events: Outgoing) -> None:
        """Emit these events, in order, if the transaction commits."""
        self.outgoing.extend(events)

    def after_commit(self, callback: Callback) -> None:
        """Run `callback` once the commit is known to have succeeded; it must not fail."""
        self._callbacks.append(callback)

    def committed(self) -> None:
        """Run the callbacks; called by whoever committed."""
        for callback in self._callbacks:
            callback()

    async def copy(self, table: str, columns: Sequence[str], data: bytes) -> None:
        """Load a binary COPY stream (see `copying.stream`) into a table of the current schema."""
        if not self._begun:
            await self.connection.exec_driver_sql("select 1")  # the driver begins with its first statement
            self._begun = True
        driver: Any = (await self.connection.get_raw_connection()).driver_connection
        # The driver leaves what it reads from in a cycle: closed, it does not keep the data there.
        with io.BytesIO(data) as source:
            work = driver.copy_to_table(table, source=source, columns=columns, format="binary")
            await _unless_lost(driver, work)


async def _unless_lost(driver: Any, work: Coroutine[Any, Any, object]) -> None:
    """The work is done, or the connection broke.

    The driver waits for ever when its connection breaks while a large COPY waits for room in the socket.

    Raises:
        ConnectionResetError: The connection broke; the work is given up.
    """
    lost = asyncio.Event()

    def on_lost(_driver: object) -> None:
        lost.set()

    driver.add_termination_listener(on_lost)
    copying, losing = asyncio.ensure_future(work), asyncio.ensure_future(lost.wait())
    try:
        await asyncio.wait({copying, losing}, return_when=asyncio.FIRST_COMPLETED)
        if not copying.done():
            raise ConnectionResetError("the connection broke during COPY")
        await copying
    except InternalClientError as error:  # the driver's muddle over a connection that is going away
        driver.terminate()  # lest the roll-back fail for the muddle, which no longer tells that the connection broke
        raise ConnectionResetError("the connection broke during COPY") from error
    finally:
        copying.cancel()
        losing.cancel()
        await asyncio.gather(copying, losing, return_exceptions=True)
        driver.remove_termination_listener(on_lost)
