"""A real browser for the console: where it is, what fails a test, and the words by which a journey is told."""

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Response,
    ViewportSize,
    expect,
)

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / ".creditloop" / "screenshots"
PATIENCE_MS = 30_000
DESK: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}
_AXE = ROOT / "services/console/web/node_modules/axe-core/axe.min.js"
_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_POLL_MS, _QUIET_POLLS = 50, 3
_TOLD_AS_RESPONSE = "Failed to load resource"
_GIVEN_UP_BY_THE_PAGE = "net::ERR_ABORTED"


def launch(playwright: Playwright) -> Browser:
    """Debian's Chromium; none is ever downloaded."""
    chromium = shutil.which("chromium")
    assert chromium, "the browser tests need Chromium: run scripts/browser.sh"
    return playwright.chromium.launch(executable_path=chromium, args=_FLAGS)


def context(
    browser: Browser, base_url: str, *, phone: bool = False, kept: Path | None = None
) -> BrowserContext:
    """A browser of a person in Chengdu, at a desk or with a phone; `kept` are the cookies they came with."""
    made = browser.new_context(
        base_url=base_url,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport=PHONE if phone else DESK,
        is_mobile=phone,
        has_touch=phone,
        storage_state=kept,
    )
    made.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    return made


@dataclass
class Faults:
    """What went wrong on a test's pages: errors of the console and of scripts, requests that failed or were refused.

    Requests that the page itself gave up, such as a search overtaken by the next letter, are none.
    """

    found: list[str] = field(default_factory=list)
    _under_way: dict[Page, set[Request]] = field(default_factory=dict)
    _expected: list[tuple[int, re.Pattern[str]]] = field(default_factory=list)

    def expect(self, status: int, path: str) -> None:
        """Answers of this status from paths that begin so (a regular expression) are meant."""
        self._expected.append((status, re.compile(path)))

    def watch(self, page: Page) -> None:
        """From now on this page's faults are found."""
        self._count(page)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.found.append(f"script error: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)

    def _count(self, page: Page) -> None:
        under_way = self._under_way.setdefault(page, set())

        def asked(request: Request) -> None:
            under_way.add(request)

        def over(request: Request) -> None:
            under_way.discard(request)

        page.on("request", asked)
        page.on("requestfinished", over)
        page.on("requestfailed", over)

    def settle(self, page: Page) -> None:
        """The page has all that it asked for; streams of events, which never end, do not count."""
        deadline, quiet = time.monotonic() + PATIENCE_MS / 1000, 0
        while quiet < _QUIET_POLLS:
            waited_for = [each for each in self._under_way[page] if each.resource_type != "eventsource"]
            assert time.monotonic() < deadline, f"still asked for: {[each.url for each in waited_for]}"
            quiet = 0 if waited_for else quiet + 1
            page.wait_for_timeout(_POLL_MS)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(_TOLD_AS_RESPONSE):
            self.found.append(f"console error: {message.text}")

    def _failed(self, request: Request) -> None:
        if request.failure != _GIVEN_UP_BY_THE_PAGE:
            self.found.append(f"{request.method} {request.url} failed: {request.failure}")

    def _answered(self, response: Response) -> None:
        path = urlsplit(response.url).path
        meant = any(response.status == status and pattern.match(path) for status, pattern in self._expected)
        if response.status >= 400 and not meant:
            self.found.append(f"{response.request.method} {response.url} answered {response.status}")


def log_in(page: Page, username: str, password: str) -> None:
    """The form is filled in and sent, and what is behind it is there: the page, or the choice of one's own password."""
    page.goto("/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name="登录").click()
    inside = page.get_by_role("navigation", name="主导航").or_(page.locator(".who"))
    expect(inside.or_(page.get_by_role("heading", name="请设置您自己的密码")).first).to_be_visible()


def choose_password(page: Page, now: str, wanted: str) -> None:
    """The form for a password of one's own is filled in and sent, in a dialog or before everything else."""
    page.get_by_label("当前密码").fill(now)
    page.get_by_label("新密码", exact=True).fill(wanted)
    page.get_by_label("再次输入新密码").fill(wanted)
    page.get_by_role("button", name="确定").click()


def violations(page: Page) -> list[str]:
    """What axe-core holds to be serious or critical on the page as it is now, each named with where it is."""
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}: {node['html'][:200]}"
        for rule in found["violations"]
        if rule["impact"] in {"serious", "critical"}
        for node in rule["nodes"]
    ]


@dataclass
class Journey:
    """Plain sentences of what a person does; the one that fails is named, and every page is photographed."""

    name: str
    pages: list[Page]
    steps: list[str] = field(default_factory=list)

    @contextmanager
    def __call__(self, sentence: str) -> Iterator[None]:
        """One step."""
        self.steps.append(sentence)
        try:
            yield
        except Exception as error:
            error.add_note(f"step {len(self.steps)} failed: {sentence}")
            self._photograph(error)
            raise

    def _photograph(self, error: Exception) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        for number, page in enumerate(self.pages, start=1):
            file = SCREENSHOTS / f"{re.sub(r'[^A-Za-z0-9_-]+', '-', self.name)}-{number}.png"
            page.screenshot(path=file)
            error.add_note(f"page {number} at {page.url}: {file}")
