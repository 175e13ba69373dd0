"""Who may log in to the demo's console, and what is left for them to do."""

from creditloop_cli.demo.draw import visited
from creditloop_cli.demo.logins import Known, logins, most_recorded
from httpapi.identity import ClaimNames, Role, caller_from_claims

KNOWN = Known(inspector=("demo-510104-3", "虚构检查员"), entity=("91510104YY0000079X", "虚构网店有限公司"))


def test_every_role_has_one_login_that_the_services_accept() -> None:
    """A newcomer sees what each of them sees."""
    made = list(logins(KNOWN))

    assert [each.role for each in made] == list(Role)
    for each in made:
        claims = {"sub": each.subject, "role": str(each.role), **_named(each._asdict())}
        assert caller_from_claims(claims, ClaimNames()).role is each.role


def _named(login: dict[str, object]) -> dict[str, object]:
    names = ("area", "entity", "platform", "source")
    return {name: login[name] for name in names if login[name] is not None}


def test_the_inspector_is_one_of_the_pool() -> None:
    """Sampling knows whose visits are whose by the subject of the token."""
    (inspector,) = [each for each in logins(KNOWN) if each.role is Role.INSPECTOR]

    assert (inspector.subject, inspector.display_name) == KNOWN.inspector


def test_no_demo_has_the_passwords_of_another() -> None:
    """A password that everybody knows is none."""
    passwords = {each.password for _ in range(2) for each in logins(KNOWN)}

    assert len(passwords) == 2 * len(Role)


def test_the_enterprise_is_one_with_records_and_a_letter() -> None:
    """It has something to read."""
    records = [{"uscc": code, "name": f"name of {code}"} for code in ("A", "B", "B", "C", "C", "C")]

    assert most_recorded(records, {"A", "B"}) == ("B", "name of B")
    assert most_recorded(records, set()) == ("C", "name of C")


def test_a_visit_of_each_area_is_left_to_make() -> None:
    """Whoever logs in as an inspector finds work; an area with a single visit keeps its result."""
    tasks = [
        {"task_id": "1", "area_code": "510104", "state": "assigned"},
        {"task_id": "2", "area_code": "510104", "state": "assigned"},
        {"task_id": "3", "area_code": "510104", "state": "waiting"},
        {"task_id": "4", "area_code": "510105", "state": "assigned"},
    ]

    assert [task["task_id"] for task in visited(tasks)] == ["1", "4"]
