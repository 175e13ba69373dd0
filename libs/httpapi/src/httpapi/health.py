"""Is the process alive, and is it ready for work: what a supervisor and a load balancer ask."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog
from fastapi import APIRouter
from pydantic import BaseModel

from httpapi.access import public
from httpapi.field_errors import FieldError
from httpapi.problems import ProblemError

Check = Callable[[], Awaitable[object]]
"""Returns when the thing it checks works, and raises when it does not."""

Checks = Mapping[str, Check]

_log = structlog.get_logger(log="health")
_OPEN = (
    "supervisors and load balancers ask without credentials; the answer names parts, nothing of their content"
)


class NotReady(ProblemError):
    """Raised when something the service needs does not work; the failing parts are named."""

    slug, title, status = "not-ready", "The service is not ready", 503


class Health(BaseModel):
    """The answer when all is well, with the parts that were checked."""

    status: str = "ok"
    checks: list[str] = []


def health_router(checks: Checks, *, timeout_s: float = 2.0) -> APIRouter:
    """Routes `/health/live` and `/health/ready`; the latter runs all checks at once."""
    router = APIRouter(prefix="/health", tags=["health"])

    @router.get("/live", summary="Whether the process lives 存活检查", dependencies=[public(_OPEN)])
    async def live() -> Health:
        return Health()

    @router.get("/ready", summary="Whether it can work 就绪检查", dependencies=[public(_OPEN)])
    async def ready() -> Health:
        answers = await asyncio.gather(*(_run(name, check, timeout_s) for name, check in checks.items()))
        if failed := [answer for answer in answers if answer is not None]:
            raise NotReady(errors=failed, headers={"Retry-After": "1"})
        return Health(checks=list(checks))

    return router


async def _run(name: str, check: Check, timeout_s: float) -> FieldError | None:
    try:
        async with asyncio.timeout(timeout_s):
            await check()
    except TimeoutError:
        return FieldError(name, "did not answer in time", f"an answer within {timeout_s:g} s")
    except Exception as error:  # noqa: BLE001 - any failure of a check means the part is not ready
        _log.warning("check_failed", check=name, exc_info=error)
        return FieldError(name, "does not work", "a working connection")
    return None
