"""What every service tells of itself at one moment: its lanes, and its metrics."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import httpx
from prometheus_client.parser import text_string_to_metric_families

from console_service.model import LaneReading, Reading
from console_service.rules.paths import SERVICES

OwnToken = Callable[[], Awaitable[str | None]]
_PATIENCE_S = 3.0
_SILENT = Reading(0.0, up=False, lanes=None, dead_letters=None, oldest_pending_s=None, figures={})


class LoopReader:
    """Reads all services at once, with the console's own token: an auditor's, who may see how lanes stand.

    A service that does not answer within three seconds is down.
    """

    def __init__(self, client: httpx.AsyncClient, urls: Mapping[str, str], own_token: OwnToken) -> None:
        self._client = client
        self._urls = {name: url.rstrip("/") for name, url in urls.items()}
        self._own_token = own_token

    async def __call__(self) -> dict[str, Reading]:
        """One reading of each service."""
        token = await self._own_token()
        readings = await asyncio.gather(*(self._of(service, token) for service in SERVICES))
        return dict(zip(SERVICES, readings, strict=True))

    async def _of(self, service: str, token: str | None) -> Reading:
        try:
            async with asyncio.timeout(_PATIENCE_S):
                metrics, flow = await asyncio.gather(
                    self._client.get(f"{self._urls[service]}/metrics"), self._flow(service, token)
                )
        except (httpx.HTTPError, TimeoutError):
            return _SILENT
        return _reading(flow, metrics.text if metrics.is_success else "")

    async def _flow(self, service: str, token: str | None) -> Any:
        if token is None:
            return None
        headers = {"Authorization": f"Bearer {token}"}
        answer = await self._client.get(f"{self._urls[service]}/v1/flow", headers=headers)
        return answer.json() if answer.is_success else None


def _reading(flow: Any, metrics: str) -> Reading:
    lanes = None if flow is None else tuple(_lane(row) for row in flow["lanes"])
    return Reading(
        at_s=time.monotonic(),
        up=True,
        lanes=lanes,
        dead_letters=None if flow is None else flow["open_dead_letters"],
        oldest_pending_s=_oldest(flow),
        figures=_figures(metrics),
    )


def _lane(row: Any) -> LaneReading:
    return LaneReading(row["topic"], row["read"], row["lag"], row["published"], row["pending_batches"])


def _oldest(flow: Any) -> float | None:
    """Seconds for which the oldest unpublished batch has waited."""
    moments = [lane["oldest_pending_at"] for lane in (flow or {"lanes": []})["lanes"]]
    waiting = [datetime.fromisoformat(moment) for moment in moments if moment]
    return (datetime.now(UTC) - min(waiting)).total_seconds() if waiting else None


def _figures(text: str) -> dict[str, float]:
    sums: dict[str, float] = defaultdict(float)
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            sums[sample.name] += sample.value
    return dict(sums)
