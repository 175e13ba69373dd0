"""No page is without a test that compares its figures with the services'."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

from browsing import ROOT

PAGES = ROOT / "services/console/web/src/app/access.json"


SERVICES = {"ask", "api"}
"""The fixtures by which a test learns what the services say."""


def compared(text: str) -> Iterator[str]:
    """The pages that a file's tests, marked by `pytest.mark.page(...)`, compare with what the services say."""
    module = ast.parse(text)
    of_all = [mark for node in module.body if isinstance(node, ast.Assign) for mark in marks(node)]
    for test in module.body:
        if isinstance(test, ast.FunctionDef) and test.name.startswith("test_") and compares(test):
            marked = [mark for decorator in test.decorator_list for mark in marks(decorator)]
            yield from (ast.literal_eval(page) for mark in marked + of_all for page in mark.args)


def marks(place: ast.AST) -> list[ast.Call]:
    """The marks of pages in a place."""
    calls = [node for node in ast.walk(place) if isinstance(node, ast.Call)]
    return [call for call in calls if ast.unparse(call.func) == "pytest.mark.page"]


def compares(test: ast.FunctionDef) -> bool:
    """Whether a test learns what a service says, and demands that something is so."""
    asks = SERVICES & {parameter.arg for parameter in test.args.args}
    demands = any(isinstance(node, ast.Assert) or is_agreement(node) for node in ast.walk(test))
    return bool(asks) and demands


def is_agreement(node: ast.AST) -> bool:
    """Whether the page is waited for until it agrees."""
    return isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("agree", "agrees"))


def test_every_page_has_its_figures_compared() -> None:
    """A new page comes with a test that says what is on it; a mark on a test that compares nothing is none."""
    files = Path(__file__).parent.glob("test_*.py")
    found = {page for file in files for page in compared(file.read_text(encoding="utf-8"))}

    assert found == set(json.loads(PAGES.read_text(encoding="utf-8")))


def test_a_mark_on_a_test_that_asks_or_demands_nothing_does_not_count() -> None:
    """The guard is not content with words."""
    text = """
@pytest.mark.page("/asks-only")
def test_one(page, ask):
    ask("profiling/v1/business-day")

@pytest.mark.page("/demands-only")
def test_two(page):
    assert page

@pytest.mark.page("/compares")
def test_three(page, ask):
    assert page.url == ask("vocabulary")
"""

    assert set(compared(text)) == {"/compares"}
