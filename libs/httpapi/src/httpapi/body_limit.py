"""Ends a request whose body is too large, while it is read: FastAPI reads bodies before it asks who calls."""

from collections.abc import Collection
from fnmatch import fnmatchcase

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from httpapi.problems import TooLarge, problem_response

LONGEST_BODY = 8 * 1024 * 1024


class BodyLimit:
    """Answers 413 to a body of more than `longest` bytes, whether or not its length was said beforehand.

    Paths in `unlimited` bound what they read themselves, such as a stream that is never held as a whole; a `*` in one
    stands for anything.
    """

    def __init__(self, app: ASGIApp, unlimited: Collection[str] = (), longest: int = LONGEST_BODY) -> None:
        self._app = app
        self._unlimited = frozenset(path for path in unlimited if "*" not in path)
        self._patterns = tuple(path for path in unlimited if "*" in path)
        self._longest = longest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on; whoever reads its body never gets more than the limit."""
        if scope["type"] != "http" or self._is_unlimited(scope["path"]):
            await self._app(scope, receive, send)
            return
        detail = f"At most {self._longest} bytes here."
        if _announced(scope) > self._longest:
            await problem_response(TooLarge(detail))(scope, receive, send)
            return
        size = 0

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self._longest:
                raise HTTPException(
                    TooLarge.status, detail
                )  # FastAPI would make a 400 of a ProblemError here
            return message

        await self._app(scope, counted, send)

    def _is_unlimited(self, path: str) -> bool:
        return path in self._unlimited or any(fnmatchcase(path, pattern) for pattern in self._patterns)


def _announced(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else 0
