"""Turns every error that leaves a route into problem details: ours, the framework's and the unexpected."""

from collections.abc import Callable, Iterator, Mapping

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from opentelemetry import trace
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from httpapi import problems
from httpapi.field_errors import from_pydantic
from httpapi.problems import ProblemError, problem_response

_log = structlog.get_logger(log="httpapi")

_BY_STATUS: Mapping[int, type[ProblemError]] = {
    400: problems.BadRequest,
    403: problems.Forbidden,
    404: problems.NotFound,
    405: problems.MethodNotAllowed,
    409: problems.Conflict,
    413: problems.TooLarge,
    415: problems.UnsupportedMediaType,
    422: problems.Invalid,
}


Passes = Callable[[BaseException], bool]


def never(_error: BaseException) -> bool:
    """No error passes by itself."""
    return False


_UNSTORABLE = frozenset({"22021", "22P05"})
"""PostgreSQL refused a text for a character in it: one handling for every path, query and body.

Source: PostgreSQL documentation, appendix A: character_not_in_repertoire, untranslatable_character (jsonb).
"""


def install(app: FastAPI, passes: Passes = never) -> None:
    """Every error of every route of `app` is answered as `application/problem+json`.

    Args:
        app: the application.
        passes: whether an error is of an outage or of two who met, so that asking again later may help.
    """
    app.add_exception_handler(ProblemError, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_validation)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_middleware(UnexpectedErrors, passes=passes)


class UnexpectedErrors:
    """Answers 500 with the trace's id for any error nothing else handled, and logs it once with its stack.

    Only a text PostgreSQL cannot keep is the caller's fault: 422. What may pass is 503, and logged too.
    """

    def __init__(self, app: ASGIApp, passes: Passes = never) -> None:
        self._app = app
        self._passes = passes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on; an error before the answer began becomes an answer, one after it is raised."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception as error:
            problem = _problem_of(error, scope, self._passes)
            if started:
                raise
            await problem_response(problem)(scope, receive, send)


def _problem_of(error: Exception, scope: Scope, passes: Passes) -> ProblemError:
    if any(getattr(seen, "sqlstate", None) in _UNSTORABLE for seen in _causes(error)):
        return problems.Invalid("A text contains the character U+0000, which cannot be kept.")
    _record(error, scope)
    if passes(error):
        return problems.Overloaded("This cannot be done for now: ask again.", retry_after_s=5)
    return problems.Unexpected("The fault is recorded; quote the trace id to ask about it.")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _record(error: Exception, scope: Scope) -> None:
    _log.error("unexpected_error", method=scope["method"], path=scope["path"], exc_info=error)
    span = trace.get_current_span()
    span.record_exception(error)
    span.set_status(trace.StatusCode.ERROR, type(error).__name__)


async def _on_problem(_request: Request, error: Exception) -> Response:
    if not isinstance(error, ProblemError):
        raise error
    return problem_response(error)


async def _on_validation(_request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    return problem_response(
        problems.Invalid("Correct the fields named in errors.", errors=from_pydantic(error.errors()))
    )


async def _on_http_exception(_request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code in {204, 304} or error.status_code < 200:
        return Response(status_code=error.status_code, headers=error.headers)
    return problem_response(_from_http(error))


def _from_http(error: HTTPException) -> ProblemError:
    headers = dict(error.headers or {})
    if kind := _BY_STATUS.get(error.status_code):
        detail = "" if error.detail in {"Not Found", "Method Not Allowed"} else str(error.detail)
        return kind(detail, headers=headers)
    if error.status_code == 401:
        return problems.Unauthenticated(str(error.detail))
    if error.status_code == 429:
        return problems.TooMany(str(error.detail))
    if error.status_code == 503:
        return problems.Overloaded(str(error.detail))
    if error.status_code >= 500:
        return problems.Unexpected()
    return problems.BadRequest(str(error.detail), headers=headers)
