"""No page is without a test that compares its figures with the services'."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

from browsing import ROOT

PAGES = ROOT / "services/console/web/src/app/access.json"


def marked(text: str) -> Iterator[str]:
    """The pages that `pytest.mark.page(...)` names in a file."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.page":
            yield from (ast.literal_eval(page) for page in node.args)


def test_every_page_has_its_figures_compared() -> None:
    """A new page comes with a test that says what is on it."""
    files = Path(__file__).parent.glob("test_*.py")
    compared = {page for file in files for page in marked(file.read_text(encoding="utf-8"))}

    assert compared == set(json.loads(PAGES.read_text(encoding="utf-8")))
