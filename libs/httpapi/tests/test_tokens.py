import asyncio
import json
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from httpapi import (
    ClaimNames,
    IdentityOptions,
    IdentitySettings,
    LocalIssuer,
    Role,
    TokenVerifier,
    serve,
    verifier_from,
)
from httpapi.key_sets import FileKeys, IssuerKeys
from httpapi.problems import Overloaded, Unauthenticated
from httpapi.tokens import AUDIENCE, LOCAL_ISSUER
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey

NOW = 1_800_000_000


class Clock:
    def __init__(self, now_s: float = NOW) -> None:
        self.now_s = now_s

    def __call__(self) -> float:
        return self.now_s


class OneKey:
    def __init__(self, key: Key) -> None:
        self._key = key
        self.asked = 0

    async def key(self, kid: str | None) -> Key:  # noqa: ARG002 - the protocol's
        self.asked += 1
        return self._key

    async def renew(self) -> None:
        return None


ED = OKPKey.generate_key("Ed25519")


def claims(**changes: object) -> dict[str, object]:
    good = {
        "iss": LOCAL_ISSUER,
        "aud": AUDIENCE,
        "sub": "li",
        "role": "auditor",
        "iat": NOW,
        "exp": NOW + 900,
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def signed(key: Key = ED, algorithm: str = "Ed25519", **changes: object) -> str:
    return jwt.encode({"alg": algorithm}, claims(**changes), key, algorithms=[algorithm])  # type: ignore[arg-type]


def verifier(key: Key = ED, clock: Clock | None = None, **more: object) -> TokenVerifier:
    return TokenVerifier(OneKey(key), LOCAL_ISSUER, clock=clock or Clock(), **more)  # type: ignore[arg-type]


async def test_a_token_of_the_built_in_issuer_is_its_caller(tmp_path: Path) -> None:
    """What `creditloop login` prints opens the doors of its role."""
    issuer = LocalIssuer(tmp_path)
    token = issuer.issue("area_officer", area="510104", subject="li")

    caller = await verifier_from(IdentityOptions(jwks_file=issuer.jwks_file)).verify(token)

    assert (caller.subject, caller.role, caller.area) == ("li", Role.AREA_OFFICER, "510104")


def test_the_private_key_is_its_owners_alone_and_made_once(tmp_path: Path) -> None:
    """A second start must not throw everybody out; a neighbour on the machine must not become anybody."""
    LocalIssuer(tmp_path)
    before = (tmp_path / "jwks.json").read_text()

    LocalIssuer(tmp_path)

    assert stat.S_IMODE((tmp_path / "issuer-key.json").stat().st_mode) == 0o600
    assert (tmp_path / "jwks.json").read_text() == before
    assert "d" not in json.loads(before)["keys"][0]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["issuer-key.json", "jwks.json"]


@pytest.mark.parametrize("ttl_s", [0, -1, 12 * 3600 + 1])
def test_a_token_holds_at_most_twelve_hours(tmp_path: Path, ttl_s: int) -> None:
    """A working day, not a month."""
    with pytest.raises(ValueError, match="seconds"):
        LocalIssuer(tmp_path).issue(Role.AUDITOR, ttl_s=ttl_s)


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": NOW - 60},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": float("nan")},
        {"exp": True},
        {"iss": "https://elsewhere"},
        {"aud": "other"},
        {"aud": None},
        {"nbf": NOW + 600},
        {"iat": NOW + 600},
        {"sub": None},
        {"sub": 5},
        {"role": "emperor"},
        {"role": None},
        {"role": ["auditor", "inspector"]},
        {"role": "area_officer"},
        {"role": "enterprise"},
        {"role": "platform"},
        {"role": "source_system"},
    ],
)
async def test_a_token_with_a_wrong_or_missing_claim_is_refused(changes: dict[str, object]) -> None:
    """Signed is not enough: for us, from whom we trust, now, and complete for its role."""
    token = signed(**changes)

    with pytest.raises(Unauthenticated):
        await verifier().verify(token)


