"""A draw file is believed only when it is wholly right; otherwise the place is named."""

import json
import random
from dataclasses import replace
from typing import Any

import pytest
from a_draw import SEALING_KEY, SECRET, Drawn, drawn_of, population_of, terms_of
from honestdraw import (
    Population,
    audit_document,
    commit,
    draw,
    drawing,
    encode,
    lots,
    public_document,
    randomness_of,
    seeds,
    verify,
)
from honestdraw.__main__ import main
from honestdraw.document import digest_of, signed
from honestdraw.drawing import Opening
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


def _others(character: int) -> set[int]:
    """A character of every kind that could stand in its place: digit, hex letter, letter, quote, and neighbours."""
    return {*b'0d9fUA"\\ .-', character ^ 1, character ^ 2} - {character}


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
        other = chosen.choice(sorted(_others(file[place])))
        findings = verify(file[:place] + bytes([other]) + file[place + 1 :])
        assert findings, file[place - 30 : place + 30]
        assert all(finding.where and finding.what for finding in findings)


def test_every_character_of_a_small_file_matters_whatever_takes_its_place() -> None:
    """No field is forgotten, and no replacement is a crash: inside the escapes of Chinese text too."""
    file = encode(_public(drawn_of(population_of(3))))
    assert b"\\u" in file

    for place, byte in enumerate(file):
        for other in _others(byte):
            findings = verify(file[:place] + bytes([other]) + file[place + 1 :])
            assert findings
            assert str(findings[0]).isascii()


@pytest.mark.parametrize("place", ["$.commitment.draw_id", "$.commitment.seed_rule.source"])
def test_half_a_character_is_refused_where_it_stands(place: str) -> None:
    """JSON can write half of a surrogate pair; it is no text, and nothing can be computed from it."""
    document = json.loads(PUBLIC_FILE)
    *way, last = place.split(".")[1:]
    part = document
    for name in way:
        part = part[name]
    part[last] += "\ud869"

    findings = verify(json.dumps(document).encode())

    assert [finding.where for finding in findings] == [place]


def test_a_name_that_is_no_text_can_be_told() -> None:
    """The refusal goes to a terminal, which could not show it."""
    document = json.loads(PUBLIC_FILE)
    document["commitment"]["excluded"]["\ud869"] = 1

    findings = verify(json.dumps(document).encode())

    assert findings[0].where == "$.commitment.excluded.\\ud869"


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
        (b'"decimal 2"', b'"decimal 3"', "$.commitment.seed_rule"),
        (b'"cancelled":3', b'"cancelled":4', "$.commitment.excluded"),
    ],
)
def test_the_changed_member_is_named(old: bytes, new: bytes, where: str) -> None:
    """Whoever reads the refusal must find the place."""
    assert PUBLIC_FILE.count(old) == 1

    assert verify(PUBLIC_FILE.replace(old, new))[0].where == where


@pytest.mark.parametrize("field", ["salt", "uscc", "path", "seal", "position"])
def test_the_changed_entity_is_named(field: str) -> None:
    """Among 120,000 entries, the one that was touched."""
    document = json.loads(PUBLIC_FILE)
    entry = document["drawn"][5]
    entry[field] = _next(entry[field])

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
    friend = document["drawn"].pop(2)

    findings = verify(encode(signed(document)))

    assert findings[0].what == f"lacks position {friend['position']}, which won the uniform lot"


def test_an_entity_left_out_of_a_targeted_lot_is_refused_by_the_audit_file() -> None:
    """What the public cannot check without learning classes, the auditor checks."""
    document = json.loads(AUDIT_FILE)
    friend = document["audit"]["targeted"].pop()
    document["reveal"]["targeted_only"] -= 1

    findings = verify(encode(signed(document)))

    assert findings[0].what == f"lacks position {friend}, which won a targeted lot"


