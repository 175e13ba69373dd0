"""Photographs the running demo's console for the README: docs/screenshots/{zh,en}/*.png.

    .venv/bin/python scripts/screenshots.py [--stack NAME]

The stack is one that `creditloop demo` made: its logins are in its state.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "tests-e2e" / "console"))

from browsing import Faults, context, launch, log_in
from creditloop_cli.demo.logins import kept_file
from creditloop_cli.local import local_stack
from localstack.services import CONSOLE
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = ROOT / "docs" / "screenshots"
LANGUAGES = ("zh", "en")


class Shot(NamedTuple):
    """One photograph: its name, the page's path, and whether it is seen on a phone."""

    name: str
    path: str
    phone: bool = False


def shots(page: Page) -> list[Shot]:
    """What is photographed; the entity is the one with the most urgent warning."""
    signals = page.request.get("/api/profiling/v1/signals?open=true&limit=1").json()["items"]
    entity = f"/entities/{signals[0]['uscc']}"
    return [
        Shot("overview", "/"),
        Shot("entity", entity),
        Shot("entity-phone", entity, phone=True),
        Shot("warnings", "/warnings"),
        Shot("collection", "/collection/sources"),
        Shot("models", "/models/review"),
        Shot("operations", "/operations"),
    ]


def main() -> None:
    """All photographs, in both languages.

    Raises:
        SystemExit: A page had a fault; no photograph of it is worth keeping.
    """
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--stack", default="default", help="which local stack (default: %(default)s)")
    stack = local_stack(parser.parse_args().stack)
    logins = {each["role"]: each for each in json.loads(kept_file(stack.layout.state).read_text())}
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for phone in (False, True):
            _photograph(browser, stack.service_url(CONSOLE), logins, phone=phone)


def _photograph(browser: Browser, url: str, logins: dict[str, Any], *, phone: bool) -> None:
    with context(browser, url, phone=phone) as opened:
        page, faults = opened.new_page(), Faults()
        faults.watch(page)
        login = logins["city_administrator"]
        log_in(page, login["username"], login["password"])
        for language in LANGUAGES:
            page.evaluate("language => localStorage.setItem('creditloop.language', language)", language)
            for shot in shots(page):
                if shot.phone == phone:
                    _take(page, faults, shot, FOLDER / language)
        if faults.found:
            raise SystemExit("\n".join(faults.found))


def _take(page: Page, faults: Faults, shot: Shot, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    page.goto(shot.path)
    page.get_by_role("heading", level=1).first.wait_for()
    faults.settle(page)
    page.wait_for_function("() => document.getAnimations().every(each => each.playState !== 'running')")
    file = folder / f"{shot.name}.png"
    page.screenshot(path=file)
    print(file.relative_to(ROOT))


if __name__ == "__main__":
    main()
