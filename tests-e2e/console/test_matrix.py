"""Every operation of every service and every page, by every role and by an officer of another area."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import uuid4

import httpx
import pytest
from creditloop_cli.local import issuer
from httpapi.identity import CITY_WIDE, Role
from matrix import (
    DOCUMENTS,
    OUTSIDERS,
    SERVICES,
    Operation,
    codes_in,
    example,
    inside_information,
    operations,
    refused_by_role,
)

Api = Callable[[str], httpx.Client]
Login = dict[str, Any]

EVERYONE = (*SERVICES, *(["console"] if (DOCUMENTS / "console.openapi.json").exists() else []))
ENDS_THE_SESSION = ("DELETE", "/api/session")
GONE, STRANGER = httpx.codes.NOT_FOUND, httpx.codes.UNAUTHORIZED


def _prefix(operation: Operation) -> str:
    return "" if operation.service == "console" else f"/api/{operation.service}"


def _try(client: httpx.Client, operation: Operation) -> httpx.Response:
    """The answer's head and, where it is a document, its body: a stream of events would never end."""
    parts = operation.harmless({})
    with client.stream(**{**parts, "url": _prefix(operation) + parts["url"]}) as answer:
        if not answer.headers.get("content-type", "").startswith("text/event-stream"):
            answer.read()
        return answer


def _protected(service: str) -> Iterator[Operation]:
    for operation in operations(service):
        ends = (operation.method, operation.path) == ENDS_THE_SESSION
        if operation.roles is not None and not ends and "{service}" not in operation.path:
            yield operation


def _lets_in(operation: Operation, role: Role, login: Login) -> bool:
    whole_city = role in CITY_WIDE or login["area"] == "510100"
    return role in (operation.roles or ()) and (operation.area != "city_only" or whole_city)


@pytest.mark.parametrize("service", EVERYONE)
def test_through_the_console_every_operation_lets_in_exactly_its_roles(
    service: str, api: Api, logins: dict[str, Login]
) -> None:
    """Ten roles; what a document says of who may call is what happens."""
    wrong = []
    for operation in _protected(service):
        for role in Role:
            answer = _try(api(role), operation)
            if _lets_in(operation, role, logins[role]):
                fits = (
                    not refused_by_role(answer)
                    and answer.status_code != STRANGER
                    and answer.status_code < 500
                )
            else:
                fits = answer.status_code == httpx.codes.FORBIDDEN
            if not fits:
                wrong.append(f"{operation} as {role}: {answer.status_code}")

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("service", EVERYONE)
def test_nobody_is_let_in_who_has_not_logged_in(service: str, console_url: str) -> None:
    """Not to anything: what is public is public at the services, and not through the console."""
    with httpx.Client(base_url=console_url, headers={"X-Creditloop-Console": "1"}, trust_env=False) as nobody:
        found = {str(operation): _try(nobody, operation).status_code for operation in _protected(service)}

    assert {name: status for name, status in found.items() if status != STRANGER} == {}


@pytest.fixture(scope="module")
def token_of(state: Any, logins: dict[str, Login]) -> Callable[[Role], str]:
    """A token as the console would send it for this role's login."""

    def made(role: Role) -> str:
        login = logins[role]
        claims = {name: login[name] for name in ("area", "entity", "platform", "source")}
        return issuer(state).issue(role, subject=login["subject"], **claims)

    return made


@pytest.mark.parametrize("service", SERVICES)
def test_the_services_themselves_keep_outsiders_out(
    service: str, demo: dict[str, Any], token_of: Callable[[Role], str]
) -> None:
    """Whoever has a token needs no console."""
    wrong = []
    for role in OUTSIDERS:
        headers = {"Authorization": f"Bearer {token_of(role)}"}
        with httpx.Client(base_url=demo["urls"][service], headers=headers, trust_env=False) as outsider:
            for operation in operations(service):
                answer = outsider.request(**_with(operation, headers))
                refused = answer.status_code == httpx.codes.FORBIDDEN
                let_in = operation.roles is None or role in operation.roles
                fits = not refused_by_role(answer) if let_in else refused
                if not fits or answer.status_code == STRANGER:
                    wrong.append(f"{operation} as {role}: {answer.status_code}")

    assert not wrong, "\n".join(wrong)