def test_an_entity_put_in_place_of_a_winner_is_refused_by_the_audit_file() -> None:
    """An inspection nobody drew is what the lot is to prevent."""
    document = json.loads(AUDIT_FILE)
    targeted = document["audit"]["targeted"]
    friend, victim = targeted[0], next(each for each in range(600) if each not in DRAWN.winners.all())
    document["audit"]["targeted"] = sorted({*targeted, victim} - {friend})

    findings = verify(encode(signed(document)))

    assert {finding.what for finding in findings} == {
        f"lacks position {friend}, which won a targeted lot",
        f"has position {victim}, which won no targeted lot",
    }


def _rigged(population: Population, **changes: Any) -> list[str]:
    """Where a file is refused whose commitment itself was made with false terms; all digests are right."""
    terms = replace(terms_of(population), **changes)
    commitment = commit(population, terms, SECRET, SEALING_KEY)
    won = draw(population, terms, randomness_of(SECRET, "3401.23", commitment.digest))
    opening = Opening(SECRET, SEALING_KEY, "3401.23", "2026-11-23T08:00:00Z")
    file = encode(audit_document(population, commitment, won, opening, terms.quotas))
    return [finding.where for finding in verify(file)]


def test_a_stratum_left_out_of_the_commitment_is_refused() -> None:
    """Its members would belong to no lot: exempt, which nobody may be."""
    population = population_of(300)

    assert "$.audit.strata" in _rigged(population, quotas=terms_of(population).quotas[1:])


def test_a_class_in_two_strata_is_refused() -> None:
    """Twice in the lot is twice the chance."""
    population = population_of(300)
    quotas = terms_of(population).quotas
    twice = replace(quotas[3], stratum="class:E")

    assert "$.audit.strata" in _rigged(population, quotas=[*quotas, twice])


def test_a_stratum_named_twice_is_refused() -> None:
    """One name is one stream of tickets; which of the two it is must be no choice."""
    population = population_of(300)
    quotas = terms_of(population).quotas
    halves = [replace(quotas[0], take=0), quotas[0]]

    assert "$.audit.strata" in _rigged(population, quotas=[*halves, *quotas[1:]])


def test_a_total_that_the_strata_do_not_make_is_refused() -> None:
    """The public total is all the public knows of the targeted lots."""
    document = json.loads(AUDIT_FILE)
    document["commitment"]["targeted_take"] += 1

    findings = verify(encode(_recommitted(document)))

    assert [finding.where for finding in findings] == ["$.commitment.targeted_take"]


def test_an_entity_twice_in_the_population_is_refused_by_the_audit_file(monkeypatch: Any) -> None:
    """Twenty entries are twenty chances; a service that was tampered with would not check this itself."""
    monkeypatch.setattr(drawing, "require_order", lambda _population: None)
    once = population_of(300)
    twice = Population(once.keys[:18] * 2 + once.keys[36:], once.codes)

    assert _rigged(twice)[0] == "$.audit.usccs"


def test_a_take_above_its_stratum_is_refused_and_no_crash() -> None:
    """The file of a rigged service is as much anyone's input as any."""
    document = json.loads(AUDIT_FILE)
    strata = document["audit"]["strata"]
    strata[3]["take"] = strata[3]["population"] + 1
    document["commitment"]["strata_sha256"] = drawing.strata_digest(strata, SEALING_KEY)

    findings = verify(encode(_recommitted(document)))

    assert "$.audit.strata[3].population" in {finding.where for finding in findings}


