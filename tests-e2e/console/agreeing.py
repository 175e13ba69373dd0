"""A page beside what the services answer: waited for until both say the same, and told apart where they do not."""

import time
from collections.abc import Callable
from typing import Any

from browsing import PATIENCE_MS
from playwright.sync_api import Locator, Page, Route
from reading import paired

_POLL_MS = 100


def agree(
    page: Page, shown: Callable[[], Any], told: Callable[[], Any], *, may_be_none: bool = False
) -> None:
    """What the page shows comes to be what is told; both are read anew until they agree.

    Two empty lists agree on nothing: only where the test knows why there may be none is that enough.
    """
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while (seen := shown()) != (said := told()) and time.monotonic() < deadline:
        page.wait_for_timeout(_POLL_MS)
    assert seen == said, f"shown: {seen}\ntold: {said}"
    assert may_be_none or said not in ([], {}, ""), "nothing was told, and so nothing compared"


def instead(page: Page, url: str, change: Callable[[Any], Any]) -> None:
    """The page is answered what `change` makes of the service's answer: figures that a quiet city does not have."""

    def answer(route: Route) -> None:
        told = route.fetch()
        route.fulfill(response=told, json=change(told.json()))

    page.route(url, answer)


def heads(place: Locator) -> list[str]:
    """What the columns of a table are called."""
    return [each.strip() for each in place.locator("thead").first.locator("th").all_inner_texts()]


def statistics(place: Locator) -> list[list[str]]:
    """Single figures, each with what it is of."""
    return paired(place, ".ant-statistic-title", ".ant-statistic-content")
