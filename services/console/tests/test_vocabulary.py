"""The names of codes, and the audit's events."""

from console_world import World


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


def _of(words: list[dict[str, str]], code: str) -> dict[str, str]:
    return next(word for word in words if word["code"] == code)
