"""The fictional platform: it subscribes, receives clues at its own address, and answers one."""

import asyncio
import time
from collections.abc import Collection

from httpapi.identity import Role

from creditloop_cli.city.packs import words
from creditloop_cli.demo.receiver import Receiver
from creditloop_cli.demo.story import Clues
from creditloop_cli.local import issuer, state_folder
from creditloop_cli.services import Services

_ACTION = "rectified"
_REMARK = "已督促经营者整改（虚构答复） The operator was urged to put it right (fictional answer)"
_PATIENCE_S = 60.0
_POLL_S = 0.25


async def subscribe(services: Services, receiver: Receiver) -> None:
    """The platform has a subscription, and the receiver trusts its secret."""
    platform = words().platforms[0]
    body = {"code": platform.code, "name": platform.name, "webhook_url": receiver.url}
    made = await services.post("notification", "/v1/platforms", body, key=f"demo-{platform.code}")
    receiver.trust(made["secret"])


async def receive_all(services: Services, receiver: Receiver) -> None:
    """Every clue for the platform was received, or a minute has passed."""
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        if await _clues(services) <= len(receiver.clues):
            return
        await asyncio.sleep(_POLL_S)


async def answer_one(services: Services, receiver: Receiver, stack: str, drawn: Collection[str]) -> Clues:
    """The platform answered one clue it received: about a drawn entity if it can, whose way is then the longest.

    An answer, not a 200, is what ends a clue.
    """
    said = [clue["data"] for clue in receiver.clues.values()]
    told = [data for data in said if isinstance(data, dict)]
    first = min(told, key=lambda data: (data["uscc"] not in drawn, data["clue_id"]), default=None)
    if first is None:
        return Clues(0, receiver.refused, "", "")
    platform = words().platforms[0].code
    token = issuer(state_folder(stack)).issue(Role.PLATFORM, platform=platform)
    path, body = f"/v1/clues/{first['clue_id']}/answer", {"action": _ACTION, "remark": _REMARK}
    answered = await services.as_(token).post("notification", path, body, key=f"demo-{first['clue_id']}")
    return Clues(len(receiver.clues), receiver.refused, str(first["uscc"]), str(answered["action"]))


async def _clues(services: Services) -> int:
    rows = await services.get("notification", "/v1/statistics")
    return sum(
        row["count"] for row in rows if row["what"] == "clue" and row["group"] == words().platforms[0].code
    )
