"""The command line: wrong use and a stack that is not up are one clear line and a non-zero exit, never a trace."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from booksaudit.pairs import READERS
from creditloop_cli import main
from creditloop_cli.loading.registry import COLUMNS
from localstack.services import SERVICES

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs a command line with a state folder of its own: exit code, stdout, stderr."""
    monkeypatch.setenv("CREDITLOOP_STATE", str(tmp_path / "state"))

    def command(*arguments: str) -> tuple[int, str, str]:
        code = main.run(arguments)
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return command


WRONG_USE = [
    [],
    ["load"],
    ["no-such-command"],
    ["status", "--no-such-option"],
    ["login"],
    ["login", "king"],
    ["login", "area_officer"],
    ["login", "area_officer", "--area", "999999"],
    ["login", "enterprise", "--entity", "123"],
    ["login", "auditor", "--hours", "13"],
    ["login", "auditor", "--hours", "0.0001"],
    ["login", "auditor", "--hours", "nan"],
    ["load", "registry", "no-such-file.csv"],
    ["load", "inspections", "no-such-file.csv", "no-such-file.csv"],
    ["report"],
    ["report", "registry", "no-such-file.csv"],
    ["model", "evaluate", "chicago", "--train-until", "soon"],
    ["model", "evaluate", "chicago", "--train-until", "2014-01-01", "--test-from", "2014-01-01"],
    ["model", "evaluate", "chicago", "--test-to", "2013-01-01"],
    ["model", "learn", "--until", "soon"],
    ["model", "evaluate", "chicago", "--inspections", "no-such-file.csv"],
    ["model", "evaluate", "chicago", "--inspections", "no-such-file.csv", "--context", "no-such-file.csv"],
    ["follow", "123"],
    ["verify-draw", "no-such-file.json"],
    ["replay"],
    ["replay", "123"],
    ["replay", "--decision", "123", "1"],
    ["replay", "--decisions", "-1"],
    ["demo", "--today", "tomorrow"],
    ["demo", "--today", "2999-01-01"],
    ["demo", "--entities", "1"],
    ["audit", "--wait-s", "soon"],
    *(["down", "--destroy", "--stack", name] for name in ("", "..", "../x", "cache", "a/b", ".", "A")),
]


@pytest.mark.parametrize("arguments", WRONG_USE, ids=" ".join)
def test_wrong_use_is_one_line(run: Run, arguments: list[str]) -> None:
    """Who mistypes wants to know what is right, not where we noticed."""
    code, out, err = run(*arguments)

    assert code == 2
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("creditloop: ")
    assert "Traceback" not in err


NEEDS_A_STACK = [
    ["model", "learn"],
    ["status"],
    ["status", "--json"],
    ["audit", "--json"],
    ["follow", "91510104YY000001XM"],
    ["login", "auditor"],
]


@pytest.mark.parametrize("arguments", NEEDS_A_STACK, ids=" ".join)
def test_a_stack_that_is_not_up_is_one_line(run: Run, arguments: list[str]) -> None:
    """The most common mistake of a first day; the line says what to type."""
    code, out, err = run(*arguments)

    assert code == 3
    assert out == ""
    assert err.count("\n") == 1
    assert "creditloop up" in err


def test_a_good_file_and_no_stack_is_told_as_no_stack(run: Run, tmp_path: Path) -> None:
    """The file is looked at first, and then it is clear what is missing."""
    file = tmp_path / "registry.csv"
    file.write_text(",".join(COLUMNS) + "\r\n", encoding="utf-8")

    code, _, err = run("load", "registry", str(file))

    assert (code, err.count("\n")) == (3, 1)


def test_help_names_every_command(run: Run) -> None:
    """A newcomer starts here."""
    code, out, _ = run("--help")

    assert code == 0
    for command in ("up", "down", "status", "demo", "login", "load", "follow", "audit", "verify-draw"):
        assert f"  {command}" in out


def test_a_file_that_is_no_draw_is_refused_with_the_place(run: Run, tmp_path: Path) -> None:
    """Refused is an answer, told on stdout; exit code 1 is for scripts."""
    file = tmp_path / "draw.json"
    file.write_text('{"format": "something else"}')

    code, out, err = run("verify-draw", str(file), "--json")

    told = json.loads(out)
    assert (code, err) == (1, "")
    assert told["accepted"] is False
    assert told["findings"][0]["where"]


def test_login_prints_a_token_and_nothing_else(run: Run, tmp_path: Path) -> None:
    """`TOKEN=$(creditloop login …)` must work."""
    (tmp_path / "state" / "default").mkdir(parents=True)

    code, out, err = run("login", "area_officer", "--area", "510104", "--hours", "2")

    assert (code, err) == (0, "")
    assert out.count("\n") == 1
    assert out.count(".") == 2


def test_the_audit_asks_the_services_that_a_stack_has() -> None:
    """A service it does not know would be on nobody's books."""
    assert set(READERS) == set(SERVICES)
