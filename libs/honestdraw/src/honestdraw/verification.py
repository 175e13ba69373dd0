"""Is this file an honest draw? Everything wrong with it is said, with the place.

First what the file claims is checked against itself (hashes, tree, tickets), then its digests, which catch a
change that contradicts nothing else. Where digests tell which part was changed, what merely follows from the
change is left out.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from hashlib import sha256
from itertools import pairwise
from typing import Any

from honestdraw import lots, sealing, seeds, shapes, tree
from honestdraw.auditing import audit_findings
from honestdraw.document import Document, digest_of, digests_of, encode
from honestdraw.drawing import UNIFORM, randomness_of
from honestdraw.findings import Finding


def verify(data: bytes, commitment_sha256: str | None = None) -> list[Finding]:
    """Every reason not to believe this draw file; empty when there is none.

    No file can show when its commitment was made: the draw is honest if that was published before the seed was
    known. Whoever wrote the published hash down gives it as `commitment_sha256`, and any other is refused.
    A file for auditors is checked completely; a public one as far as it can be without opening the seals.
    """
    try:
        document = json.loads(data)
    except UnicodeDecodeError as error:
        return [Finding(f"byte {error.start}", "is not UTF-8")]
    except json.JSONDecodeError as error:
        return [Finding(f"line {error.lineno}, column {error.colno}", f"is not JSON: {error.msg}")]
    except (ValueError, RecursionError) as error:
        return [Finding("$", f"cannot be read: {error}")]
    audit = isinstance(document, dict) and "audit" in document
    if wrong := list(shapes.misfits(document, shapes.AUDITED if audit else shapes.PUBLIC)):
        return wrong
    if commitment_sha256 not in {None, document["commitment_sha256"]}:
        return [Finding("$.commitment_sha256", f"is not the commitment published, {commitment_sha256}")]
    return _blamed(document, _claims(document)) or _form(document, data)


def _claims(document: Document) -> list[Finding]:
    found = [*_commitment(document), *_seed(document), *_reveal(document)]
    if wrong := list(_sizes(document)):
        return found + wrong
    found += [*_inclusion(document), *_listed(document), *_uniform_lot(document)]
    if not found and "audit" in document:
        found += audit_findings(document)
    return found


def _commitment(document: Document) -> Iterator[Finding]:
    if digest_of(document["commitment"]) != document["commitment_sha256"]:
        yield Finding(
            "$.commitment", "does not have the hash published before the draw ($.commitment_sha256)"
        )


def _seed(document: Document) -> Iterator[Finding]:
    commitment, reveal = document["commitment"], document["reveal"]
    rule = commitment["seed_rule"]
    if commitment["committed_at"] >= rule["known_from"]:
        yield Finding("$.commitment.committed_at", "is not before the seed is known ($.commitment.seed_rule)")
    if rule["known_from"] > reveal["revealed_at"]:
        yield Finding("$.reveal.revealed_at", "is before the seed is known ($.commitment.seed_rule)")
    if not seeds.fits(reveal["public_seed"], rule["format"]):
        yield Finding(
            "$.reveal.public_seed", f"is not `{rule['format']}`, which $.commitment.seed_rule wants"
        )


def _reveal(document: Document) -> Iterator[Finding]:
    commitment, reveal = document["commitment"], document["reveal"]
    secret = bytes.fromhex(reveal["secret"])
    if sha256(secret).hexdigest() != commitment["secret_sha256"]:
        yield Finding("$.reveal.secret", "is not the secret committed to ($.commitment.secret_sha256)")
    randomness = randomness_of(secret, reveal["public_seed"], document["commitment_sha256"])
    if randomness.hex() != reveal["randomness"]:
        yield Finding(
            "$.reveal.randomness", "does not follow from $.reveal.secret, $.reveal.public_seed and commitment"
        )
    if reveal["targeted_only"] > commitment["targeted_take"]:
        yield Finding("$.reveal.targeted_only", "is more than $.commitment.targeted_take")


def _sizes(document: Document) -> Iterator[Finding]:
    commitment = document["commitment"]
    count = commitment["population"]
    if count == 0 or commitment["uniform_take"] > count:
        yield Finding("$.commitment.population", "is smaller than what is taken from it")
    elif len(document["cap"]) != tree.cap_size(count):
        yield Finding("$.cap", f"does not have the {tree.cap_size(count)} nodes of a population of {count}")


def _inclusion(document: Document) -> Iterator[Finding]:
    """Every drawn entity was in the population; a cap node is at fault where its root fails too."""
    cap = [bytes.fromhex(node) for node in document["cap"]]
    root_holds = tree.build(b"".join(cap)).root.hex() == document["commitment"]["population_root"]
    astray = [index for index, entry in enumerate(document["drawn"]) if not _included(entry, cap, document)]
    if root_holds:
        for index in astray:
            yield Finding(
                f"$.drawn[{index}]", "was not in the population committed to ($.commitment.population_root)"
            )
        return
    nodes = sorted({document["drawn"][index]["position"] >> tree.CAP_HEIGHT for index in astray})
    if not nodes:
        yield Finding("$.cap", "does not lead to $.commitment.population_root")
    for node in nodes:
        yield Finding(
            f"$.cap[{node}]", "does not lead to $.commitment.population_root, nor to it its drawn entities"
        )


def _included(entry: dict[str, Any], cap: list[bytes], document: Document) -> bool:
    position, text = entry["position"], entry["path"]
    if position >= document["commitment"]["population"] or entry["seal"] > 0xFF:
        return False
    if len(text) % 4 or b64encode(path := b64decode(text)).decode() != text:
        return False
    if len(path) != tree.WIDTH * tree.height_of(document["commitment"]["population"]):
        return False
    leaf = sealing.leaf(bytes.fromhex(entry["salt"]), entry["seal"], entry["uscc"])
    node: bytes = cap[position >> tree.CAP_HEIGHT]
    return tree.climb(leaf, position, path) == node


def _listed(document: Document) -> Iterator[Finding]:
    drawn = document["drawn"]
    for index, (before, entry) in enumerate(pairwise(drawn), start=1):
        if before["position"] >= entry["position"] or before["uscc"] >= entry["uscc"]:
            yield Finding(
                f"$.drawn[{index}]", "does not stand in ascending order: listed twice, or out of place"
            )


def _uniform_lot(document: Document) -> Iterator[Finding]:
    commitment = document["commitment"]
    randomness = bytes.fromhex(document["reveal"]["randomness"])
    won = set(lots.winners(randomness, UNIFORM, commitment["population"], commitment["uniform_take"]))
    for index, entry in enumerate(document["drawn"]):
        if entry["position"] not in won:
            yield Finding(f"$.drawn[{index}]", "did not win the uniform lot")
    missing = won.difference(entry["position"] for entry in document["drawn"])
    for position in sorted(missing):
        yield Finding("$.drawn", f"lacks position {position}, which won the uniform lot")


def _blamed(document: Document, claims: list[Finding]) -> list[Finding]:
    """The findings that stand where something was changed, and one for each changed part without any."""
    actual, stated = digests_of(document), document["digests"]
    changed = [part for part in sorted(stated.keys() | actual) if stated.get(part) != actual.get(part)]
    if digest_of(stated) != document["file_digest"]:
        digests = [Finding(f"$.digests.{part}", "is not the digest of its part") for part in changed]
        return claims + (digests or [Finding("$.file_digest", "is not the digest of $.digests")])
    if not changed:
        return claims
    kept = [finding for finding in claims if any(_within(finding.where, part) for part in changed)]
    silent = [part for part in changed if not any(_within(finding.where, part) for finding in kept)]
    return kept + [Finding(f"$.{part}", "was changed: it does not have its digest") for part in silent]


def _within(where: str, part: str) -> bool:
    return where == f"$.{part}" or where.startswith((f"$.{part}[", f"$.{part}."))


def _form(document: Document, data: bytes) -> list[Finding]:
    canonical = encode(document)
    if canonical == data:
        return []
    pairs = enumerate(zip(canonical, data, strict=False))
    at = next((index for index, (ours, theirs) in pairs if ours != theirs), min(len(canonical), len(data)))
    line = data.count(b"\n", 0, at) + 1
    column = at - data.rfind(b"\n", 0, at)
    return [Finding(f"line {line}, column {column}", "is not written in the canonical form")]