def _with(operation: Operation, headers: Mapping[str, str]) -> dict[str, Any]:
    parts = operation.harmless({})
    return {**parts, "headers": {**parts["headers"], **headers}}


LISTS = {
    "signals": ("profiling", "/v1/signals", "signal_id"),
    "suppressions": ("profiling", "/v1/suppressions", "suppression_id"),
    "tasks": ("sampling", "/v1/tasks", "task_id"),
    "records": ("repair", "/v1/records", "record_id"),
    "notices": ("notification", "/v1/notices", "notice_id"),
    "clue-register": ("notification", "/v1/clue-register", "clue_id"),
    "clues": ("notification", "/v1/clue-register", "clue_id"),
    "interventions": ("classification", "/v1/interventions", "number"),
    "objections": ("classification", "/v1/objections", "number"),
}
"""Where things are listed that one entity's area decides on, and what names one of them, by the path's first word."""


class Elsewhere:
    """Real things of the areas that the demo's officer has nothing to do with."""

    def __init__(self, admin: httpx.Client, area: str, today: str) -> None:
        self._admin = admin
        self.areas = dict(_areas(admin))
        self._foreign = {code for code, where in self.areas.items() if where != area}
        signal = self._first("signals")
        self.uscc: str = signal["uscc"]
        self.known = {
            "uscc": self.uscc,
            "area_code": signal["area_code"],
            "family": signal["family"],
            "usccs": [self.uscc],
        }
        self._fact = signal["evidence"][0].split("|")
        judged = admin.get(f"/api/classification/v1/entities/{self.uscc}/class").raise_for_status().json()
        self._decision = str(judged["number"])
        weighed = [each["code"] for each in judged["indicators"] if each["points"] > 0]
        self.known["indicators"] = weighed[:1]
        self._make(today)

    def _make(self, today: str) -> None:
        """What the demo has none of: a proposed intervention, an objection and a suppression."""
        why = {"uscc": self.uscc, "reason": "matrix", "evidence": ["matrix"]}
        for path, body in {
            "classification/v1/interventions": {**why, "risk_class": "C", "expires_on": today},
            "classification/v1/objections": {**self.known, **why, "filed_on": today, "ground": "matrix"},
            "profiling/v1/suppressions": {**self.known, **why, "until": today},
        }.items():
            once = {"Idempotency-Key": str(uuid4())}
            made = self._admin.post(f"/api/{path}", json=body, headers=once)
            assert made.is_success, f"{path}: {made.text}"

    def values(self, operation: Operation) -> dict[str, str]:
        """What to put into its path: the names of a real thing elsewhere."""
        word = operation.path.split("/")[2]
        named = {
            "uscc": self.uscc,
            "source": self._fact[0],
            "fact_id": self._fact[1],
            "number": self._decision,
        }
        if word in LISTS and "{" in operation.path:
            _, _, name = LISTS[word]
            thing = self._first(word)
            named[name] = str(thing.get(name) or thing["id"])
        return named

    def _first(self, word: str) -> Any:
        service, path, _ = LISTS[word]
        listed = _all(self._admin, f"/api/{service}{path}")
        return next(each for each in listed if each.get("uscc") in self._foreign)


def _areas(admin: httpx.Client) -> Iterator[tuple[str, str]]:
    for each in _all(admin, "/api/profiling/v1/entities"):
        yield each["uscc"], each["area_code"]


def _all(client: httpx.Client, path: str) -> Iterator[Any]:
    """Every item of a list, page by page."""
    cursor: dict[str, str] = {}
    while True:
        page = client.get(path, params={"limit": "1000", **cursor}).raise_for_status().json()
        yield from page["items"]
        if not page.get("next_cursor"):
            return
        cursor = {"cursor": page["next_cursor"]}


