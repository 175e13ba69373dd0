"""The built page."""

from pathlib import Path

import httpx
import pytest
from console_world import PAGE, World, world_of


@pytest.fixture
def plain() -> dict[str, str]:
    return {"Accept-Encoding": "identity"}


async def test_every_path_of_the_pages_own_is_the_page(world: World, plain: dict[str, str]) -> None:
    async with world.browser() as browser:
        answers = [await browser.get(path, headers=plain) for path in ("/", "/entities/91510104YY0000079X")]

    assert {answer.content for answer in answers} == {PAGE["index.html"]}
    assert answers[0].headers["cache-control"] == "no-cache"
    assert "default-src 'self'" in answers[0].headers["content-security-policy"]


async def test_the_smallest_form_that_the_browser_takes_is_sent(world: World) -> None:
    async with world.browser() as browser:
        encodings = [
            await _encoding(browser, accepted)
            for accepted in ("gzip, br", "gzip", "br;q=0, gzip", "identity", "")
        ]

    assert encodings == ["br", "gzip", "gzip", None, None]


async def test_what_is_named_by_its_content_is_kept_for_ever(world: World, plain: dict[str, str]) -> None:
    async with world.browser() as browser:
        answer = await browser.get("/assets/app-1a2b.js", headers=plain)

    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/javascript")


async def test_what_the_browser_has_is_not_sent_again(world: World, plain: dict[str, str]) -> None:
    async with world.browser() as browser:
        first = await browser.get("/", headers=plain)
        again = await browser.get("/", headers={**plain, "If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")


async def test_a_file_that_is_not_there_is_not_the_page(world: World) -> None:
    async with world.browser() as browser:
        answers = [
            await browser.get(path)
            for path in ("/assets/gone.js", "/robots.txt", "/..%2f..%2fetc/passwd.txt")
        ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


async def test_a_console_without_its_page_says_so(empty_database: str, tmp_path: Path) -> None:
    async with (
        world_of(empty_database, tmp_path, page_dir=str(tmp_path / "none")) as world,
        world.browser() as browser,
    ):
        answer = await browser.get("/")

    assert answer.status_code == 503
    assert "not built" in answer.text


async def test_health_is_told_without_a_login(world: World) -> None:
    async with world.browser() as browser:
        answer = await browser.get("/health/ready")

    assert answer.json() == {"status": "ok", "checks": ["database"]}


async def _encoding(browser: httpx.AsyncClient, accepted: str) -> str | None:
    request = browser.build_request("GET", "/", headers={"Accept-Encoding": accepted})
    answer = await browser.send(request, stream=True)
    await answer.aclose()
    return answer.headers.get("content-encoding")
