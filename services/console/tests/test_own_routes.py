"""The names of codes, and an audit that cannot be made."""

from pathlib import Path

from console_service.rules.paths import SERVICES
from console_world import World, world_of


async def test_whoever_is_logged_in_reads_the_names_of_codes(world: World) -> None:
    """23 areas, of which three are function zones without an official code."""
    async with world.as_("shop") as browser:
        words = (await browser.get("/api/vocabulary")).json()

    assert words["city"] == "510100"
    assert len(words["areas"]) == 23
    assert [area["code"] for area in words["areas"] if not area["official"]] == ["5101Z1", "5101Z2", "5101Z3"]
    assert {"code": "price", "zh": "价格", "en": "Price"}.items() <= _of(words["sectors"], "price").items()


async def test_only_who_keeps_the_system_whole_may_audit(world: World) -> None:
    async with world.as_("bob") as officer, world.as_("shop") as shop:
        answers = [await officer.get("/api/live/audit"), await shop.get("/api/live/audit")]

    assert [answer.status_code for answer in answers] == [403, 403]


async def test_an_audit_says_which_service_does_not_answer(empty_database: str, tmp_path: Path) -> None:
    """The stream has begun by then, so that it is told in the stream."""
    urls = dict.fromkeys(SERVICES, "http://127.0.0.1:9")
    async with world_of(empty_database, tmp_path, service_urls=urls) as world, world.as_("audit") as browser:
        told = (await browser.get("/api/live/audit")).text

    assert told.startswith("event: problem\ndata: ")
    assert "does not answer" in told


def _of(words: list[dict[str, str]], code: str) -> dict[str, str]:
    return next(word for word in words if word["code"] == code)
