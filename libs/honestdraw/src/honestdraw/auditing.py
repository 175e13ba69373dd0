"""With the seals opened: was the population the one committed to, and did the lowest tickets win every stratum?"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from honestdraw import sealing, tree
from honestdraw.document import Document
from honestdraw.drawing import Population, Quota, require_order, strata_digest, targeted
from honestdraw.findings import Finding


def audit_findings(document: Document) -> list[Finding]:
    """What is wrong with the opened part of an audit file."""
    audit, commitment = document["audit"], document["commitment"]
    sealing_key = bytes.fromhex(audit["sealing_key"])
    if sha256(sealing_key).hexdigest() != commitment["sealing_key_sha256"]:
        return [
            Finding("$.audit.sealing_key", "is not the key committed to ($.commitment.sealing_key_sha256)")
        ]
    if strata_digest(audit["strata"], sealing_key) != commitment["strata_sha256"]:
        return [Finding("$.audit.strata", "are not those committed to ($.commitment.strata_sha256)")]
    population = Population(audit["usccs"].encode("ascii"), bytes.fromhex(audit["codes"]))
    if len(population) != commitment["population"] or len(population.keys) != sealing.KEY_WIDTH * len(
        population
    ):
        return [Finding("$.audit.codes", "and $.audit.usccs do not have the size of the population")]
    if wrong := _population_findings(population, sealing_key, commitment):
        return wrong
    if wrong := [*_quota_findings(audit["strata"], population), *_strata_findings(document, population)]:
        return wrong
    return list(_lot_findings(document, population))


def _population_findings(
    population: Population, sealing_key: bytes, commitment: Mapping[str, Any]
) -> list[Finding]:
    seals = sealing.sealed(population.codes, sealing_key)
    leaves = sealing.leaves(sealing.salts(sealing_key, len(population)), seals, population.keys)
    if tree.build(leaves).root.hex() != commitment["population_root"]:
        said = "with $.audit.codes is not the population of $.commitment.population_root"
        return [Finding("$.audit.usccs", said)]
    try:
        require_order(population)
    except ValueError as error:
        return [Finding("$.audit.usccs", f"could not be drawn from: {error}")]
    return []


def _quota_findings(strata: Sequence[Mapping[str, Any]], population: Population) -> Iterator[Finding]:
    for index, stratum in enumerate(strata):
        actual = sum(map(population.codes.count, bytes.fromhex(stratum["codes"])))
        if actual != stratum["population"] or stratum["take"] > actual:
            yield Finding(f"$.audit.strata[{index}].population", f"is not what the seals say, {actual}")


def _strata_findings(document: Document, population: Population) -> Iterator[Finding]:
    """Every member belongs to exactly one stratum, and the public total is that of the strata."""
    strata = document["audit"]["strata"]
    names = [stratum["stratum"] for stratum in strata]
    if sorted(set(names)) != names:
        yield Finding("$.audit.strata", "do not stand in ascending order, each once")
    codes = b"".join(bytes.fromhex(stratum["codes"]) for stratum in strata)
    if len(set(codes)) != len(codes):
        yield Finding("$.audit.strata", "share members: a code belongs to more than one")
    if not set(codes) >= set(population.codes):
        yield Finding("$.audit.strata", "leave members out: their codes belong to none")
    if sum(stratum["take"] for stratum in strata) != document["commitment"]["targeted_take"]:
        yield Finding("$.commitment.targeted_take", "is not what the strata take together")


def _lot_findings(document: Document, population: Population) -> Iterator[Finding]:
    randomness = bytes.fromhex(document["reveal"]["randomness"])
    won: set[int] = set()
    for stratum in document["audit"]["strata"]:
        quota = Quota(
            stratum["stratum"], bytes.fromhex(stratum["codes"]), stratum["population"], stratum["take"]
        )
        won |= targeted(population.codes, quota, randomness)
    won -= {entry["position"] for entry in document["drawn"]}
    stated = document["audit"]["targeted"]
    for position in sorted(won.difference(stated)):
        yield Finding("$.audit.targeted", f"lacks position {position}, which won a targeted lot")
    for position in sorted(set(stated) - won):
        yield Finding("$.audit.targeted", f"has position {position}, which won no targeted lot")
    if stated != sorted(set(stated)):
        yield Finding("$.audit.targeted", "does not stand in ascending order, each position once")
    if document["reveal"]["targeted_only"] != len(won):
        yield Finding("$.reveal.targeted_only", f"is not the number of entities drawn so, {len(won)}")
