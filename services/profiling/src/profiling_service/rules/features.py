"""What the indicators need to know of a fact, from its particulars."""

import hashlib
import re
from collections.abc import Collection
from functools import lru_cache

from vocabulary.errors import VocabularyError
from vocabulary.result_codes import counts_in_denominator, problem_found

from profiling_service.model.catalogue import HeavyPenalty
from profiling_service.model.entities import Patch
from profiling_service.model.facts import Flag
from profiling_service.rules.identity import patch

_LISTS = {"abnormal": int(Flag.ABNORMAL), "serious": int(Flag.SERIOUS)}
_CHANGES = {"legal_person_ref": int(Flag.LEGAL_PERSON), "address": int(Flag.ADDRESS)}
_HEAVY, _PROBLEM, _CLEAN = int(Flag.HEAVY), int(Flag.PROBLEM), int(Flag.CLEAN)
_LATE, _UPHELD = int(Flag.LATE), int(Flag.UPHELD)
_TEXT_FIELDS = frozenset({"name", "address", "area_code", "industry", "legal_person_ref", "entity_type"})
_WHOLE_NUMBER = re.compile(r"\d{1,18}")


def key(source: str, fact_id: str) -> int:
    """The 64-bit key of a fact within its entity, never 0."""
    return key_of_record(f"{source}|{fact_id}")


def key_of_record(record_id: str) -> int:
    """The same from `source|fact_id` in one."""
    digest = hashlib.blake2b(record_id.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") or 1


def of_penalty(heavy: HeavyPenalty, kinds: Collection[str], severity: str) -> int:
    """Flags of a penalty."""
    if severity in heavy.severities or any(kind not in heavy.light_kinds for kind in kinds):
        return _HEAVY
    return 0


def of_listing(list_: str) -> int:
    """Flags of a fact about a list; 0 for a list we do not know."""
    return _LISTS.get(list_, 0)


def of_change(field: str) -> int:
    """Flags of a changed particular."""
    return _CHANGES.get(field, 0)


@lru_cache(maxsize=4096)
def of_inspection(codes: tuple[str, ...], violations: int) -> int:
    """Flags of an inspection: problem, clean, or neither when it does not count or its codes are unknown."""
    if violations:
        return _PROBLEM
    try:
        if problem_found(codes):
            return _PROBLEM
        return _CLEAN if counts_in_denominator(codes) else 0
    except VocabularyError:
        return 0


def of_report(*, is_late: bool) -> int:
    """Flags of an annual report."""
    return _LATE if is_late else 0


def of_complaint(*, is_upheld: bool) -> int:
    """Flags of a complaint."""
    return _UPHELD if is_upheld else 0


def patch_of_change(field: str, after: str, at: int) -> Patch | None:
    """What a changed particular says of the identity; None for one we do not keep, or a value we cannot read."""
    if field == "registered_capital_fen":
        return patch(at, capital_fen=int(after)) if _WHOLE_NUMBER.fullmatch(after) else None
    return patch(at, **{field: after}) if field in _TEXT_FIELDS else None
