"""The built page: each file in the smallest form the browser takes, kept for ever where its name says its content."""

import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from httpapi.access import public
from httpapi.problems import NotFound
from starlette.responses import PlainTextResponse, Response

_PACKED: Final = (("br", ".br"), ("gzip", ".gz"))
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "no-cache"
_NOT_BUILT: Final = (
    "The page is not built. / 页面尚未构建。\n\n"
    "Build it with `make page` and start the console anew, or use the API below /api.\n"
    "请先运行 make page，再重启控制台。\n"
)
_TYPES: Final = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file of the page, in memory in every form it comes in.

    Attributes:
        forms: content by encoding; the empty name is the file itself.
        media_type: what it is.
        tag: its ETag, without the encoding.
        is_immutable: its name changes with its content.
    """

    forms: Mapping[str, bytes]
    media_type: str
    tag: str
    is_immutable: bool


class Page:
    """The files of the page, read once: they are part of this version."""

    def __init__(self, folder: Path) -> None:
        self._assets = dict(_assets(folder)) if folder.is_dir() else {}

    def find(self, path: str) -> Asset | None:
        """The file at this path; for a path of the page's own routing, `index.html`."""
        if asset := self._assets.get(path.removeprefix("/")):
            return asset
        is_file = path.startswith("/assets/") or "." in path.rpartition("/")[2]
        return None if is_file else self._assets.get("index.html")

    @property
    def is_built(self) -> bool:
        """Whether there is a page."""
        return "index.html" in self._assets


def router(folder: Path) -> APIRouter:
    """The route for everything that is nothing else; to be included last."""
    page = Page(folder)
    routes = APIRouter(include_in_schema=False)

    @routes.api_route(
        "/{path:path}",
        methods=["GET", "HEAD"],
        dependencies=[public("the page itself holds nothing of anybody; what it shows it asks for")],
    )
    async def read_page(request: Request) -> Response:
        path = request.url.path
        if path == "/api" or path.startswith("/api/"):
            raise NotFound("There is nothing at this address.")
        if not page.is_built:
            return PlainTextResponse(_NOT_BUILT, 503, {"Cache-Control": "no-store"})
        if (asset := page.find(path)) is None:
            raise NotFound("There is no such file.")
        return _answer(asset, request)

    return routes


def _answer(asset: Asset, request: Request) -> Response:
    encoding = _encoding(asset, request.headers.get("accept-encoding", ""))
    tag = f'"{asset.tag}{"-" + encoding if encoding else ""}"'
    headers = {
        "ETag": tag,
        "Cache-Control": _FOR_EVER if asset.is_immutable else _ASK_AGAIN,
        "Vary": "Accept-Encoding",
    }
    if tag in [
        each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")
    ]:
        return Response(status_code=304, headers=headers)
    if encoding:
        headers["Content-Encoding"] = encoding
    return Response(asset.forms[encoding], 200, headers, media_type=asset.media_type)


def _encoding(asset: Asset, accepted: str) -> str:
    """The smallest form that the browser takes.

    Source: RFC 9110 section 12.5.3; a weight of 0 refuses.
    """
    taken = set()
    for each in accepted.split(","):
        name, _, parameters = each.partition(";")
        if parameters.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}:
            taken.add(name.strip().lower())
    return next((name for name, _ in _PACKED if name in taken and name in asset.forms), "")


def _assets(folder: Path) -> list[tuple[str, Asset]]:
    packed = tuple(suffix for _, suffix in _PACKED)
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.endswith(packed))
    return [(path.relative_to(folder).as_posix(), _asset(path, folder)) for path in files]


def _asset(path: Path, folder: Path) -> Asset:
    content = path.read_bytes()
    forms = {"": content}
    for name, suffix in _PACKED:
        beside = path.with_name(path.name + suffix)
        if beside.is_file():
            forms[name] = beside.read_bytes()
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(
        forms,
        kind,
        hashlib.sha256(content).hexdigest()[:32],
        path.relative_to(folder).as_posix().startswith("assets/"),
    )
