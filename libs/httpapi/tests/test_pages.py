import base64
import json
from collections.abc import Callable

import httpx
import pytest
from httpapi import Role, decode_cursor, encode_cursor
from httpapi.problems import BadRequest
from hypothesis import given
from hypothesis import strategies as st

ClientFor = Callable[..., httpx.AsyncClient]
STORABLE = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=200)
"""Every text PostgreSQL can keep, as long as a source's longest fact id."""


@given(STORABLE, st.integers(-(2**63), 2**63 - 1))
def test_a_cursor_gives_back_what_it_was_made_of(text: str, number: int) -> None:
    """A page continues exactly where the one before ended."""
    assert decode_cursor(encode_cursor(text, number), str, int) == (text, number)


@pytest.mark.parametrize("text", ["\u3000", "\u00a0", "\n", "𠮷" * 200, "\x01" * 200])
async def test_a_page_after_any_key_is_given(client_for: ClientFor, text: str) -> None:
    """A source chooses its fact ids; our own cursor must never be refused."""
    query = {"cursor": encode_cursor(text)}

    answer = await client_for(Role.CITY_ADMINISTRATOR).get("/v1/entities", params=query)

    assert answer.status_code == 200


@given(st.text(max_size=80))
def test_any_other_text_is_refused_and_never_fails(text: str) -> None:
    """Cursors come from outside."""
    with pytest.raises(BadRequest):
        decode_cursor(text, str, int)


def _forged(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "value",
    [
        [2, "a"],
        [1],
        [1, 5],
        [1, "a", "b"],
        [1, "a\0"],
        [1, "\ud800"],
        {"a": 1},
        5,
        None,
        [],
        [1, None],
        [1, True],
    ],
)
def test_a_forged_cursor_is_refused_before_it_reaches_sql(value: object) -> None:
    """A wrong kind or a NUL would be a 500 from the database."""
    with pytest.raises(BadRequest):
        decode_cursor(_forged(value), str)


@pytest.mark.parametrize("value", [[1, 2**63], [1, True], [1, 1.5], [1, "1"]])
def test_a_forged_number_must_fit_the_column(value: object) -> None:
    """PostgreSQL's bigint has 64 bits; Python's int has no end."""
    with pytest.raises(BadRequest):
        decode_cursor(_forged(value), int)


async def test_pages_follow_each_other_to_the_end(client_for: ClientFor) -> None:
    """Every item once, and null when there is no more."""
    client = client_for(Role.CITY_ADMINISTRATOR)

    first = (await client.get("/v1/entities", params={"limit": 1})).json()
    second = (await client.get("/v1/entities", params={"limit": 1, "cursor": first["next_cursor"]})).json()

    assert first["items"] + second["items"] == ["91510104MA00000001", "91510107MA00000002"]
    assert second["next_cursor"] is None


@pytest.mark.parametrize(("query", "status"), [("cursor=%F0", 400), ("limit=0", 422), ("limit=1001", 422)])
async def test_a_page_that_cannot_be_given_says_what_would_be_right(
    client_for: ClientFor, query: str, status: int
) -> None:
    """The caller learns which parameter and which values."""
    answer = await client_for(Role.CITY_ADMINISTRATOR).get(f"/v1/entities?{query}")

    assert answer.status_code == status
    assert answer.json()["errors"][0]["field"] == "query." + query.partition("=")[0]
