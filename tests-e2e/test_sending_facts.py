"""The steps of docs/sending-facts.md, run as a department's engineer runs them; its tables, against the code."""

import json
import re
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from ingestion_service.model.fact import FACT_TYPES
from ingestion_service.model.verdict import Outcome, Reason

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "sending-facts.md").read_text()
STEPS = re.findall(r"```bash\n(.*?)```", PAGE, flags=re.DOTALL)
SHELL, KEY, TYPES, PENALTY, WRONG, KCAT, ASK, LIBRARY, CORRECTION, RETRACTION = range(10)
WITHIN_S = 20.0


class Engineer:
    """Somebody with a shell in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._shell = (
            STEPS[SHELL].replace("$PWD", str(ROOT)).replace("creditloop env", "creditloop env --stack e2e")
        )

    def run(self, number: int) -> str:
        """The output of one step."""
        shell = f"cd {ROOT}\n{self._shell}cd {self._folder}\n{STEPS[number]}"
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", shell], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def engineer(demo: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Engineer:
    """An engineer whose source is registered and whose first fact was accepted."""
    made = Engineer(tmp_path_factory.mktemp("engineer"))
    assert '"suspended":false' in made.run(KEY)
    assert '"verdict":"accepted"' in made.run(PENALTY)
    return made


def test_the_same_fact_again_is_a_duplicate(engineer: Engineer) -> None:
    """When in doubt, send again."""
    assert '"verdict":"duplicate"' in engineer.run(PENALTY)


def test_the_types_and_their_schemas_are_public(engineer: Engineer) -> None:
    """What can be said is known before anything is sent."""
    told = engineer.run(TYPES)

    assert all(name in told for name in FACT_TYPES)
    assert "urn:creditloop:fact-type:creditloop.penalty.imposed.v1" in told


def test_a_rejection_names_the_field(engineer: Engineer) -> None:
    """And what would be right."""
    told = json.loads(engineer.run(WRONG))

    assert told["status"] == 422
    assert told["errors"][0]["field"] == "body.data.kinds[0]"
    assert "fine" in told["errors"][0]["expected"]


@pytest.mark.skipif(not Path("/usr/bin/kcat").exists(), reason="needs kcat")
def test_a_fact_over_kafka_can_be_asked_for(engineer: Engineer) -> None:
    """A moment later it is in the ledger."""
    engineer.run(KCAT)

    deadline = time.monotonic() + WITHIN_S
    while '"verdict":"accepted"' not in (told := engineer.run(ASK)):
        assert time.monotonic() < deadline, told
        time.sleep(0.2)


def test_the_library_sends_three(engineer: Engineer) -> None:
    """Each with its verdict."""
    assert [line.split()[1] for line in engineer.run(LIBRARY).splitlines()] == ["accepted"] * 3


def test_a_correction_is_accepted(engineer: Engineer) -> None:
    """It is a fact of its own."""
    assert '"verdict":"accepted"' in engineer.run(CORRECTION)


def test_a_retraction_is_accepted(engineer: Engineer) -> None:
    """It too."""
    assert '"verdict":"accepted"' in engineer.run(RETRACTION)


def test_every_verdict_and_reason_is_explained() -> None:
    """Nobody is told a word that the page does not know."""
    assert [word for word in [*Outcome, *Reason] if f"`{word}`" not in PAGE] == []