@pytest.mark.parametrize(
    "token", ["", "x", "a.b.c", "é.é.é", "....", "e30.e30.", "x" * 10_000, "W10.W10.W10"]
)
async def test_what_is_no_token_is_refused(token: str) -> None:
    """Any text may stand after Bearer."""
    with pytest.raises(Unauthenticated):
        await verifier().verify(token)


async def test_a_forged_signature_is_refused() -> None:
    """Another key of the same kind does not open."""
    forged = signed(OKPKey.generate_key("Ed25519"))

    with pytest.raises(Unauthenticated):
        await verifier().verify(forged)


async def test_a_token_signed_with_the_public_key_as_a_shared_secret_is_refused() -> None:
    """RFC 8725 section 3.1: the algorithm is ours to choose, not the token's."""
    secret = OctKey.import_key(json.dumps(ED.as_dict(private=False)))
    forged = jwt.encode({"alg": "HS256"}, claims(), secret, algorithms=["HS256"])  # type: ignore[arg-type]

    with pytest.raises(Unauthenticated):
        await verifier().verify(forged)


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [(RSAKey.generate_key(2048), "RS256"), (ECKey.generate_key("P-256"), "ES256"), (ED, "Ed25519")],
)
async def test_the_usual_algorithms_of_issuers_are_taken(key: Key, algorithm: str) -> None:
    """Keycloak signs RS256 out of the box."""
    caller = await verifier(key).verify(signed(key, algorithm))

    assert caller.role is Role.AUDITOR


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
async def test_the_older_name_of_ed25519_is_taken_without_a_warning() -> None:
    """RFC 9864 renamed EdDSA; issuers have not."""
    token = signed(ED, "EdDSA")

    assert (await verifier().verify(token)).subject == "li"


async def test_a_token_is_checked_once_and_remembered_until_it_expires() -> None:
    """A signature costs 100 µs; a busy source sends its token thousands of times."""
    keys, clock = OneKey(ED), Clock()
    remembering = TokenVerifier(keys, LOCAL_ISSUER, clock=clock)
    token = signed()

    first, second = await remembering.verify(token), await remembering.verify(token)
    clock.now_s = NOW + 900 + 31

    assert (first, keys.asked) == (second, 1)
    with pytest.raises(Unauthenticated, match="expired"):
        await remembering.verify(token)


async def test_a_remembered_token_is_checked_again_after_five_minutes() -> None:
    """A key that is withdrawn because it leaked must not open doors for as long as its tokens say."""
    keys, clock = OneKey(ED), Clock()
    remembering = TokenVerifier(keys, LOCAL_ISSUER, clock=clock)
    token = signed()
    await remembering.verify(token)

    clock.now_s = NOW + 301
    await remembering.verify(token)

    assert keys.asked == 2


async def test_only_so_many_tokens_are_remembered() -> None:
    """Memory stays bounded whatever is sent."""
    keys = OneKey(ED)
    remembering = TokenVerifier(keys, LOCAL_ISSUER, clock=Clock(), remember=2)
    tokens = [signed(sub=str(number)) for number in range(3)]

    for token in [*tokens, tokens[0]]:
        await remembering.verify(token)

    assert keys.asked == 4


async def test_claims_may_have_an_issuers_own_names() -> None:
    """Keycloak keeps roles in a nested list among its own."""
    names = ClaimNames(role="realm_access.roles", area="https://gov.example/area")
    roles = {"roles": ["offline_access", "area_officer"]}
    token = signed(**{"role": None, "realm_access": roles, "https://gov.example/area": "510107"})

    caller = await verifier(claims=names).verify(token)

    assert (caller.role, caller.area) == (Role.AREA_OFFICER, "510107")


