"""A small OIDC issuer, run as a process of its own: `python oidc_issuer.py`; it prints its URL.

It is strict where issuers are: one use of a code, the redirect URI word for word, PKCE, the client's secret. Who
logs in is said by the browser with `as=`, or by `/control`, as is what is to go wrong.
"""

import asyncio
import base64
import hashlib
import secrets
import time
from typing import Any
from urllib.parse import parse_qs, urlencode

import uvicorn
from httpapi.server import _listen
from joserfc import jwt
from joserfc.jwk import ECKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "console", "a secret:with/signs"
PEOPLE = {
    "ann": {"sub": "u-1", "role": "city_administrator", "name": "安娜", "preferred_username": "ann"},
    "bob": {"sub": "u-2", "role": "area_officer", "area": "510104", "preferred_username": "bob"},
    "guest": {"sub": "u-3", "role": "visitor", "preferred_username": "guest"},
}
OWN = {"sub": "console", "role": "auditor"}


class Issuer:
    def __init__(self, url: str) -> None:
        self.url = url
        self.key = ECKey.generate_key("P-256")
        self.codes: dict[str, dict[str, str]] = {}
        self.refreshes: dict[str, str] = {}
        self.control: dict[str, Any] = {}

    async def discovery(self, _request: Request) -> Response:
        named = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/jwks"}
        if not self.control.get("plain"):
            named |= {"end_session_endpoint": "/logout", "revocation_endpoint": "/revoke"}
        issuer = self.control.get("issuer", self.url)
        return JSONResponse({"issuer": issuer, **{name: self.url + path for name, path in named.items()}})

    async def jwks(self, _request: Request) -> Response:
        public = {**self.key.as_dict(private=False), "kid": self.key.thumbprint(), "use": "sig"}
        return JSONResponse({"keys": [public]})

    async def authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        back = asked["redirect_uri"]
        asked["as"] = asked.get("as", self.control.get("as", ""))
        if asked["as"] not in PEOPLE:
            return RedirectResponse(
                f"{back}?{urlencode({'error': 'access_denied', 'state': asked['state']})}", 302
            )
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        return RedirectResponse(
            f"{back}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.url})}", 302
        )

    async def token(self, request: Request) -> Response:
        form = await self._known_form(request)
        if form is None:
            return JSONResponse({"error": "invalid_client"}, 401)
        if self.control.get("down"):
            return JSONResponse({}, 500)
        if form["grant_type"] == "client_credentials":
            return JSONResponse(
                {"access_token": self._access(OWN), "token_type": "Bearer", "expires_in": 300}
            )
        return self._by_code(form) if form["grant_type"] == "authorization_code" else self._by_refresh(form)

    async def _known_form(self, request: Request) -> dict[str, str] | None:
        """What the console sent, if it is the console."""
        told = base64.b64encode(
            f"{CLIENT}:{SECRET.replace(':', '%3A').replace('/', '%2F').replace(' ', '%20')}".encode()
        )
        if request.headers.get("authorization") != f"Basic {told.decode()}":
            return None
        return {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}

    async def revoke(self, request: Request) -> Response:
        form = await self._known_form(request)
        if form is None:
            return JSONResponse({"error": "invalid_client"}, 401)
        if self.control.get("down"):
            return JSONResponse({}, 500)
        self.refreshes.pop(form["token"], None)
        return Response(status_code=200)

    async def renewable(self, _request: Request) -> Response:
        return JSONResponse(sorted(self.refreshes.values()))

    def _by_code(self, form: dict[str, str]) -> Response:
        asked = self.codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (
            asked is None
            or asked["code_challenge"] != challenge
            or asked["redirect_uri"] != form["redirect_uri"]
            or asked["code_challenge_method"] != "S256"
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        person = PEOPLE[asked["as"]]
        nonce = self.control.get("nonce", asked["nonce"])
        audience = self.control.get("audience", CLIENT)
        identity = self._signed({**person, "aud": audience, "nonce": nonce})
        return JSONResponse({**self._tokens(asked["as"]), "id_token": identity})

    def _by_refresh(self, form: dict[str, str]) -> Response:
        person = self.refreshes.pop(form["refresh_token"], None)
        if person is None or self.control.get("revoked"):
            return JSONResponse({"error": "invalid_grant"}, 400)
        answer = self._tokens(self.control.get("renewed_as", person))
        if audience := self.control.get("renewed_for"):
            answer["access_token"] = self._signed({**PEOPLE[person], "aud": audience})
        if speaks_of := self.control.get("identity_of"):
            answer["id_token"] = self._signed({**PEOPLE[speaks_of], "aud": CLIENT})
        if role := self.control.get("renewed_role"):
            answer["access_token"] = self._access({**PEOPLE[person], "role": role})
        return JSONResponse(answer)

    def _tokens(self, person: str) -> dict[str, Any]:
        refresh = secrets.token_urlsafe()
        self.refreshes[refresh] = person
        return {
            "access_token": self._access(PEOPLE[person]),
            "token_type": "Bearer",
            "expires_in": self.control.get("lasts_s", 300),
            "refresh_token": refresh,
        }

    def _access(self, person: dict[str, str]) -> str:
        return self._signed({**person, "aud": "creditloop"})

    def _signed(self, claims: dict[str, Any]) -> str:
        now = int(time.time())
        header = {"alg": "ES256", "kid": self.key.thumbprint()}
        stamped = {**claims, "iss": self.url, "iat": now, "exp": now + 300, "jti": secrets.token_hex(8)}
        return jwt.encode(header, stamped, self.key, algorithms=["ES256"])

    async def set_control(self, request: Request) -> Response:
        self.control = await request.json()
        return Response(status_code=204)


async def main() -> None:
    listener = _listen("127.0.0.1", 0)
    issuer = Issuer(f"http://127.0.0.1:{listener.getsockname()[1]}")
    app = Starlette(
        routes=[
            Route("/.well-known/openid-configuration", issuer.discovery),
            Route("/jwks", issuer.jwks),
            Route("/authorize", issuer.authorize),
            Route("/token", issuer.token, methods=["POST"]),
            Route("/revoke", issuer.revoke, methods=["POST"]),
            Route("/renewable", issuer.renewable),
            Route("/control", issuer.set_control, methods=["PUT"]),
        ]
    )
    print(issuer.url, flush=True)  # noqa: T201 - how its starter learns where it is
    await uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off")).serve(sockets=[listener])


if __name__ == "__main__":
    asyncio.run(main())
