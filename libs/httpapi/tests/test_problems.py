import json
from collections.abc import Callable

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from httpapi.field_errors import FieldError
from httpapi.idempotency import KeyReused
from httpapi.identity import Role
from httpapi.problems import (
    MEDIA_TYPE,
    Invalid,
    NotFound,
    Overloaded,
    ProblemError,
    TooMany,
    catalogue,
    problem_response,
)
from structlog.testing import capture_logs

ClientFor = Callable[..., httpx.AsyncClient]


def city(client_for: ClientFor) -> httpx.AsyncClient:
    return client_for(Role.CITY_ADMINISTRATOR)


async def test_each_wrong_field_is_named_with_what_would_be_right(client_for: ClientFor) -> None:
    """A sender can repair its request without asking us."""
    answer = await city(client_for).post("/v1/plans", json={"ratio": 2})

    assert answer.status_code == 422
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert {(e["field"], e["problem"], e["expected"]) for e in answer.json()["errors"]} == {
        ("body.name", "is missing", "a value"),
        ("body.ratio", "Input should be less than or equal to 1", "at most 1.0"),
    }
    assert {(e["field"], e["fault"], e.get("limit")) for e in answer.json()["errors"]} == {
        ("body.name", "missing", None),
        ("body.ratio", "too_large", "1.0"),
    }


async def test_the_value_that_was_sent_is_never_echoed(client_for: ClientFor) -> None:
    """It may be personal data, and logs of proxies keep answers."""
    answer = await city(client_for).post("/v1/plans", json={"name": 5, "ratio": "13800138000x"})

    assert "13800138000" not in answer.text


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe\x00",
        b'{"name": "\xc3\x28", "ratio": 1}',
        b"{",
        b"",
        b"[" * 100_000,
        b"1" * 5_000,
        b'{"name": "\\ud800", "ratio": "x"}',
        b'{"\\ud800": 1}',
        b"null",
        b"NaN",
        "名".encode("gb18030"),
    ],
)
async def test_any_bytes_as_body_get_a_client_error(client_for: ClientFor, body: bytes) -> None:
    """What outsiders send must never look like our own fault."""
    headers = {"content-type": "application/json"}

    answer = await city(client_for).post("/v1/plans", content=body, headers=headers)

    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == MEDIA_TYPE
    json.loads(answer.content.decode())


async def test_an_unexpected_error_keeps_its_text_inside_and_is_logged_once(client_for: ClientFor) -> None:
    """Inner text helps an attacker and nobody else; the log has the stack."""
    with capture_logs() as logs:
        answer = await client_for(None).get("/v1/broken")

    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.json()["type"] == "urn:creditloop:problem:unexpected"
    assert [entry["event"] for entry in logs if entry["log_level"] == "error"] == ["unexpected_error"]


async def test_what_may_pass_is_told_to_come_again_and_logged_too(
    build: Callable[..., FastAPI], routers: list[APIRouter], client_of: ClientFor
) -> None:
    """A database that is away is no fault of ours, and still somebody must see that it was."""
    with capture_logs() as logs:
        async with client_of(build(routers=routers, passes=lambda _error: True)) as client:
            answer = await client.get("/v1/broken")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "secret" not in answer.text
    assert [entry["event"] for entry in logs if entry["log_level"] == "error"] == ["unexpected_error"]


async def test_an_unknown_path_and_method_are_problems_too(client_for: ClientFor) -> None:
    """The framework's own errors look like ours."""
    client = client_for(None)

    nowhere, wrong = await client.get("/nowhere"), await client.delete("/health/live")

    assert [nowhere.json()["type"], wrong.json()["type"]] == [
        "urn:creditloop:problem:not-found",
        "urn:creditloop:problem:method-not-allowed",
    ]
    assert wrong.headers["allow"] == "GET"


def test_every_problem_type_is_named_once() -> None:
    """A type is a promise: two problems must not share one."""
    types = [entry["type"] for entry in catalogue()]

    assert len(types) == len(set(types))
    assert KeyReused.type_uri() in types
    assert all(str(entry["raised"]).startswith("Raised") for entry in catalogue())


@pytest.mark.parametrize("kind", [TooMany, Overloaded])
def test_come_back_later_says_when(kind: type[TooMany]) -> None:
    """RFC 9110 section 10.2.3: Retry-After in seconds."""
    problem = kind("busy", retry_after_s=7)

    assert problem_response(problem).headers["retry-after"] == "7"


def test_a_problem_with_broken_unicode_is_still_answered() -> None:
    """A field's name may be anything a sender wrote."""
    problem = Invalid("\ud800", errors=[FieldError("body.\udfff", "is wrong", "中文")])

    document = json.loads(problem_response(problem).body)

    assert document["errors"][0]["expected"] == "中文"


async def test_a_service_adds_its_own_problem_by_subclassing(app: FastAPI, client_for: ClientFor) -> None:
    """The tree is open below, closed above."""

    class PlanGone(NotFound):
        """Raised when the plan is gone."""

        slug, title = "plan-gone", "The plan is gone"

    problem: ProblemError = PlanGone("last week")

    assert problem.document() == {
        "type": "urn:creditloop:problem:plan-gone",
        "title": "The plan is gone",
        "status": 404,
        "detail": "last week",
    }
