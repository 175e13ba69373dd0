"""What the demo promises a newcomer, and what the audit and the verifier promise everyone."""

import base64
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

Creditloop = Callable[..., Any]


def test_the_loop_turned_once(demo: dict[str, Any]) -> None:
    """Every stage did something, and the classes look like a city's."""
    shares = demo["shares"]

    assert demo["verdicts"]["accepted"] > 5 * demo["entities"]
    assert set(demo["classes"]) == {"A", "B", "C", "D"}
    assert 0.45 <= shares["A"] <= 0.75
    assert shares["D"] <= 0.05
    assert demo["draw"]["drawn"] > 0
    assert sum(demo["stopped"].values()) > 0
    assert demo["clues"]["answered"]
    letters, _, notice_id = demo["letter"].rstrip(")").partition(" (")
    assert notice_id in Path(letters).read_text()


def test_status_names_every_process(demo: dict[str, Any], creditloop: Creditloop) -> None:
    """Name, address and health of nine processes."""
    found = json.loads(creditloop("status", "--stack", "e2e", "--json").stdout)

    processes = {each["name"]: each for each in found["processes"]}
    assert set(processes) == {
        "postgres", "kafka", "ingestion", "profiling", "classification", "sampling", "repair", "notification",
        "console",
    }  # fmt: skip
    assert {each["health"] for each in processes.values()} == {"ready"}


def test_the_books_agree(demo: dict[str, Any], creditloop: Creditloop) -> None:
    """Nothing lost, nothing doubled, no dead letter."""
    found = json.loads(creditloop("audit", "--stack", "e2e", "--json").stdout)

    assert (found["lost"], found["doubled"], found["dead_letters"]) == (0, 0, 0)
    assert found["accepted"] >= demo["verdicts"]["accepted"]
    assert found["recorded"] >= found["accepted"]


@pytest.mark.parametrize("which", [("--decisions", "200", "--seed", "1"), ("--all-decisions",)])
def test_past_decisions_come_out_the_same(
    demo: dict[str, Any], creditloop: Creditloop, which: tuple[str, ...]
) -> None:
    """Derived anew from their own rows and the models that made them."""
    told = creditloop("replay", "--stack", "e2e", *which)
    found = json.loads(creditloop("replay", "--stack", "e2e", *which, "--json").stdout)

    assert found["decisions"] >= min(200, demo["entities"])
    assert found["same"] == found["decisions"]
    assert f"{found['same']:d} of {found['decisions']:d} decisions came out the same" in told.stdout


def test_the_draw_is_verified_and_any_changed_character_is_refused(
    demo: dict[str, Any], creditloop: Creditloop, tmp_path: Path
) -> None:
    """Anyone may check the published file, offline."""
    original = Path(demo["draw"]["file"]).read_text()
    copy = tmp_path / "draw.json"
    copy.write_text(original)
    assert creditloop("verify-draw", str(copy)).returncode == 0

    chance = random.Random(7)
    for _ in range(5):
        at = chance.choice([index for index, char in enumerate(original) if char.isalnum()])
        other = "1" if original[at] != "1" else "2"
        copy.write_text(original[:at] + other + original[at + 1 :])

        refused = creditloop("verify-draw", str(copy), check=False)

        assert refused.returncode == 1, f"character {at} changed unnoticed"
        assert refused.stdout.strip() or refused.stderr.strip()


def test_every_route_of_every_service_says_who_may_call_it(demo: dict[str, Any]) -> None:
    """Nothing is open by default.

    Routes left out of the document are no way around it: a service with an undeclared route does not come up.
    """
    for service, url in demo["urls"].items():
        document = httpx.get(f"{url}/openapi.json").raise_for_status().json()

        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                declared = operation.keys() & {"x-roles", "x-public"}
                assert len(declared) == 1, f"{service} {method} {path}"


def test_the_token_of_a_shell_holds_for_an_hour(demo: dict[str, Any], creditloop: Creditloop) -> None:
    """A city administrator's token lies in the environment of every program that the shell starts."""
    token = json.loads(creditloop("env", "--stack", "e2e", "--json").stdout)["CREDITLOOP_TOKEN"]

    payload = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert claims["exp"] - claims["iat"] <= 3600


@pytest.mark.parametrize("role", ["enterprise", "platform"])
def test_nobody_outside_gets_a_class(demo: dict[str, Any], creditloop: Creditloop, role: str) -> None:
    """Class stays inside, whatever is called."""
    extra = {
        "enterprise": ["--entity", demo["follow"]],
        "platform": ["--platform", "demo-platform"],
    }[role]
    token = creditloop("login", role, *extra, "--stack", "e2e").stdout.strip()
    headers = {"Authorization": f"Bearer {token}"}

    for path in (f"/v1/entities/{demo['follow']}/class", "/v1/statistics/classes", "/v1/reviews/discovery"):
        answer = httpx.get(demo["urls"]["classification"] + path, headers=headers)
        assert answer.status_code in {403, 404}, path


@pytest.mark.parametrize(
    "arguments",
    [
        ["follow", "nonsense"],
        ["verify-draw", "/nonexistent"],
        ["load", "registry", "/nonexistent"],
        ["bogus"],
    ],
)
def test_wrong_use_is_one_clear_line(creditloop: Creditloop, arguments: list[str]) -> None:
    """No traces for people."""
    done = creditloop(*arguments, check=False)

    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
