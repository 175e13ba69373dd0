"""`creditloop login ROLE`: a token for local use."""

from typing import Annotated

import typer
from httpapi.identity import ClaimNames, Role, caller_from_claims
from httpapi.problems import Unauthenticated
from vocabulary.areas import CITY, areas, current_code
from vocabulary.uscc import is_valid, normalise

from creditloop_cli.commands.options import DEFAULT_STACK, StackName
from creditloop_cli.errors import NotUp, WrongUse
from creditloop_cli.local import issuer, state_folder
from creditloop_cli.output import show_text

_LEAST_S = 1
_MOST_HOURS = 12


def login(
    role: Annotated[str, typer.Argument(help=f"One of: {', '.join(Role)}.")],
    *,
    area: Annotated[str | None, typer.Option(metavar="CODE", help="Area of a member of staff.")] = None,
    entity: Annotated[str | None, typer.Option(metavar="USCC", help="Code an enterprise acts for.")] = None,
    platform: Annotated[str | None, typer.Option(metavar="CODE", help="Platform company.")] = None,
    source: Annotated[str | None, typer.Option(metavar="NAME", help="Source system.")] = None,
    hours: Annotated[float, typer.Option(help="How long it holds, 12 at most.")] = 1.0,
    stack: StackName = DEFAULT_STACK,
) -> None:
    """Print a token for ROLE, and nothing else. Local use only."""
    code = normalise(entity) if entity else None
    claims = {"area": area, "entity": code, "platform": platform, "source": source}
    _check(role, claims, hours)
    state = state_folder(stack)
    if not state.exists():
        raise NotUp(f"stack '{stack}' was never started: start it with `creditloop up --stack {stack}`")
    show_text(issuer(state).issue(role, **claims, ttl_s=round(hours * 3600)))


def _check(role: str, claims: dict[str, str | None], hours: float) -> None:
    """The token would be accepted by the services.

    Raises:
        WrongUse: It would not.
    """
    if role not in set(Role):
        raise WrongUse(f"unknown role '{role}': one of {', '.join(Role)}")
    if not _LEAST_S / 3600 <= hours <= _MOST_HOURS:
        raise WrongUse(f"--hours must be a second at least and at most {_MOST_HOURS}")
    if (area := claims["area"]) and area != CITY and current_code(area) not in areas():
        raise WrongUse(f"unknown area '{area}': {CITY} or one of {', '.join(areas())}")
    if (entity := claims["entity"]) and not is_valid(entity):
        raise WrongUse(f"'{entity}' is no valid unified social credit code")
    given = {name: value for name, value in claims.items() if value}
    try:
        caller_from_claims({"sub": "local", "role": role, **given}, ClaimNames())
    except Unauthenticated as error:
        raise WrongUse(f"{error.detail} Give it with an option, such as --area 510104") from error
