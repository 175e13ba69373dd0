"""The cookies we set: never readable by a script, never sent along by another site's request that changes something.

Source: RFC 6265bis (HttpOnly, SameSite, Secure).
"""

from dataclasses import dataclass
from typing import Final, Literal

from starlette.responses import Response

from console_service.rules.sessions import LONGEST


@dataclass(frozen=True, slots=True)
class Cookie:
    """One kind of cookie."""

    name: str
    path: str
    lasts_s: int
    same_site: Literal["lax", "strict"]

    def give(self, response: Response, value: str, *, secure: bool) -> None:
        """The browser keeps this value."""
        response.set_cookie(
            self.name,
            value,
            max_age=self.lasts_s,
            path=self.path,
            httponly=True,
            samesite=self.same_site,
            secure=secure,
        )

    def take_back(self, response: Response, *, secure: bool) -> None:
        """The browser forgets it."""
        response.delete_cookie(
            self.name, path=self.path, httponly=True, samesite=self.same_site, secure=secure
        )


SESSION: Final = Cookie("creditloop_session", "/", int(LONGEST.total_seconds()), "lax")
DEVICE: Final = Cookie("creditloop_device", "/api/session", 90 * 24 * 3600, "strict")
BEGUN: Final = Cookie("creditloop_oidc", "/api/oidc", 600, "lax")
