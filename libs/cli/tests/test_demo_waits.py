"""The demo waits for what it tells of, and says so when it does not come."""

from typing import Any

import pytest
from creditloop_cli.city.packs import words
from creditloop_cli.demo import platform
from creditloop_cli.demo.receiver import Receiver
from creditloop_cli.errors import TooSlow


class _Notification:
    """A notification service with one clue for the demo's platform."""

    async def get(self, _service: str, _path: str) -> list[dict[str, object]]:
        return [{"what": "clue", "group": words().platforms[0].code, "state": "created", "count": 1}]


async def test_a_clue_that_never_arrives_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A demo that goes on without it would show a loop that did not turn."""
    monkeypatch.setattr(platform, "_PATIENCE_S", 0.0)
    services: Any = _Notification()

    with pytest.raises(TooSlow, match="1 clues"):
        await platform.receive_all(services, Receiver())
