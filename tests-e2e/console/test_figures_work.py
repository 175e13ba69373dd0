"""What waits for whom: every queue of every staff role is as long as the services say."""

from collections.abc import Callable
from typing import Any

import pytest
from agreeing import agree
from httpapi.identity import STAFF, Role
from playwright.sync_api import Page
from work import Work, queues_shown

pytestmark = pytest.mark.page("/")


@pytest.mark.parametrize("role", sorted(STAFF))
def test_the_queues_of_a_role_are_as_long_as_the_services_say(
    role: Role, page_as: Callable[..., Page], ask: Callable[..., Any]
) -> None:
    """Once as they are, and once with no two alike of what classification counts: in a quiet city these are 0."""
    page = page_as(role)
    agree(page, lambda: queues_shown(page), lambda: Work(ask, role).queues())
    names = ask("classification/v1/work/counts", role)
    waiting = {name: 1_000 + number for number, name in enumerate(names)}
    page.route("**/classification/v1/work/counts*", lambda route: route.fulfill(json=waiting))

    page.reload()

    agree(page, lambda: queues_shown(page), lambda: Work(ask, role, waiting=waiting).queues())
