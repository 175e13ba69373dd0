"""The fictional platform: it subscribes, receives clues at its own address, and answers one."""

import asyncio
import time
from collections.abc import Collection

from httpapi.identity import Role

from creditloop_cli.city.packs import words
from creditloop_cli.demo.receiver import Receiver
from creditloop_cli.demo.story import Clues
from creditloop_cli.errors import TooSlow
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
    """The platform knows of every clue that stands, and of every one it was told of that it is withdrawn.

    Raises:
        TooSlow: It did not after a minute.
    """
    deadline = time.monotonic() + _PATIENCE_S
    while (missing := await _clues(services) - len(_clues_that_stand(receiver))) != 0:
        if time.monotonic() > deadline:
            what = "clues" if missing > 0 else "withdrawals of clues"
            raise TooSlow(f"{abs(missing)} {what} have not reached the platform after {_PATIENCE_S:g} s")
        await asyncio.sleep(_POLL_S)


async def answer_one(services: Services, receiver: Receiver, stack: str, drawn: Collection[str]) -> Clues:
    """The platform answered one clue it received: about a drawn entity if it can, whose way is then the longest.

    An answer, not a 200, is what ends a clue.
    """
    told = _clues_that_stand(receiver)
    first = min(told, key=lambda data: (data["uscc"] not in drawn, data["clue_id"]), default=None)
    if first is None:
        return Clues(0, receiver.refused, "", "")
    platform = words().platforms[0].code
    token = issuer(state_folder(stack)).issue(Role.PLATFORM, platform=platform)
    path, body = f"/v1/clues/{first['clue_id']}/answer", {"action": _ACTION, "remark": _REMARK}
    answered = await services.as_(token).post("notification", path, body, key=f"demo-{first['clue_id']}")
    return Clues(len(told), receiver.refused, str(first["uscc"]), str(answered["action"]))


def _clues_that_stand(receiver: Receiver) -> list[dict[str, object]]:
    """What was told of each clue that was not withdrawn since: a withdrawn one takes no answer.

    Over a copy: the receiver's threads go on taking clues.
    """
    said = [(told["type"], told["data"]) for told in list(receiver.clues.values())]
    over = {data["clue_id"] for kind, data in said if kind == "clue.withdrawn" and isinstance(data, dict)}
    return [
        data
        for kind, data in said
        if kind == "clue.created" and isinstance(data, dict) and data["clue_id"] not in over
    ]


async def _clues(services: Services) -> int:
    rows = await services.get("notification", "/v1/statistics")
    return sum(
        row["count"]
        for row in rows
        if row["what"] == "clue" and row["group"] == words().platforms[0].code and row["state"] != "withdrawn"
    )
