"""What every HTTP edge shares: who may call, how errors look, pages, idempotent writes, health, serving.

- `access`, `identity`, `identity_settings`, `tokens`, `key_sets`, `issuer`, `api_key`: who calls, what they may see.
- `problems`, `field_errors`, `problem_handlers`: RFC 9457 problem details.
- `pages`, `idempotency`, `idempotency_store`: lists by cursor; writes that happen once.
- `app`, `body_limit`, `openapi`, `health`, `operations`, `dead_letters`, `server`: an application and its running.
"""

from httpapi.access import (
    Access,
    AreaAsked,
    AreaRule,
    allow,
    area_asked,
    assert_every_route_declares,
    audit_read,
    declared_access,
    public,
    require_area,
    require_entity,
    route_accesses,
    undeclared_routes,
)
from httpapi.app import create_app
from httpapi.field_errors import FieldError
from httpapi.identity import STAFF, Caller, ClaimNames, Role
from httpapi.identity_settings import IdentitySettings
from httpapi.issuer import LocalIssuer
from httpapi.pages import Page, PageQuery, PageRequest, decode_cursor, encode_cursor
from httpapi.problems import ProblemError
from httpapi.server import serve
from httpapi.tokens import IdentityOptions, TokenVerifier, Verifier, verifier_from

__all__ = [
    "STAFF",
    "Access",
    "AreaAsked",
    "AreaRule",
    "Caller",
    "ClaimNames",
    "FieldError",
    "IdentityOptions",
    "IdentitySettings",
    "LocalIssuer",
    "Page",
    "PageQuery",
    "PageRequest",
    "ProblemError",
    "Role",
    "TokenVerifier",
    "Verifier",
    "allow",
    "area_asked",
    "assert_every_route_declares",
    "audit_read",
    "create_app",
    "declared_access",
    "decode_cursor",
    "encode_cursor",
    "public",
    "require_area",
    "require_entity",
    "route_accesses",
    "serve",
    "undeclared_routes",
    "verifier_from",
]
