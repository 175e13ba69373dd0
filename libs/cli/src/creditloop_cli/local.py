"""The local stack as the commands use it: its services' environment, its keys, its tokens."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from httpapi.identity import Role
from httpapi.issuer import LONGEST_TTL_S, LocalIssuer
from localstack import Stack
from localstack.layout import layout
from localstack.services import SERVICES

from creditloop_cli.errors import NotUp
from creditloop_cli.sources import bootstrap_file


def local_stack(name: str, first_day: date | None = None) -> Stack:
    """The stack of this name, its services told what local use needs.

    `first_day` is the business day an empty profiling starts with; today in Shanghai when None.
    """

    def environment(service: str, state: Path) -> Mapping[str, str]:
        more = {"BUSINESS_DAY": first_day.isoformat()} if first_day and service == "profiling" else {}
        return {**service_environment(service, state), **more}

    return Stack(name, environment=environment)


def service_environment(service: str, state: Path) -> Mapping[str, str]:
    """What a service of a local stack is told beyond the usual; the files named exist afterwards."""
    more = {"IDENTITY_JWKS_FILE": str(issuer(state).jwks_file)}
    if service == "ingestion":
        more["BOOTSTRAP_SOURCES_FILE"] = str(bootstrap_file(state))
    if service == "notification":
        more["ALLOW_PRIVATE_WEBHOOKS"] = "true"
        more["NOTIFICATION_OUTBOX_DIR"] = str(outbox_folder(state))
    return more


def issuer(state: Path) -> LocalIssuer:
    """The stack's own issuer of tokens."""
    return LocalIssuer(state / "identity")


def outbox_folder(state: Path) -> Path:
    """Where letters are written."""
    return state / "outbox"


def state_folder(name: str) -> Path:
    """The folder of the stack's state, whether it exists or not."""
    return layout(name).state


def staff_token(state: Path, role: Role = Role.CITY_ADMINISTRATOR, *, ttl_s: int = LONGEST_TTL_S) -> str:
    """A token for commands of ours, that holds as long as one may; less where it is handed out."""
    return issuer(state).issue(role, subject=subject_of(role), ttl_s=ttl_s)


def subject_of(role: Role) -> str:
    """Who a command of ours is, in this role."""
    return f"local:creditloop-{role}"


async def require_up(name: str) -> Stack:
    """The stack, every service of which runs.

    Raises:
        NotUp: It was never started, or some service does not run.
    """
    stack = local_stack(name)
    healthy = {each.name for each in await stack.status() if each.health == "ready"}
    missing = [service for service in SERVICES if service not in healthy]
    if len(missing) == len(SERVICES):
        raise NotUp(f"stack '{name}' is not up: start it with `creditloop up --stack {name}`")
    if missing:
        raise NotUp(
            f"stack '{name}' runs without {', '.join(missing)}: see `creditloop status --stack {name}`"
        )
    return stack
