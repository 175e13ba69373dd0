"""One transaction: effects, outbox and lane position commit together or not at all."""

import io
from collections.abc import Callable, Sequence
from typing import Any

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
        await driver.copy_to_table(table, source=io.BytesIO(data), columns=columns, format="binary")
