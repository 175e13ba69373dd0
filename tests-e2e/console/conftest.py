"""The console of the end-to-end city, in a real browser and by its API, as each of the demo's logins."""

import asyncio
import json
import sys
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.append(str(Path(__file__).parent))

from browsing import Faults, Journey, context, launch, log_in, violations

Login = dict[str, Any]
PageAs = Callable[..., Page]
Select = Callable[..., list[dict[str, Any]]]
_OURS = {"X-Creditloop-Console": "1"}


@pytest.fixture(scope="session")
def console_url(demo: dict[str, Any]) -> str:
    """The console's address."""
    return str(demo["console"]["url"])


@pytest.fixture(scope="session")
def logins(demo: dict[str, Any]) -> dict[str, Login]:
    """The demo's logins by role."""
    return {each["role"]: each for each in demo["console"]["logins"]}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; ended with the module, for no other test can run a loop while Playwright's runs."""
    with sync_playwright() as playwright:
        yield launch(playwright)


@pytest.fixture(scope="session")
def sessions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the cookies of who logged in already."""
    return tmp_path_factory.mktemp("sessions")


@pytest.fixture
def faults() -> Iterator[Faults]:
    """What goes wrong on the test's pages fails it, unless the test expected it by name."""
    watched = Faults()
    yield watched
    assert not watched.found, "\n".join(watched.found)


@pytest.fixture
def pages() -> list[Page]:
    """The pages that the test opened."""
    return []


@pytest.fixture
def page_as(
    browser: Browser,
    console_url: str,
    logins: dict[str, Login],
    sessions: Path,
    faults: Faults,
    pages: list[Page],
) -> Iterator[PageAs]:
    """Call it, as `page_as("auditor", phone=True)`, for a page at the start, logged in through the form.

    A role logs in once for all tests; `anew=True` is for a test that logs out, and for whoever measures a login.
    """
    with ExitStack() as open_contexts:

        def open_page(role: str, *, phone: bool = False, anew: bool = False) -> Page:
            kept = sessions / f"{role}.json"
            known = kept.exists() and not anew
            made = context(browser, console_url, phone=phone, kept=kept if known else None)
            open_contexts.callback(made.close)
            page = made.new_page()
            pages.append(page)
            faults.watch(page)
            if known:
                page.goto("/")
            else:
                log_in(page, logins[role]["username"], logins[role]["password"])
            if not known and not anew:
                made.storage_state(path=kept)
            return page

        yield open_page


@pytest.fixture(scope="module")
def opened() -> dict[str, Page]:
    """The pages that a module's tests read one after another, by role."""
    return {}


@pytest.fixture(autouse=True)
def _services_answer(opened: dict[str, Page]) -> Iterator[None]:
    """What a test had answered in place of a service ends with it, however it ends."""
    yield
    for page in opened.values():
        page.unroute_all()


@pytest.fixture(scope="module")
def page_of(
    browser: Browser,
    console_url: str,
    logins: dict[str, Login],
    sessions: Path,
    opened: dict[str, Page],
) -> Iterator[Callable[[str], Page]]:
    """Call it, as `page_of("auditor")`, for the one page of that role that a module's tests read one after another.

    What goes wrong on it fails the module's last test.
    """
    watched = Faults()
    with ExitStack() as open_contexts:

        def page_of_role(role: str) -> Page:
            if role not in opened:
                kept = sessions / f"{role}.json"
                made = context(browser, console_url, kept=kept if kept.exists() else None)
                open_contexts.callback(made.close)
                opened[role] = made.new_page()
                watched.watch(opened[role])
                if not kept.exists():
                    log_in(opened[role], logins[role]["username"], logins[role]["password"])
                    made.storage_state(path=kept)
            return opened[role]

        yield page_of_role
    assert not watched.found, "\n".join(watched.found)


@pytest.fixture(scope="session")
def select(database: Callable[[str], str]) -> Select:
    """`select("repair", "select state from record where uscc = $1", uscc)`: the rows that a service's database has."""

    def rows(service: str, sql: str, *values: object) -> list[dict[str, Any]]:
        async def ask() -> list[dict[str, Any]]:
            connection = await asyncpg.connect(database(service))
            try:
                return [dict(row) for row in await connection.fetch(sql, *values)]
            finally:
                await connection.close()

        with ThreadPoolExecutor(1) as elsewhere:  # Playwright runs a loop in this thread
            return elsewhere.submit(asyncio.run, ask()).result()

    return rows


@pytest.fixture
def step(request: pytest.FixtureRequest, pages: list[Page]) -> Journey:
    """`with step("opens the queue of warnings"):` tells what a person does; the step that fails is named."""
    return Journey(request.node.name, pages)


