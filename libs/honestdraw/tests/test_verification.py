"""A draw file is believed only when it is wholly right; otherwise the place is named."""

import json
import random
from typing import Any

import pytest
from a_draw import Drawn, drawn_of, population_of
from honestdraw import audit_document, encode, public_document, verify
from honestdraw.__main__ import main
from honestdraw.document import signed
from hypothesis import given, settings
from hypothesis import strategies as st

DRAWN = drawn_of(population_of(600))


def _public(drawn: Drawn) -> dict[str, Any]:
    return dict(public_document(drawn.population, drawn.commitment, drawn.winners, drawn.opening))


def _audit(drawn: Drawn) -> dict[str, Any]:
    parts = (drawn.population, drawn.commitment, drawn.winners, drawn.opening)
    return dict(audit_document(*parts, drawn.terms.quotas))


PUBLIC = _public(DRAWN)
PUBLIC_FILE = encode(PUBLIC)
AUDIT = _audit(DRAWN)
AUDIT_FILE = encode(AUDIT)


@given(st.integers(1, 1500))
@settings(max_examples=25, deadline=None)
def test_an_honest_file_is_accepted(count: int) -> None:
    """Populations of every size, also those whose tree is lower than its cap."""
    drawn = drawn_of(population_of(count))

    assert verify(encode(_public(drawn))) == []
    assert verify(encode(_audit(drawn))) == []


@pytest.mark.parametrize("file", [PUBLIC_FILE, AUDIT_FILE], ids=["public", "audit"])
def test_any_one_character_changed_is_refused_with_its_place(file: bytes) -> None:
    """The promise of the file: nobody can touch it unseen. Every part of it, the head most of all."""
    chosen = random.Random(7)
    places = {
        *range(0, 2500, 7),
        *range(len(file) - 3000, len(file), 9),
        *chosen.sample(range(len(file)), 300),
    }

    for place in places:
        findings = verify(file[:place] + bytes([file[place] ^ 1]) + file[place + 1 :])
        assert findings, file[place - 30 : place + 30]
        assert all(finding.where and finding.what for finding in findings)


def test_every_byte_of_a_small_file_matters() -> None:
    """No field is forgotten: each byte of a whole file, one after the other."""
    file = encode(_public(drawn_of(population_of(8))))

    for place, byte in enumerate(file):
        assert verify(file[:place] + bytes([byte ^ 2]) + file[place + 1 :])


@pytest.mark.parametrize("change", [b" ", b"\n"])
def test_added_whitespace_is_refused_with_line_and_column(change: bytes) -> None:
    """The canonical form leaves no room in which to hide anything."""
    findings = verify(PUBLIC_FILE + change)

    assert findings[0].where.startswith("line")


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        (b'"number":1', b'"number":2', "$.commitment.number"),
        (b'"uniform_take":18', b'"uniform_take":17', "$.commitment.uniform_take"),
        (b"3401.23", b"3401.24", "$.reveal.public_seed"),
        (b'"cancelled":3', b'"cancelled":4', "$.commitment.excluded"),
    ],
)
def test_the_changed_member_is_named(old: bytes, new: bytes, where: str) -> None:
    """Whoever reads the refusal must find the place."""
    assert PUBLIC_FILE.count(old) == 1

    assert verify(PUBLIC_FILE.replace(old, new))[0].where == where


@pytest.mark.parametrize("field", ["salt", "uscc", "path", "seal", "position", "lot"])
def test_the_changed_entity_is_named(field: str) -> None:
    """Among 120,000 entries, the one that was touched."""
    document = json.loads(PUBLIC_FILE)
    entry = document["drawn"][5]
    entry[field] = {"lot": "targeted" if entry["lot"] == "uniform" else "uniform"}.get(field) or _next(
        entry[field]
    )

    places = {finding.where for finding in verify(encode(document))}

    assert any(place.startswith("$.drawn[5]") for place in places)


def _next(value: object) -> object:
    if isinstance(value, int):
        return value + 1
    text = str(value)
    return ("B" if text[0] == "A" else "A" if text[0].isupper() else "1" if text[0] != "1" else "2") + text[
        1:
    ]


def test_an_entity_slipped_in_with_all_digests_made_anew_is_refused() -> None:
    """A forger can recompute digests; the tree committed to before the seed is beyond reach."""
    document = json.loads(PUBLIC_FILE)
    document["drawn"][3]["uscc"] = "91510104YY000001XM"

    findings = verify(encode(signed(document)))

    assert any(finding.where == "$.drawn[3]" for finding in findings)


def test_an_entity_left_out_of_the_uniform_lot_is_refused_though_all_digests_are_made_anew() -> None:
    """Taking a friend off the list is the fraud this file exists to prevent."""
    document = json.loads(PUBLIC_FILE)
    friend = next(entry for entry in document["drawn"] if entry["lot"] == "uniform")
    document["drawn"].remove(friend)
    document["reveal"]["drawn"] -= 1

    findings = verify(encode(signed(document)))

    assert findings[0].what == f"lacks position {friend['position']}, which won the uniform lot"


def test_an_entity_left_out_of_a_targeted_lot_is_refused_by_the_audit_file() -> None:
    """What the public cannot check without learning classes, the auditor checks."""
    document = json.loads(AUDIT_FILE)
    friend = next(entry for entry in document["drawn"] if entry["lot"] == "targeted")
    document["drawn"].remove(friend)
    document["reveal"]["drawn"] -= 1
    document["reveal"]["targeted_only"] -= 1

    findings = verify(encode(signed(document)))

    assert findings[0].what == f"lacks position {friend['position']}, which won a targeted lot"


def test_a_class_changed_afterwards_is_refused_by_the_audit_file() -> None:
    """The seals bind: the class at the draw is the one committed to."""
    document = json.loads(AUDIT_FILE)
    codes = document["audit"]["codes"]
    document["audit"]["codes"] = ("01" if codes[:2] != "01" else "02") + codes[2:]

    findings = verify(encode(signed(document)))

    assert findings[0].where == "$.audit.usccs"


def test_the_public_file_tells_no_class() -> None:
    """Class stays inside: no stratum, no quota by stratum, no probability, and the sealed byte tells nothing."""
    text = PUBLIC_FILE.decode()
    seals = [entry["seal"] for entry in PUBLIC["drawn"]]

    assert not any(word in text for word in ("class:", "stratum", 'sealing_key"', "codes", "probability"))
    assert set(PUBLIC["drawn"][0]) == {"lot", "path", "position", "salt", "seal", "uscc"}
    assert len(set(seals)) > 40


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"null", b"\xff", b'{"a":NaN}', b"[" * 100_000])
def test_what_is_no_draw_file_is_refused_and_never_a_crash(data: bytes) -> None:
    """Anyone may hand in anything."""
    assert verify(data)


@given(st.binary(max_size=200))
def test_noise_is_refused(data: bytes) -> None:
    """Anyone may hand in anything."""
    assert verify(data)


def test_the_command_says_honest_or_refused(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """A third party needs Python and nothing else."""
    honest, forged = tmp_path / "honest.json", tmp_path / "forged.json"
    honest.write_bytes(PUBLIC_FILE)
    forged.write_bytes(PUBLIC_FILE.replace(b"3401.23", b"3401.24"))

    codes = [main([str(honest)]), main([str(forged)]), main([])]

    assert codes == [0, 1, 2]
    assert capsys.readouterr().out.startswith("honest\n$.reveal.public_seed")
