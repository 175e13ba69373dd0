"""What the demo promises a newcomer, and what the audit and the verifier promise everyone."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
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
    assert Path(demo["letter"]).exists()


def test_status_names_every_process(demo: dict[str, Any], creditloop: Creditloop) -> None:
    """Name, address and health of eight processes."""
    found = json.loads(creditloop("status", "--stack", "e2e", "--json").stdout)

    processes = {each["name"]: each for each in found["processes"]}
    assert set(processes) == {
        "postgres", "kafka", "ingestion", "profiling", "classification", "sampling", "repair", "notification",
    }  # fmt: skip
    assert {each["health"] for each in processes.values()} == {"ready"}


def test_the_books_agree(demo: dict[str, Any], creditloop: Creditloop) -> None:
    """Nothing lost, nothing doubled, no dead letter."""
    found = json.loads(creditloop("audit", "--stack", "e2e", "--json").stdout)

    assert (found["lost"], found["doubled"], found["dead_letters"]) == (0, 0, 0)
    assert found["accepted"] >= demo["verdicts"]["accepted"]
    assert found["recorded"] >= found["accepted"]


def _tid(place: tuple[int, int]) -> str:
    return f"({place[0]},{place[1]})"


TAMPERINGS = [
    ("ingestion", "fact", "true"),
    ("profiling", "fact", "true"),
    ("profiling", "signal", "true"),
    ("classification", "state", "true"),
    ("classification", "decision", "true"),
    ("sampling", "member", "change_number > 0"),
    ("repair", "record", "true"),
    ("notification", "notice", "template like 'repair_notice%'"),
]


@pytest.mark.parametrize(("service", "table", "condition"), TAMPERINGS)
async def test_one_row_removed_by_hand_is_found(
    demo: dict[str, Any], creditloop: Creditloop, admin_url: str, service: str, table: str, condition: str
) -> None:
    """An audit that cannot fail proves nothing."""
    connection = await asyncpg.connect(f"{admin_url.rpartition('/')[0]}/creditloop_{service}")
    await connection.execute("set session_replication_role = replica")  # no foreign key protects the books
    columns = await connection.fetchval(
        """select string_agg(format('%I', column_name), ', ') from information_schema.columns
           where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER'""",
        table,
    )
    place = await connection.fetchval(f'select ctid from "{table}" where {condition} limit 1')
    await connection.execute(
        f"create temp table kept as select * from \"{table}\" where ctid = '{_tid(place)}'"
    )
    await connection.execute(f"delete from \"{table}\" where ctid = '{_tid(place)}'")

    done = creditloop("audit", "--stack", "e2e", "--json", "--wait-s", "5", check=False)

    await connection.execute(
        f'insert into "{table}" ({columns}) overriding system value select {columns} from kept'
    )
    await connection.close()
    found = json.loads(done.stdout)
    assert found["lost"] + found["doubled"] > 0
    assert done.returncode == 1


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
    """Nothing is open by default."""
    for service, url in demo["urls"].items():
        document = httpx.get(f"{url}/openapi.json").raise_for_status().json()

        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                declared = operation.keys() & {"x-roles", "x-public", "x-sources"}
                assert declared, f"{service} {method} {path}"


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
        assert answer.status_code in {401, 403, 404}, path


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
