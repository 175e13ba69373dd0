"""How people get in: passwords or an issuer, cookies, and the tokens that services are sent."""

from console_service.signing_in.desk import Attempt, Entered, LoginDesk
from console_service.signing_in.issuer import Issuer, IssuerClient
from console_service.signing_in.passwords import Passwords
from console_service.signing_in.tokens import IssuerTokens, LocalTokens, TokenSource

__all__ = [
    "Attempt",
    "Entered",
    "Issuer",
    "IssuerClient",
    "IssuerTokens",
    "LocalTokens",
    "LoginDesk",
    "Passwords",
    "TokenSource",
]
