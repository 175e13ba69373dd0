"""Whether the lock files hold what the members declare: nothing missing, and in production's nothing more.

What is installed comes from requirements.lock, so what is installed and asked for is compared with the files.
"""

import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
EVERY = ROOT / "requirements.lock"
PRODUCTION = ROOT / "deploy" / "requirements.lock"
PINNED = re.compile(r"^(?P<name>[a-z0-9.-]+)==[^ ;]+(?: ; (?P<marker>[^\\]+))?", re.MULTILINE)
MEMBER = re.compile(r"^-e \./(?:libs|services)/(?P<name>\w+)$", re.MULTILINE)


def main() -> int:
    """The exit code: 1 where a file differs from what is declared."""
    services = [f"creditloop-{path.parent.name}" for path in ROOT.glob("services/*/pyproject.toml")]
    members = [f"creditloop-{path.parent.name}" for path in ROOT.glob("*/*/pyproject.toml")]
    faults = [f"{name}: not in requirements.lock" for name in sorted(needed(members) - locked(EVERY))]
    faults += [
        f"{name}: not in deploy/requirements.lock" for name in sorted(needed(services) - locked(PRODUCTION))
    ]
    faults += [f"{name}: needless in production" for name in sorted(locked(PRODUCTION) - needed(services))]
    faults += [f"{line}: not in requirements.lock" for line in sorted(lines(PRODUCTION) - lines(EVERY))]
    sys.stderr.write("".join(f"{fault}: run 'make lock'\n" for fault in faults))
    return 1 if faults else 0


def lines(lock: Path) -> set[str]:
    """Every version and hash."""
    return set(lock.read_text().splitlines())


def locked(lock: Path) -> set[str]:
    """Names in the file that this machine would install."""
    text = lock.read_text()
    pins = {match["name"] for match in PINNED.finditer(text) if applies(match["name"], match["marker"])}
    return pins | {f"creditloop-{match['name']}" for match in MEMBER.finditer(text)}


def applies(name: str, marker: str | None) -> bool:
    """Whether the line of this name is meant for this machine."""
    return marker is None or bool((found := Requirement(f"{name}; {marker}").marker) and found.evaluate())


def needed(roots: list[str]) -> set[str]:
    """Names of the roots and of all they ask for, directly or not."""
    seen: set[tuple[str, str]] = set()
    waiting = [(name, "") for name in roots]
    while waiting:
        found = waiting.pop()
        if found not in seen:
            seen.add(found)
            waiting.extend(asked_by(*found))
    return {name for name, _ in seen}


def asked_by(name: str, extra: str) -> Iterator[tuple[str, str]]:
    """Names, each with each of its extras, that this one asks for on this machine."""
    try:
        requirements = distribution(name).requires or []
    except PackageNotFoundError:
        return
    for requirement in map(Requirement, requirements):
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            yield from ((canonicalize_name(requirement.name), wanted) for wanted in ("", *requirement.extras))


if __name__ == "__main__":
    sys.exit(main())