@pytest.fixture(scope="module")
def elsewhere(api: Api, logins: dict[str, Login], demo: dict[str, Any]) -> Elsewhere:
    """Real things of other areas than the officer's."""
    return Elsewhere(api(Role.CITY_ADMINISTRATOR), logins[Role.AREA_OFFICER]["area"], demo["today"])


def _of_one_entity(service: str) -> Iterator[Operation]:
    for operation in operations(service):
        about_the_city = operation.path.startswith("/v1/draws")
        if operation.area == "entity" and Role.AREA_OFFICER in (operation.roles or ()) and not about_the_city:
            yield operation


@pytest.mark.parametrize("service", SERVICES)
def test_an_officer_neither_reads_nor_changes_what_is_of_another_area(
    service: str, api: Api, elsewhere: Elsewhere
) -> None:
    """It is not there for them, word for word; a city administrator reads it by the same address."""
    officer, admin = api(Role.AREA_OFFICER), api(Role.CITY_ADMINISTRATOR)
    wrong = []
    for operation in _of_one_entity(service):
        path = f"/api/{service}{operation.address(elsewhere.values(operation))}"
        body = None if operation.schema is None else example(operation.schema, elsewhere.known)
        query = {name: str(number) for number, name in enumerate(operation.query, start=1)}
        answer = officer.request(
            operation.method, path, params=query, json=body, headers={"Idempotency-Key": path}
        )
        if answer.status_code != GONE:
            wrong.append(f"{operation}: the officer got {answer.status_code} {answer.text[:200]}")
        if operation.reads and not (read := admin.get(path, params=query)).is_success:
            wrong.append(f"{operation}: the administrator got {read.status_code} {read.text[:200]}")

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("service", SERVICES)
def test_no_list_for_an_officer_holds_anything_of_another_area(
    service: str, api: Api, logins: dict[str, Login], elsewhere: Elsewhere
) -> None:
    """Lists are limited before they are counted and paged."""
    officer, own = api(Role.AREA_OFFICER), logins[Role.AREA_OFFICER]["area"]
    leaks = []
    for operation in operations(service):
        if (
            operation.area != "filter"
            or not operation.reads
            or Role.AREA_OFFICER not in (operation.roles or ())
        ):
            continue
        answer = officer.get(_prefix(operation) + operation.address({}))
        foreign = {code for code in codes_in(answer.text) if elsewhere.areas.get(code, own) != own}
        leaks += [f"{operation}: {code} is of {elsewhere.areas[code]}" for code in sorted(foreign)]

    assert not leaks, "\n".join(leaks)


def test_the_lists_that_are_looked_through_are_not_empty(api: Api, elsewhere: Elsewhere) -> None:
    """A list that is empty for everybody would prove nothing."""
    officer = api(Role.AREA_OFFICER)
    for word in ("signals", "tasks", "records", "notices"):
        service, path, _ = LISTS[word]
        assert officer.get(f"/api/{service}{path}").json()["items"], word


@pytest.mark.parametrize("role", OUTSIDERS)
def test_no_answer_to_an_outsider_tells_a_class_or_a_score(
    role: Role, api: Api, demo: dict[str, Any], token_of: Callable[[Role], str]
) -> None:
    """Whatever they may ask, by the console and by the services themselves."""
    told = []
    headers = {"Authorization": f"Bearer {token_of(role)}"}
    for service in SERVICES:
        for operation in operations(service):
            if operation.reads and (operation.roles is None or role in operation.roles):
                url = demo["urls"][service] + operation.address({})
                answers = [httpx.get(url, headers=headers, trust_env=False)]
                answers += (
                    [api(role).get(_prefix(operation) + operation.address({}))] if operation.roles else []
                )
                told += [f"{operation}: {where}" for answer in answers for where in _inside(answer)]

    assert not told, "\n".join(told)


def _inside(answer: httpx.Response) -> Iterator[str]:
    if answer.content and "json" in answer.headers.get("content-type", ""):
        yield from inside_information(json.loads(answer.text))
