"""Every example of the README runs, and prints what it promises."""

import re
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from fake_ingestion import KEY, FakeIngestion

README = (Path(__file__).parents[1] / "README.md").read_text()
EXAMPLES = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
PROMISED = ["accepted\nduplicate\n", "", "[True, True]\n"]


@pytest.mark.parametrize(("example", "promised"), list(zip(EXAMPLES, PROMISED, strict=True)))
def test_the_readme_is_true(
    service: FakeIngestion, monkeypatch: pytest.MonkeyPatch, example: str, promised: str
) -> None:
    """What is copied from it must work."""
    monkeypatch.setenv("INGESTION_URL", service.url)
    monkeypatch.setenv("CREDITLOOP_SOURCE_KEY", KEY)
    said = StringIO()

    with redirect_stdout(said):
        exec(compile(example, "README.md", "exec"), {"__name__": "example"})  # noqa: S102 - our own page

    assert said.getvalue() == promised
