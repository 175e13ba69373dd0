"""The same loop on real input: a city's registry and a city's inspections. Skipped where the files are not."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

Creditloop = Callable[..., Any]

DATA = Path(os.environ.get("CREDITLOOP_REAL_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")
REGISTRY = DATA / "chengdu-registry.csv.gz"
INSPECTIONS = DATA / "chicago-inspections-2011-2014h1.csv.gz"
CONTEXT = DATA / "chicago-context-2011-2014h1.csv.gz"
STACK = "real"

pytestmark = pytest.mark.skipif(
    not REGISTRY.exists(), reason=f"no real data in {DATA}: set CREDITLOOP_REAL_DATA"
)


@pytest.fixture(scope="module")
def loaded(creditloop: Creditloop) -> Iterator[dict[str, Any]]:
    """The registry, loaded once into a stack of its own."""
    creditloop("down", "--stack", STACK, "--destroy", check=False)
    creditloop("up", "--stack", STACK)
    yield json.loads(creditloop("load", "registry", str(REGISTRY), "--stack", STACK, "--json").stdout)
    creditloop("down", "--stack", STACK, "--destroy")


def test_every_row_of_the_registry_is_accounted_for(loaded: dict[str, Any]) -> None:
    """Dirty rows are kept with their reason; none stops the load."""
    assert loaded["read"] == 30_421
    assert loaded["read"] == loaded["accepted"] + loaded["duplicate"] + loaded["quarantined"]
    assert loaded["quarantined"] > 0
    assert loaded["accepted"] > 30_000


def test_a_second_load_is_all_duplicates(loaded: dict[str, Any], creditloop: Creditloop) -> None:
    """Loading again after an interruption must be safe."""
    again = json.loads(creditloop("load", "registry", str(REGISTRY), "--stack", STACK, "--json").stdout)

    assert (again["read"], again["duplicate"]) == (30_421, 30_421)


def test_real_inspections_go_round_the_loop_and_the_books_agree(
    loaded: dict[str, Any], creditloop: Creditloop
) -> None:
    """A licence becomes an entity with a synthetic code; its inspections are facts with results, in time order."""
    found = json.loads(
        creditloop("load", "inspections", str(INSPECTIONS), str(CONTEXT), "--stack", STACK, "--json").stdout
    )
    books = json.loads(creditloop("audit", "--stack", STACK, "--json").stdout)

    assert found["accepted"] > 22_843
    assert (books["lost"], books["doubled"], books["dead_letters"]) == (0, 0, 0)
    assert books["accepted"] == loaded["accepted"] + found["accepted"]
