"""Sending a file: in chunks, and on from where a connection broke."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from creditloop_cli.errors import NotUp, Refused, WrongUse
from creditloop_cli.loading import files
from creditloop_cli.services import Services

CONTENT = bytes(range(256)) * 40


class Ingestion:
    """Keeps a file as ingestion does; breaks connections off, with part of the chunk kept, as often as told."""

    def __init__(self, breaks: int = 0) -> None:
        self.kept = b""
        self.order: dict[str, object] = {}
        self.breaks = breaks

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            self.order = json.loads(request.content)
            return httpx.Response(201, json=self._file())
        if request.method == "GET":
            return httpx.Response(200, json=self._file())
        if request.method == "PATCH":
            self._take(request)
        return httpx.Response(200, headers={"Upload-Offset": str(len(self.kept))})

    def _take(self, request: httpx.Request) -> None:
        assert int(request.headers["upload-offset"]) == len(self.kept)
        if self.breaks:
            self.breaks -= 1
            self.kept += request.content[:7]
            raise httpx.ReadError("broken")
        self.kept += request.content

    def _file(self) -> dict[str, object]:
        return {
            "id": "1",
            "upload_url": "/v1/files/1/content",
            "size": self.order["size"],
            "state": "complete",
        }


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "CHUNK", 1000)
    monkeypatch.setattr(files, "_PAUSE_S", 0)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.csv"
    path.write_bytes(CONTENT)
    return path


async def services(ingestion: Ingestion) -> AsyncIterator[Services]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(ingestion)) as client:
        yield Services(client, {"ingestion": "http://ingestion"}, "token")


@pytest.mark.parametrize("breaks", [0, 1, 4])
async def test_a_file_arrives_whole_however_often_the_connection_breaks(file: Path, breaks: int) -> None:
    """Each time it goes on where ingestion says that the file ends."""
    ingestion, moved = Ingestion(breaks), list[float]()

    async for each in services(ingestion):
        await files.upload(each, file, "penalties", "daily", moved.append)

    assert ingestion.kept == CONTENT
    assert ingestion.order["size"] == len(CONTENT)
    assert (moved[-1], sorted(moved)) == (1.0, moved)


async def test_an_ingestion_that_never_answers_is_told_of(file: Path) -> None:
    """Not for ever."""
    async for each in services(Ingestion(breaks=99)):
        with pytest.raises(NotUp):
            await files.upload(each, file, "penalties", "daily", lambda _share: None)


async def test_a_file_that_became_shorter_is_refused(file: Path) -> None:
    """Somebody is still writing it."""
    async for each in services(Ingestion()):
        order = {"size": len(CONTENT) + 1, "upload_url": "/v1/files/1/content"}
        with pytest.raises(Refused, match="shorter"):
            await files.go_on(each, file, order, lambda _share: None)


@pytest.mark.parametrize("content", [b"", None])
async def test_a_file_that_is_empty_or_missing_is_wrong_use(tmp_path: Path, content: bytes | None) -> None:
    """Told before anything is sent."""
    path = tmp_path / "none.csv"
    if content is not None:
        path.write_bytes(content)

    async for each in services(Ingestion()):
        with pytest.raises(WrongUse):
            await files.upload(each, path, "penalties", "daily", lambda _share: None)
