"""Guessing is slow, and costs nobody else their way in."""

from console_world import PASSWORD, World, console_of, log_in

WRONG = "not the password"


async def test_after_some_failures_even_the_right_password_waits(world: World) -> None:
    async with world.browser() as browser:
        answers = [await log_in(browser, "bob", WRONG) for _ in range(6)]
        right = await log_in(browser, "bob")

    assert [answer.status_code for answer in answers[:5]] == [401] * 5
    assert right.status_code == 429
    assert int(right.headers["retry-after"]) >= 1


async def test_a_restart_forgets_no_failure(world: World) -> None:
    async with world.browser() as browser:
        for _ in range(6):
            await log_in(browser, "bob", WRONG)
    async with console_of(world.settings) as (url, _), world.browser() as browser:
        browser.base_url = url
        answer = await log_in(browser, "bob")

    assert answer.status_code == 429


async def test_who_guesses_at_a_name_does_not_lock_its_owner_out(world: World) -> None:
    """Their own browser has opened the account before: only its own failures count for it."""
    async with world.browser() as own, world.browser() as guesser:
        await log_in(own, "bob")
        await own.delete("/api/session")
        for _ in range(8):
            await log_in(guesser, "bob", WRONG)

        answers = [await log_in(guesser, "bob"), await log_in(own, "bob")]

    assert [answer.status_code for answer in answers] == [429, 201]


async def test_a_colleague_at_the_same_address_is_not_locked_out(world: World) -> None:
    async with world.browser() as guesser, world.browser() as colleague:
        for _ in range(7):
            await log_in(guesser, "bob", WRONG)

        answer = await log_in(colleague, "ann")

    assert answer.status_code == 201


async def test_a_known_browser_guesses_no_faster(world: World) -> None:
    async with world.browser() as own:
        await log_in(own, "bob")
        answers = [await log_in(own, "bob", WRONG) for _ in range(7)]

    assert answers[-1].status_code == 429


async def test_a_success_forgives_what_one_failed_before(world: World) -> None:
    async with world.browser() as browser:
        for _ in range(3):
            for _ in range(4):
                await log_in(browser, "bob", WRONG)
            last = await log_in(browser, "bob", PASSWORD)

    assert last.status_code == 201
