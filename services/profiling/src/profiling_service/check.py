"""Says whether a folder of rule data can be used: `python -m profiling_service.check [FOLDER]`.

Beside what reading refuses: members of the contract, places that were released, and every indicator computed once over
a fact of every type. Prints one JSON object; the exit code is 1 when the rule data cannot be used.
"""

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from profiling_service.errors import InvalidPack
from profiling_service.model.entities import BLANK, NO_IDENTITY, Restatement
from profiling_service.rules.profiles import Inputs, RuleBook, outcome
from profiling_service.settings import PACKS, read_pack, rule_book
from profiling_service.wire.contract import blank_facts, unknown_members

_DAY = 20_600


def check(folder: Traversable = PACKS) -> Mapping[str, Any]:
    """What the rule data of a folder holds.

    Raises:
        InvalidPack: It cannot be used; says why.
    """
    book = rule_book(folder)
    for problem in (*unknown_members(book.forms), *_moved_places(book, folder)):
        raise InvalidPack(problem)
    _compute(book)
    indicators = book.catalogue.indicators
    return {
        "version": book.catalogue.version,
        "indicators": len(indicators),
        "groups": len({indicator.group.code for indicator in indicators}),
        "dimensions": dict(Counter(str(indicator.dimension) for indicator in indicators)),
        "confidence": dict(Counter(str(indicator.confidence) for indicator in indicators)),
        "fact_types": len(book.forms),
        "signal_families": len(book.families),
    }


def _moved_places(book: RuleBook, folder: Traversable) -> Iterator[str]:
    """Places are for ever: decisions of earlier years are read by them."""
    released = read_pack(folder, "released")
    codes = [indicator.code for indicator in book.catalogue.indicators]
    for row in released["catalogues"]:
        first = "\n".join(codes[: row["indicators"]])
        if hashlib.sha256(first.encode()).hexdigest() != row["sha256"]:
            yield f"positions: the first {row['indicators']} are not those released as catalogue {row['version']}"
    newest = max(released["catalogues"], key=lambda row: int(row["version"]))
    if len(codes) > newest["indicators"] and book.catalogue.version <= newest["version"]:
        yield f"positions: more than catalogue {newest['version']} has, so the version is {newest['version'] + 1}"


def _compute(book: RuleBook) -> None:
    """Every indicator gets a value from facts of every type, all members at their defaults."""
    features = [fact.features for fact in blank_facts(book.forms, _DAY)]
    given = Inputs([BLANK], [b"".join(features)], {0: Restatement(NO_IDENTITY, NO_IDENTITY)}, calendar=True)
    outcome(book, _DAY, given)


def main() -> int:
    """Print what was found; 0 when the rule data can be used."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PACKS
    try:
        found = {"usable": True, **check(folder)}
    except InvalidPack as error:
        found = {"usable": False, "problem": str(error)}
    sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    return 0 if found["usable"] else 1


if __name__ == "__main__":
    sys.exit(main())
