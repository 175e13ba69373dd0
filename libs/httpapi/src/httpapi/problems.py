"""What went wrong, as RFC 9457 problem details with a stable type.

    ProblemError
    ├── BadRequest 400        the request cannot be read at all
    ├── Unauthenticated 401   no credentials, or none we accept
    ├── Forbidden 403         the caller is known and may not do this
    ├── NotFound 404          there is no such thing, or it is outside the caller's area
    ├── MethodNotAllowed 405
    ├── Conflict 409          the thing's present state does not allow this
    ├── TooLarge 413
    ├── UnsupportedMediaType 415
    ├── Invalid 422           readable, but a field is wrong; each is named with what would be right
    ├── TooMany 429           this caller asks too often; says when to come back
    ├── Unexpected 500        a fault of ours; names only the trace
    └── Overloaded 503        cannot be served now; says when to come back

A service adds its own by subclassing one of these with its own `slug` and `title`.

Source: RFC 9457, Problem Details for HTTP APIs; RFC 9110 section 15 for the statuses.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from opentelemetry import trace
from starlette.responses import Response

from httpapi.field_errors import FieldError

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:creditloop:problem:"


class ProblemError(Exception):
    """Raised when a request cannot be answered as asked; the edge turns it into problem details.

    Attributes:
        detail: what happened this time, safe to show to the caller.
        errors: the fields at fault, if any.
        headers: headers the answer carries, such as Retry-After.
    """

    slug: ClassVar[str] = "problem"
    title: ClassVar[str] = "The request cannot be answered"
    status: ClassVar[int] = 400

    def __init__(
        self,
        detail: str = "",
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})

    @classmethod
    def type_uri(cls) -> str:
        """The stable identifier of this kind of problem."""
        return TYPE_PREFIX + cls.slug

    def document(self) -> dict[str, object]:
        """The problem details object, with the trace id when a trace is running."""
        document: dict[str, object] = {
            "type": self.type_uri(),
            "title": self.title,
            "status": self.status,
        }
        if self.detail:
            document["detail"] = self.detail
        if self.errors:
            document["errors"] = [error.as_json() for error in self.errors]
        if trace_id := current_trace_id():
            document["trace_id"] = trace_id
        return document


class BadRequest(ProblemError):
    """Raised when the request cannot be read: broken JSON, text that is not UTF-8, a forged cursor."""

    slug, title, status = "bad-request", "The request cannot be read", 400


class Unauthenticated(ProblemError):
    """Raised when there are no credentials, or they are wrong, expired or revoked."""

    slug, title, status = "unauthenticated", "Valid credentials are needed", 401

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail, headers={"WWW-Authenticate": 'Bearer realm="creditloop"'})


class Forbidden(ProblemError):
    """Raised when the caller's role or area does not allow what was asked."""

    slug, title, status = "forbidden", "The caller may not do this", 403


class NotFound(ProblemError):
    """Raised when there is no such thing, or the caller's area does not reach it."""

    slug, title, status = "not-found", "There is no such thing", 404


class MethodNotAllowed(ProblemError):
    """Raised when the path exists and the method does not."""

    slug, title, status = "method-not-allowed", "This method is not offered here", 405


class Conflict(ProblemError):
    """Raised when the present state of the thing does not allow what was asked."""

    slug, title, status = "conflict", "The present state does not allow this", 409


class TooLarge(ProblemError):
    """Raised when the request is larger than this route takes."""

    slug, title, status = "too-large", "The request is too large", 413


class UnsupportedMediaType(ProblemError):
    """Raised when the body's media type is not one this route reads."""

    slug, title, status = "unsupported-media-type", "This media type is not read here", 415


class Invalid(ProblemError):
    """Raised when the request can be read and one or more fields are wrong."""

    slug, title, status = "invalid", "A field is not valid", 422


class _ComeBackLater(ProblemError):
    def __init__(self, detail: str = "", *, retry_after_s: int = 1) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after_s)})


class TooMany(_ComeBackLater):
    """Raised when this caller asks more often than it may."""

    slug, title, status = "too-many-requests", "Too many requests", 429


class Unexpected(ProblemError):
    """Raised for a fault of ours; its text never says what happened inside."""

    slug, title, status = "unexpected", "Something went wrong on our side", 500


class Overloaded(_ComeBackLater):
    """Raised when the service, or one it needs, cannot take the request now."""

    slug, title, status = "overloaded", "The service cannot take this now", 503


def catalogue() -> list[dict[str, object]]:
    """Every problem type this process knows, by status and slug: type, title, status, when it is raised."""
    kinds = sorted(_descendants(ProblemError), key=lambda kind: (kind.status, kind.slug))
    return [
        {"type": kind.type_uri(), "title": kind.title, "status": kind.status, "raised": _first_line(kind)}
        for kind in kinds
        if not kind.__name__.startswith("_")
    ]


def problem_response(problem: ProblemError) -> Response:
    """The problem as an HTTP answer; text that is not valid Unicode is replaced, never a failure."""
    body = json.dumps(problem.document(), ensure_ascii=False).encode("utf-8", "replace")
    return Response(body, problem.status, problem.headers, media_type=MEDIA_TYPE)


def current_trace_id() -> str | None:
    """The running trace's id as 32 hex digits, or None outside a trace."""
    context = trace.get_current_span().get_span_context()
    return trace.format_trace_id(context.trace_id) if context.is_valid else None


def _descendants(kind: type[ProblemError]) -> Iterator[type[ProblemError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _descendants(child)


def _first_line(kind: type[ProblemError]) -> str:
    return (kind.__doc__ or "").strip().partition("\n")[0]