async def test_a_jwks_file_that_appears_later_is_read_then(tmp_path: Path) -> None:
    """Services may start before the issuer has written its keys."""
    keys = FileKeys(tmp_path / "jwks.json")
    with pytest.raises(Overloaded):
        await keys.key("any")

    issuer = LocalIssuer(tmp_path)
    kid = json.loads(issuer.jwks_file.read_text())["keys"][0]["kid"]

    assert (await keys.key(kid)).kid == kid


async def test_a_key_taken_out_of_the_file_is_trusted_no_more(tmp_path: Path) -> None:
    """Whoever withdraws a key expects it to be withdrawn, without a restart."""
    issuer = LocalIssuer(tmp_path)
    kid = json.loads(issuer.jwks_file.read_text())["keys"][0]["kid"]
    keys = FileKeys(issuer.jwks_file)
    await keys.key(kid)

    other = OKPKey.generate_key("Ed25519", parameters={"kid": "other"})
    issuer.jwks_file.write_text(json.dumps({"keys": [other.as_dict(private=False)]}))

    with pytest.raises(Unauthenticated):
        await keys.key(kid)


def test_identity_needs_exactly_one_place_to_come_from(tmp_path: Path) -> None:
    """Two sources of truth would let the weaker one in."""
    for options in (IdentityOptions(), IdentityOptions(jwks_file=tmp_path, issuer="https://x")):
        with pytest.raises(ValueError, match="exactly one"):
            verifier_from(options)


class OidcIssuer:
    """A real issuer on a real port: discovery and keys over HTTP, and keys that rotate."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, parameters={"kid": "first"})
        self.fetched = 0
        self.url = ""
        self.discovered: object = None
        self.published: object = None
        self.app = FastAPI()
        self.app.get("/.well-known/openid-configuration")(self.discovery)
        self.app.get("/keys")(self.keys)

    async def discovery(self) -> object:
        return self.discovered or {"issuer": self.url, "jwks_uri": f"{self.url}/keys"}

    async def keys(self) -> object:
        self.fetched += 1
        return self.published or {"keys": [self.key.as_dict(private=False), {"kty": "oct", "k": "AAAA"}]}

    def rotate(self) -> None:
        self.key = RSAKey.generate_key(2048, parameters={"kid": "second"})

    def issue(self) -> str:
        header = {"alg": "RS256", "kid": self.key.kid}
        return jwt.encode(header, claims(iss=self.url), self.key, algorithms=["RS256"])  # type: ignore[arg-type]


@pytest.fixture
async def oidc() -> AsyncIterator[OidcIssuer]:
    issuer, stop, ready = OidcIssuer(), asyncio.Event(), asyncio.Event()

    def started(host: str, port: int) -> None:
        issuer.url = f"http://{host}:{port}"
        ready.set()

    async with asyncio.TaskGroup() as group:
        group.create_task(serve(issuer.app, "127.0.0.1", 0, stop, started=started))
        await ready.wait()
        yield issuer
        stop.set()


async def test_any_oidc_issuer_is_found_by_discovery_and_its_new_keys_too(oidc: OidcIssuer) -> None:
    """Issuers rotate their keys without telling; forged key ids must not make us ask each time."""
    clock = Clock(0)
    async with httpx.AsyncClient() as client:
        keys = IssuerKeys(oidc.url, client, refresh_s=30, clock=clock)
        checking = TokenVerifier(keys, oidc.url, clock=Clock())
        await checking.verify(oidc.issue())
        await checking.verify(signed(oidc.key, "RS256", iss=oidc.url, sub="wang"))
        oidc.rotate()
        with pytest.raises(Unauthenticated, match="not known"):
            await checking.verify(oidc.issue())
        clock.now_s = 31
        caller = await checking.verify(oidc.issue())

    assert (caller.subject, oidc.fetched) == ("li", 2)


async def test_a_key_the_issuer_withdrew_is_trusted_no_more(oidc: OidcIssuer) -> None:
    """Nobody's token needs to name a new key for us to forget the old one."""
    clock = Clock(0)
    async with httpx.AsyncClient() as client:
        keys = IssuerKeys(oidc.url, client, clock=clock)
        await keys.key("first")
        oidc.rotate()
        clock.now_s = 301

        with pytest.raises(Unauthenticated):
            await keys.key("first")