def _recommitted(document: dict[str, Any], seed: str = "3401.23") -> dict[str, Any]:
    """A forger's file: commitment, randomness and uniform lot made anew to fit."""
    digest = digest_of(document["commitment"])
    randomness = randomness_of(SECRET, seed, digest)
    won = lots.winners(randomness, "uniform", 600, document["commitment"]["uniform_take"])
    winners = replace(DRAWN.winners, uniform=frozenset(won))
    parts = public_document(DRAWN.population, DRAWN.commitment, winners, DRAWN.opening)
    reveal = {**document["reveal"], "public_seed": seed, "randomness": randomness.hex()}
    forged = {**document, "drawn": parts["drawn"], "commitment_sha256": digest, "reveal": reveal}
    return dict(signed(forged))


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"committed_at": "2026-11-23T07:00:00Z"}, "$.commitment.committed_at"),
        (
            {"seed_rule": {"format": "decimal 2", "known_from": "2026-11-23T08:00:01Z", "source": "x"}},
            "$.reveal.revealed_at",
        ),
        (
            {"seed_rule": {"format": "digits 6", "known_from": "2026-11-23T07:00:00Z", "source": "x"}},
            "$.reveal.public_seed",
        ),
    ],
)
def test_a_draw_out_of_order_or_with_another_kind_of_seed_is_refused(
    change: dict[str, Any], where: str
) -> None:
    """Commitment, then the public event it named, then the draw: any other order leaves a choice."""
    document = json.loads(PUBLIC_FILE)
    document["commitment"] |= change

    findings = verify(encode(_recommitted(document)))

    assert [finding.where for finding in findings] == [where]


def test_a_commitment_made_after_the_seed_is_refused_by_whoever_holds_the_published_one() -> None:
    """A rigged draw is consistent in itself; only the hash written down before the seed unmasks it."""
    published = DRAWN.commitment.digest
    document = json.loads(PUBLIC_FILE)
    document["commitment"]["number"] = 2
    rigged = encode(_recommitted(document))

    assert verify(PUBLIC_FILE, published) == []
    assert verify(rigged) == []
    assert [finding.where for finding in verify(rigged, published)] == ["$.commitment_sha256"]


@pytest.mark.parametrize(
    ("seed", "seed_format", "is_so"),
    [
        ("071233", "digits 6", True),
        ("71233", "digits 6", False),
        ("07 12 33", "digits 6", False),
        ("٠٧١٢٣٣", "digits 6", False),
        ("3401.23", "decimal 2", True),
        ("3401.230", "decimal 2", False),
        ("03401.23", "decimal 2", False),
        ("3,401.23", "decimal 2", False),
    ],
)
def test_a_public_event_has_one_spelling(seed: str, seed_format: str, is_so: bool) -> None:  # noqa: FBT001
    """Whoever knows the secret could try spellings until one suits."""
    assert seeds.fits(seed, seed_format) is is_so


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
    assert set(PUBLIC["drawn"][0]) == {"path", "position", "salt", "seal", "uscc"}
    assert len(set(seals)) > 10


def test_the_public_file_names_nobody_that_a_targeted_lot_alone_drew() -> None:
    """Whoever is drawn where D is drawn sixty times as often as A is probably a D: the name alone would tell."""
    text = PUBLIC_FILE.decode()
    targeted = DRAWN.winners.targeted_only()

    assert len(targeted) > 20
    assert not any(DRAWN.population.key(position) in text for position in targeted)
    assert PUBLIC["reveal"]["targeted_only"] == len(targeted)


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"null", b"\xff", b'{"a":NaN}', b"[" * 100_000])
def test_what_is_no_draw_file_is_refused_and_never_a_crash(data: bytes) -> None:
    """Anyone may hand in anything."""
    assert verify(data)


@given(st.binary(max_size=200))
def test_noise_is_refused(data: bytes) -> None:
    """Anyone may hand in anything."""
    assert verify(data)


def test_the_command_says_accepted_or_refused(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """A third party needs Python and nothing else."""
    honest, forged = tmp_path / "honest.json", tmp_path / "forged.json"
    honest.write_bytes(PUBLIC_FILE)
    forged.write_bytes(PUBLIC_FILE.replace(b"3401.23", b"3401.24"))

    codes = [main([str(honest)]), main([str(forged)]), main([str(honest), "00"]), main([])]

    said = capsys.readouterr().out
    assert codes == [0, 1, 1, 2]
    assert said.startswith("accepted; honest if this commitment was published before")
    assert "\n$.reveal.public_seed" in said
