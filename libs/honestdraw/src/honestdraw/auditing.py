"""With the seals opened: was the population the one committed to, and did the lowest tickets win every stratum?"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from honestdraw import sealing, tree
from honestdraw.document import Document
from honestdraw.drawing import Population, Quota, strata_digest, targeted
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
    return [*_quota_findings(audit["strata"], population), *_lot_findings(document, population)]


def _population_findings(
    population: Population, sealing_key: bytes, commitment: Mapping[str, Any]
) -> list[Finding]:
    seals = sealing.sealed(population.codes, sealing_key)
    leaves = sealing.leaves(sealing.salts(sealing_key, len(population)), seals, population.keys)
    if tree.build(leaves).root.hex() == commitment["population_root"]:
        return []
    return [
        Finding("$.audit.usccs", "with $.audit.codes is not the population of $.commitment.population_root")
    ]


def _quota_findings(strata: Sequence[Mapping[str, Any]], population: Population) -> Iterator[Finding]:
    for index, stratum in enumerate(strata):
        actual = sum(map(population.codes.count, bytes.fromhex(stratum["codes"])))
        if actual != stratum["population"] or stratum["take"] > actual:
            yield Finding(f"$.audit.strata[{index}].population", f"is not what the seals say, {actual}")


def _lot_findings(document: Document, population: Population) -> Iterator[Finding]:
    randomness = bytes.fromhex(document["reveal"]["randomness"])
    won: set[int] = set()
    for stratum in document["audit"]["strata"]:
        quota = Quota(
            stratum["stratum"], bytes.fromhex(stratum["codes"]), stratum["population"], stratum["take"]
        )
        won |= targeted(population.codes, quota, randomness)
    for index, entry in enumerate(document["drawn"]):
        if entry["lot"] == "targeted" and entry["position"] not in won:
            yield Finding(f"$.drawn[{index}]", "won no lot")
    for position in sorted(won.difference(entry["position"] for entry in document["drawn"])):
        yield Finding("$.drawn", f"lacks position {position}, which won a targeted lot")