async def test_keys_go_on_being_trusted_while_the_issuer_is_away(oidc: OidcIssuer) -> None:
    """Its outage must not become ours."""
    clock = Clock(0)
    async with httpx.AsyncClient() as client:
        keys = IssuerKeys(oidc.url, client, clock=clock)
        await keys.key("first")
        oidc.discovered = ["out of order"]
        clock.now_s = 301

        assert (await keys.key("first")).kid == "first"


async def test_a_token_that_names_no_key_meets_the_issuers_new_key(oidc: OidcIssuer) -> None:
    """With one key, issuers may leave out its id; after a rotation the old key would refuse everybody."""
    clock = Clock(0)
    async with httpx.AsyncClient() as client:
        checking = TokenVerifier(IssuerKeys(oidc.url, client, clock=clock), oidc.url, clock=Clock())
        await checking.verify(signed(oidc.key, "RS256", iss=oidc.url))
        oidc.rotate()
        clock.now_s = 31

        caller = await checking.verify(signed(oidc.key, "RS256", iss=oidc.url))

    assert (caller.subject, oidc.fetched) == ("li", 2)


@pytest.mark.parametrize("discovered", [["no object"], {"issuer": "URL"}, {"issuer": "URL", "jwks_uri": 5}])
async def test_a_malformed_discovery_is_no_fault_of_ours(oidc: OidcIssuer, discovered: object) -> None:
    """503, not 500: a proxy's error page is often valid JSON."""
    oidc.discovered = json.loads(json.dumps(discovered).replace("URL", oidc.url))

    async with httpx.AsyncClient() as client:
        with pytest.raises(Overloaded):
            await IssuerKeys(oidc.url, client).key("first")


@pytest.mark.parametrize("published", [{"keys": 5}, {"keys": {"a": 1}}, [1], {"keys": [{"kty": ["RSA"]}, 5]}])
async def test_malformed_keys_are_no_fault_of_ours(oidc: OidcIssuer, published: object) -> None:
    """Nor may an odd entry among the keys be."""
    oidc.published = published

    async with httpx.AsyncClient() as client:
        with pytest.raises((Overloaded, Unauthenticated)):
            await IssuerKeys(oidc.url, client).key("first")


def test_settings_name_audience_and_claims() -> None:
    """Any OIDC issuer by configuration alone; an empty variable is one not set."""
    settings = IdentitySettings(
        identity_issuer="https://keycloak.example/realms/city",
        identity_jwks_file="",  # type: ignore[arg-type]  # as an environment gives it
        identity_audience="credit",
        identity_role_claim="realm_access.roles",
        identity_area_claim="",
    )

    identity = settings.identity

    assert (identity.issuer, identity.jwks_file) == ("https://keycloak.example/realms/city", None)
    assert (identity.audience, identity.claims) == ("credit", ClaimNames(role="realm_access.roles"))


async def test_an_issuer_that_cannot_be_reached_is_no_fault_of_the_caller(oidc: OidcIssuer) -> None:
    """503 with Retry-After, so that clients come back instead of logging people out."""
    async with httpx.AsyncClient() as client:
        checking = verifier_from(IdentityOptions(issuer="http://127.0.0.1:9"), client)
        with pytest.raises(Overloaded):
            await checking.verify(oidc.issue())


async def test_an_issuer_that_claims_to_be_another_is_not_believed(oidc: OidcIssuer) -> None:
    """OpenID Connect Discovery section 4.3: the issuer must match exactly."""
    real, oidc.url = oidc.url, "https://impostor"
    async with httpx.AsyncClient() as client:
        with pytest.raises(Overloaded, match="another issuer"):
            await IssuerKeys(real, client).key("first")
