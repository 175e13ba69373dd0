"""What the disk does when whoever sends is gone in the middle."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

import pytest
from ingestion_service.store.files import disk


async def test_a_file_that_opens_after_its_sender_has_gone_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thread cannot be called off; what it opens must not stay open, nor come after what cleans up."""
    begun, free = threading.Event(), threading.Event()
    opened: list[BinaryIO] = []
    really_open = disk._open

    def slowly(*args: Any, **named: Any) -> BinaryIO:
        begun.set()
        free.wait(10)
        opened.append(really_open(*args, **named))
        return opened[-1]

    monkeypatch.setattr(disk, "_open", slowly)
    sending = asyncio.create_task(disk.Disk(tmp_path).append(uuid4(), 0, _nothing(), 10))
    await asyncio.to_thread(begun.wait, 10)
    sending.cancel()
    free.set()

    with pytest.raises(asyncio.CancelledError):
        await sending

    assert [file.closed for file in opened] == [True]


async def _nothing() -> AsyncIterator[bytes]:
    yield b""
