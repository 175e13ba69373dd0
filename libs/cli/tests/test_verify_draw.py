"""`creditloop verify-draw`: what it says, and what it does not."""

from pathlib import Path

import pytest
from creditloop_cli import main
from honestdraw import (
    Population,
    Quota,
    SeedRule,
    Terms,
    commit,
    draw,
    encode,
    public_document,
    randomness_of,
)
from honestdraw.drawing import Opening

SECRET, KEY, SEED = bytes(32), bytes(range(32)), "000000"


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, str]:
    """A small honest draw: its file, and the hash of its commitment."""
    population = Population(b"".join(b"91510104YY%08d" % number for number in range(9)), b"\1" * 9)
    about = {
        "area_code": "",
        "committed_at": "2026-11-23T01:00:00Z",
        "draw_id": "p-1",
        "items": ["publicity"],
    }
    rule = SeedRule("a made-up lottery", "2026-11-23T02:00:00Z", "digits 6").document()
    about |= {"number": 1, "plan": "p", "plan_sha256": "0" * 64, "seed_rule": rule}
    terms = Terms(about, {}, 2, [Quota("class:A", b"\1", 9, 1)])
    commitment = commit(population, terms, SECRET, KEY)
    winners = draw(population, terms, randomness_of(SECRET, SEED, commitment.digest))
    opening = Opening(SECRET, KEY, SEED, "2026-11-23T03:00:00Z")
    file = tmp_path / "draw.json"
    file.write_bytes(encode(public_document(population, commitment, winners, opening)))
    return file, commitment.digest


def test_an_accepted_draw_says_what_its_honesty_rests_on(
    capsys: pytest.CaptureFixture[str], made: tuple[Path, str]
) -> None:
    """No file can show when its commitment was made."""
    file, _ = made

    code = main.run(["verify-draw", str(file)])

    assert code == 0
    assert "if this commitment was published before the seed was known" in " ".join(
        capsys.readouterr().out.split()
    )


def test_a_draw_is_held_to_the_commitment_written_down(
    capsys: pytest.CaptureFixture[str], made: tuple[Path, str]
) -> None:
    """A draw committed to after the event has another hash."""
    file, digest = made

    same = main.run(["verify-draw", str(file), "--commitment", digest])
    other = main.run(["verify-draw", str(file), "--commitment", "0" * 64])

    assert (same, other) == (0, 1)
    assert "$.commitment_sha256" in capsys.readouterr().out
