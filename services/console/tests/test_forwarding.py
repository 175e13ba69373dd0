"""What the page asks of services passes through, and nothing else does."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from console_service.rules.paths import SERVICES
from console_world import World, entries_of, world_of
from little_service import SHOP


async def test_a_request_reaches_the_service_with_its_own_persons_token(world: World) -> None:
    async with world.as_("bob") as browser:
        answer = await browser.get(
            "/api/profiling/v1/entities?q=%E9%94%A6&limit=3", headers={"If-Match": '"1"'}
        )

    told = answer.json()
    assert (told["subject"], told["role"], told["area"]) == ("bob", "area_officer", "510104")
    assert told["query"] == "q=%E9%94%A6&limit=3"
    assert told["headers"]["if-match"] == '"1"'


async def test_neither_cookies_nor_what_is_of_one_connection_pass(world: World) -> None:
    async with world.as_("bob") as browser:
        answer = await browser.get(
            "/api/profiling/v1/echo", headers={"X-Forwarded-For": "1.2.3.4", "X-Api-Key": "k"}
        )

    assert (
        not {"cookie", "x-forwarded-for", "x-api-key", "x-creditloop-console"}
        & answer.json()["headers"].keys()
    )
    assert not {"set-cookie", "x-hop"} & answer.headers.keys()
    assert answer.headers["etag"] == '"7"'


async def test_what_a_service_gives_one_person_is_sent_with_nobody_elses_request(world: World) -> None:
    """One client asks for everybody: a cookie it kept would go out with the next person's request."""
    async with world.as_("ann") as ann, world.as_("bob") as bob:
        await ann.get("/api/profiling/v1/echo")
        answer = await bob.get("/api/profiling/v1/echo")

    assert "cookie" not in answer.json()["headers"]


async def test_a_long_body_passes_through(world: World) -> None:
    """An upload is larger than a request may be that is held as a whole."""
    size = 20 * 1024 * 1024

    async def content() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * (size // 20)

    async with world.as_("ann") as browser:
        headers = {"Upload-Offset": "0", "Content-Length": str(size)}
        answer = await browser.put("/api/ingestion/v1/files/7", content=content(), headers=headers)

    assert answer.json()["size"] == size
    assert answer.json()["headers"]["upload-offset"] == "0"


async def test_an_answer_is_passed_on_while_it_comes(world: World) -> None:
    async with world.as_("bob") as browser, browser.stream("GET", "/api/ingestion/v1/stream") as answer:
        parts = answer.aiter_lines()
        first = await asyncio.wait_for(anext(parts), 5)
        world.asked.first_chunk.set()
        second = await asyncio.wait_for(anext(parts), 5)

    assert (first, second) == ("first", "second")


@pytest.mark.parametrize(
    "path",
    [
        "/api/profiling/v1/../metrics",
        "/api/profiling/v1/%2e%2e/metrics",
        "/api/profiling/v1/x/%252e%252e/%252e%252e/metrics",
        "/api/profiling/v1/..%2fmetrics",
        "/api/profiling/v1/..%5cmetrics",
        "/api/profiling/v1//x",
        "/api/profiling/v1/a%00b",
        "/api/profiling/health/ready",
        "/api/profiling/metrics",
        "/api/console/v1/x",
        "/api/profiling/v1/",
    ],
)
async def test_nothing_but_what_is_below_v1_is_reached(world: World, path: str) -> None:
    async with world.as_("ann") as browser:
        answer = await browser.send(_as_written(browser, path))

    assert answer.status_code == 404
    assert not world.asked.requests


async def test_a_service_that_is_down_is_told_in_plain_words(empty_database: str, tmp_path: Path) -> None:
    urls = dict.fromkeys(SERVICES, "http://127.0.0.1:9")
    async with world_of(empty_database, tmp_path, service_urls=urls) as world, world.as_("bob") as browser:
        answer = await browser.get("/api/sampling/v1/plans")

    assert answer.status_code == 503
    assert "sampling does not answer" in answer.json()["detail"]
    assert answer.headers["retry-after"] == "5"


async def test_where_a_service_sends_on_to_is_an_address_of_the_console(world: World) -> None:
    async with world.as_("bob") as browser:
        answer = await browser.get("/api/repair/v1/moved", follow_redirects=False)

    assert answer.headers["location"] == "/api/repair/v1/echo"


async def test_an_officer_of_another_area_gets_what_the_service_answers_them(world: World) -> None:
    async with world.as_("bob") as own, world.as_("wu") as other:
        path = f"/api/classification/v1/entities/{SHOP}/class"
        answers = [await own.get(path), await other.get(path)]

    assert [answer.status_code for answer in answers] == [200, 404]


@pytest.mark.parametrize("username", ["shop", "mall", "source"])
async def test_a_service_that_forgot_to_guard_gives_no_class_to_outsiders(
    world: World, username: str
) -> None:
    async with world.as_(username) as browser:
        answers = [
            await browser.get(f"/api/{service}/v1/{path}")
            for service in SERVICES
            for path in ("classes", f"entities/{SHOP}/class", "anything")
        ]

    assert {answer.status_code for answer in answers} == {403}
    assert not any("B" in answer.text.split() for answer in answers)


async def test_outsiders_may_ask_what_is_meant_for_them(world: World) -> None:
    async with world.as_("shop") as shop, world.as_("mall") as mall, world.as_("source") as source:
        answers = [
            await shop.get("/api/repair/v1/my/records"),
            await mall.post("/api/notification/v1/clues/7/answer", json={}),
            await source.patch("/api/ingestion/v1/files/7/content", content=b"x"),
        ]

    assert [answer.status_code for answer in answers] == [200, 201, 200]


def _as_written(browser: httpx.AsyncClient, path: str) -> httpx.Request:
    """The request with its path as it stands here: clients tidy paths up, attackers do not."""
    request = browser.build_request("GET", "/")
    request.url = httpx.URL(request.url).copy_with(raw_path=path.encode())
    return request


async def test_an_upload_that_breaks_off_is_no_fault_of_ours(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody closes the lid while a file goes up: the service gets no whole request, and nobody is woken for it."""

    async def content() -> AsyncIterator[bytes]:
        yield b"x" * 1024
        raise ConnectionAbortedError

    async with world.as_("ann") as browser:
        with contextlib.suppress(ConnectionAbortedError):
            await browser.put(
                "/api/ingestion/v1/files/7", content=content(), headers={"Content-Length": "4096"}
            )
        entries = await entries_of(browser, 1)

    assert (entries[0]["method"], entries[0]["status"]) == ("PUT", None)
    assert not world.asked.requests
    assert "unexpected_error" not in capsys.readouterr().out
