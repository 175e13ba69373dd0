"""What the routes are given."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from httpapi.problems import Overloaded

from console_service.rules.addresses import Networks
from console_service.signing_in import IssuerClient, LoginDesk, Passwords, TokenSource
from console_service.store import AccessLog, Accounts
from console_service.upstream import Forwarder, LoopWatch, Services


class LoginSilent(Overloaded):
    """Raised when the issuer does not answer."""

    slug, title = "login-silent", "The login service does not answer"


@dataclass(frozen=True, slots=True)
class Edge:
    """The parts of the process that requests meet.

    Attributes:
        desk: lets people in and out.
        tokens: what services are sent for a session.
        accounts: built-in accounts; None where an issuer lets people in.
        passwords: how theirs are hashed.
        issuer: that issuer; None with built-in accounts.
        issuer_name: what the login page calls it.
        access_log: who read or changed what.
        forwarder: passes requests on.
        services: asks services itself, for workbooks and audits.
        watch: how the stages turn.
        page: the folder with the built page.
        proxies: networks of proxies whose word on addresses is believed.
        secure: cookies go by https only.
        clock: the time now, UTC.
    """

    desk: LoginDesk
    tokens: TokenSource
    accounts: Accounts | None
    passwords: Passwords
    issuer: IssuerClient | None
    issuer_name: str
    access_log: AccessLog
    forwarder: Forwarder
    services: Services
    watch: LoopWatch
    page: Path
    proxies: Networks
    secure: bool
    clock: Callable[[], datetime]
