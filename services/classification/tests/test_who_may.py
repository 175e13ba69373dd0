"""Who may do what where people decide, route by route: role, and area."""

from typing import Any

import pytest
from httpapi import Role, route_accesses
from httpapi.access import AreaRule
from httpapi.identity import OUTSIDERS, STAFF

R = Role
WRITERS = {R.MODEL_MANAGER}
APPROVERS = {R.APPROVER, R.MODEL_MANAGER}
PROPOSERS = {R.CITY_ADMINISTRATOR, R.AREA_OFFICER}
DECIDERS = {R.CITY_ADMINISTRATOR, R.APPROVER}
MATRIX = {
    "GET /v1/drafts": (STAFF, AreaRule.NOT_APPLICABLE),
    "POST /v1/drafts": (WRITERS, AreaRule.CITY_ONLY),
    "POST /v1/drafts/check": (WRITERS, AreaRule.CITY_ONLY),
    "GET /v1/drafts/{number}": (STAFF, AreaRule.NOT_APPLICABLE),
    "PUT /v1/drafts/{number}": (WRITERS, AreaRule.CITY_ONLY),
    "GET /v1/drafts/{number}/diff": (STAFF, AreaRule.NOT_APPLICABLE),
    "GET /v1/drafts/{number}/trail": (STAFF, AreaRule.NOT_APPLICABLE),
    "POST /v1/drafts/{number}/submit": (WRITERS, AreaRule.CITY_ONLY),
    "POST /v1/drafts/{number}/withdraw": (WRITERS, AreaRule.CITY_ONLY),
    "POST /v1/drafts/{number}/approve": (APPROVERS, AreaRule.CITY_ONLY),
    "POST /v1/drafts/{number}/return": (APPROVERS, AreaRule.CITY_ONLY),
    "POST /v1/drafts/{number}/promote": (WRITERS, AreaRule.CITY_ONLY),
    "POST /v1/drafts/{number}/shadow": (WRITERS, AreaRule.CITY_ONLY),
    "GET /v1/drafts/{number}/shadow": (STAFF, AreaRule.FILTER),
    "GET /v1/drafts/{number}/shadow/movers": (STAFF, AreaRule.FILTER),
    "GET /v1/models/{code}/rollbacks": (STAFF, AreaRule.NOT_APPLICABLE),
    "GET /v1/models/{model_id}/diff": (STAFF, AreaRule.NOT_APPLICABLE),
    "GET /v1/models/{model_id}/trail": (STAFF, AreaRule.NOT_APPLICABLE),
    "POST /v1/models/{code}/rollback": (APPROVERS, AreaRule.CITY_ONLY),
    "POST /v1/rollbacks/{number}/approve": (APPROVERS, AreaRule.CITY_ONLY),
    "POST /v1/rollbacks/{number}/refuse": (APPROVERS, AreaRule.CITY_ONLY),
    "GET /v1/interventions": (STAFF, AreaRule.FILTER),
    "POST /v1/interventions": (PROPOSERS, AreaRule.ENTITY),
    "POST /v1/interventions/{number}/approve": (DECIDERS, AreaRule.ENTITY),
    "POST /v1/interventions/{number}/refuse": (DECIDERS, AreaRule.ENTITY),
    "POST /v1/interventions/{number}/revoke": (PROPOSERS | DECIDERS, AreaRule.ENTITY),
    "GET /v1/objections": (STAFF, AreaRule.FILTER),
    "GET /v1/objections/{number}": (STAFF, AreaRule.FILTER),
    "POST /v1/objections": (PROPOSERS | {R.REPAIR_OFFICER}, AreaRule.ENTITY),
    "POST /v1/objections/{number}/decide": (DECIDERS, AreaRule.ENTITY),
    "GET /v1/entities/{uscc}/decisions/{number}/replay": (STAFF, AreaRule.ENTITY),
    "POST /v1/replays": ({R.AUDITOR, R.MODEL_MANAGER, R.CITY_ADMINISTRATOR}, AreaRule.CITY_ONLY),
    "POST /v1/daily-runs": ({R.CITY_ADMINISTRATOR}, AreaRule.CITY_ONLY),
}
USCC = "91510104YY000001XM"
AREA_CLAIMS = {
    R.ENTERPRISE: {"entity": USCC},
    R.PLATFORM: {"platform": "shop"},
    R.SOURCE_SYSTEM: {"source": "courts"},
}


@pytest.mark.parametrize("call", MATRIX)
async def test_the_route_takes_these_roles_and_no_others(office: Any, call: str) -> None:
    """The table is the rule; a route that says otherwise is wrong."""
    roles, area = MATRIX[call]
    declared = {
        f"{method} {route.path}": route.access
        for route in route_accesses(office.app)
        for method in route.methods
    }

    assert declared[call].roles == frozenset(roles)
    assert declared[call].area is area


@pytest.mark.parametrize("call", MATRIX)
async def test_everyone_else_is_refused_before_anything_is_read(office: Any, call: str) -> None:
    """Outsiders above all: there is no such thing as their class."""
    roles, area = MATRIX[call]
    path = call.format(number=1, uscc=USCC, code="general", model_id="general@1")
    others = [role for role in Role if role not in roles]

    answers = [
        await office.ask(
            "sun", role, path, {}, area="510104" if role in STAFF else None, **AREA_CLAIMS.get(role, {})
        )
        for role in others
    ]
    of_an_area = [
        await office.ask("sun", role, path, {}, area="510104") for role in roles if area is AreaRule.CITY_ONLY
    ]

    assert set(others) >= OUTSIDERS
    assert {each.status_code for each in (*answers, *of_an_area)} == {403}
