"""The cookies we set: never readable by a script, never sent along by another site's request that changes something.

Where they go by https only, their names say so, and browsers take such names from nobody else: not from a page of a
neighbouring name, and not from one that came by plain http.

Source: RFC 6265bis (HttpOnly, SameSite, Secure, and section 4.1.3 for the prefixes of names).
"""

from dataclasses import dataclass
from typing import Final, Literal

from starlette.requests import Request
from starlette.responses import Response

from console_service.rules.sessions import LONGEST


@dataclass(frozen=True, slots=True)
class Cookie:
    """One kind of cookie."""

    name: str
    path: str
    lasts_s: int
    same_site: Literal["lax", "strict"]

    def called(self, *, secure: bool) -> str:
        """Its name in browsers."""
        if not secure:
            return self.name
        return f"__Host-{self.name}" if self.path == "/" else f"__Secure-{self.name}"

    def shown(self, request: Request, *, secure: bool) -> str:
        """What the browser shows; empty where it has none."""
        return request.cookies.get(self.called(secure=secure), "")

    def give(self, response: Response, value: str, *, secure: bool) -> None:
        """The browser keeps this value."""
        response.set_cookie(
            self.called(secure=secure),
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
            self.called(secure=secure),
            path=self.path,
            httponly=True,
            samesite=self.same_site,
            secure=secure,
        )


SESSION: Final = Cookie("creditloop_session", "/", int(LONGEST.total_seconds()), "lax")
DEVICE: Final = Cookie("creditloop_device", "/api/session", 90 * 24 * 3600, "strict")
BEGUN: Final = Cookie("creditloop_oidc", "/api/oidc", 600, "lax")