@pytest.fixture(scope="session")
def order(api: Callable[[str], httpx.Client]) -> Callable[..., Any]:
    """Something is ordered: `order("approver", "POST", "classification/v1/drafts/3/return", json={"reason": "…"})`."""

    def send(role: str, method: str, path: str, **body: Any) -> Any:
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        answer = api(role).request(method, f"/api/{path}", headers=headers, timeout=90, **body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    return send


@pytest.fixture(scope="session")
def send_file(api: Callable[[str], httpx.Client], order: Callable[..., Any]) -> Callable[..., str]:
    """`send_file("demo-bureau", "daily", "代码,日期\\n…", "check", "load")`: a file's id, once these jobs are done."""
    me = "city_administrator"

    def send(source: str, mapping: str, text: str, *jobs: str) -> str:
        content = text.encode()
        body = {"source": source, "mapping": mapping, "name": "处罚台账.csv", "size": len(content)}
        address = f"ingestion/v1/files/{order(me, 'POST', 'ingestion/v1/files', json=body)['id']}"
        order(me, "PUT", f"{address}/content", content=content)
        for job in jobs:
            order(me, "POST", f"{address}/{job}")
            with api(me).stream("GET", f"/api/{address}/events") as events:
                *_, ended = (line for line in events.iter_lines() if line.startswith("data: "))
            assert json.loads(ended.removeprefix("data: "))["job"]["state"] == "done", ended
        return address.rpartition("/")[2]

    return send


@pytest.fixture(scope="module")
def draft(ask: Callable[..., Any], order: Callable[..., Any]) -> Iterator[dict[str, Any]]:
    """A draft of the general model with a lower cut of A, and a copy of the city to try it on."""
    ids = [each["id"] for each in ask("classification/v1/models")["items"]]
    newest = max((each for each in ids if each.startswith("general@")), key=lambda each: int(each[8:]))
    document = ask(f"classification/v1/models/{newest}")["definition"]
    document["scale"]["cuts"]["A"] -= 25
    day = ask("profiling/v1/business-day")["day"]
    document |= {"version": int(newest[8:]) + 1, "valid_from": day}
    text = json.dumps(document, ensure_ascii=False, indent=1)
    order("model_manager", "POST", "classification/v1/snapshots")
    made = order("model_manager", "POST", "classification/v1/drafts", json={"text": text})
    yield {**made, "cut": document["scale"]["cuts"]["A"]}
    reason = {"reason": "核对完毕"}
    order("model_manager", "POST", f"classification/v1/drafts/{made['id']}/withdraw", json=reason)


@pytest.fixture(scope="session")
def names(ask: Callable[..., Any]) -> dict[str, dict[str, str]]:
    """What areas, sections of industries, sectors and kinds of entities are called, by kind and code."""
    told = ask("vocabulary")
    kinds = ("areas", "sections", "sectors", "entity_types")
    return {kind: {each["code"]: each["zh"] for each in told[kind]} for kind in kinds}


@pytest.fixture
def model_names(ask: Callable[..., Any]) -> dict[str, str]:
    """What models are called, by their code and by version; read anew, since other tests put versions in force."""
    told = ask("classification/v1/models")["items"]
    named = {each["id"]: (each["zh"], *each["id"].split("@")) for each in told}
    return {code: zh for zh, code, _ in named.values()} | {
        version: f"{zh}（第 {number} 版）" for version, (zh, _, number) in named.items()
    }


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """`axe(page)` fails on what axe-core holds to be serious or critical."""

    def check(page: Page) -> None:
        found = violations(page)
        assert not found, "\n".join([page.url, *found])

    return check


@pytest.fixture(scope="session")
def api(console_url: str, logins: dict[str, Login]) -> Iterator[Callable[[str], httpx.Client]]:
    """`api("auditor")` calls the console's `/api` as that role's login; a role logs in once."""
    clients: dict[str, httpx.Client] = {}

    def client_of(role: str) -> httpx.Client:
        if role not in clients:
            clients[role] = httpx.Client(base_url=console_url, headers=_OURS, timeout=30, trust_env=False)
            login = {name: logins[role][name] for name in ("username", "password")}
            clients[role].post("/api/session", json=login).raise_for_status()
            clients[role].headers["X-Creditloop-Account"] = login["username"]
        return clients[role]

    yield client_of
    for client in clients.values():
        client.close()


@pytest.fixture(scope="session")
def ask(api: Callable[[str], httpx.Client]) -> Callable[..., Any]:
    """What a service answers: `ask("profiling/v1/business-day")`; to a city administrator, or `role="auditor"`."""

    def answer(path: str, role: str = "city_administrator") -> Any:
        return api(role).get(f"/api/{path}").raise_for_status().json()

    return answer


@pytest.fixture(scope="session")
def area_names(ask: Callable[..., Any]) -> dict[str, str]:
    """What the areas are called, by code."""
    return {each["code"]: each["zh"] for each in ask("vocabulary")["areas"]}


@pytest.fixture(scope="session")
def today(ask: Callable[..., Any]) -> str:
    """The day of the services."""
    return str(ask("profiling/v1/business-day")["day"])
