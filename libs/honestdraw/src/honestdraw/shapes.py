"""What every member of a draw file must look like, so that a wrong character is found where it stands."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from honestdraw import seeds
from honestdraw.findings import Finding

_HASH: Final = re.compile(r"[0-9a-f]{64}")
_USCC: Final = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
_SALT: Final = re.compile(r"[0-9a-f]{32}")
_BASE64: Final = re.compile(r"[0-9A-Za-z+/]*={0,2}")
_HEX: Final = re.compile(r"([0-9a-f]{2})*")
_USCCS: Final = re.compile(r"([0-9A-HJ-NPQRTUWXY]{18})+")
_INSTANT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_TEXT: Final = re.compile(r"[^\ud800-\udfff]{0,4096}")
_NAME: Final = re.compile(r"[a-z0-9_.]{1,100}")

Shape = Any
"""A pattern for a text, `int` for a count, a list of one shape, or a mapping by name; `*` is every plain name.

Lone surrogates are no text: JSON can write them, UTF-8 cannot. Instants have one width, and so sort as texts.
"""

COUNTS: Final = {"*": int}
COMMITMENT: Final = {
    "algorithm": re.compile(r"honestdraw/1"),
    "area_code": _TEXT,
    "committed_at": _INSTANT,
    "draw_id": _TEXT,
    "excluded": COUNTS,
    "items": [_TEXT],
    "number": int,
    "plan": _TEXT,
    "plan_sha256": _HASH,
    "population": int,
    "population_root": _HASH,
    "sealing_key_sha256": _HASH,
    "seed_rule": {"format": seeds.FORMAT, "known_from": _INSTANT, "source": _TEXT},
    "secret_sha256": _HASH,
    "strata_sha256": _HASH,
    "targeted_take": int,
    "uniform_take": int,
}
REVEAL: Final = {
    "public_seed": re.compile(r"[0-9.]{1,80}"),
    "randomness": _HASH,
    "revealed_at": _INSTANT,
    "secret": _HASH,
    "targeted_only": int,
}
DRAWN: Final = {
    "path": _BASE64,
    "position": int,
    "salt": _SALT,
    "seal": int,
    "uscc": _USCC,
}
AUDIT: Final = {
    "codes": _HEX,
    "sealing_key": _HASH,
    "strata": [{"codes": _HEX, "population": int, "stratum": _TEXT, "take": int}],
    "targeted": [int],
    "usccs": _USCCS,
}
PUBLIC: Final = {
    "format": re.compile(r"creditloop draw file 2"),
    "kind": re.compile(r"public"),
    "commitment": COMMITMENT,
    "commitment_sha256": _HASH,
    "reveal": REVEAL,
    "cap": [_HASH],
    "drawn": [DRAWN],
    "digests": {"*": _HASH},
    "file_digest": _HASH,
}
AUDITED: Final = {**PUBLIC, "kind": re.compile(r"audit"), "audit": AUDIT}


def misfits(value: Any, shape: Shape, where: str = "$") -> Iterator[Finding]:
    """Everything in `value` that does not have the shape."""
    if isinstance(shape, re.Pattern):
        if not isinstance(value, str) or not shape.fullmatch(value):
            yield Finding(where, "is not what stands here in a draw file")
    elif shape is int:
        if type(value) is not int or value < 0:
            yield Finding(where, "is not a count")
    elif isinstance(shape, list):
        yield from _list_misfits(value, shape[0], where)
    elif isinstance(value, Mapping):
        yield from _member_misfits(value, shape, where)
    else:
        yield Finding(where, "is not an object")


def _list_misfits(value: Any, shape: Shape, where: str) -> Iterator[Finding]:
    if not isinstance(value, list):
        yield Finding(where, "is not a list")
        return
    for index, item in enumerate(value):
        yield from misfits(item, shape, f"{where}[{index}]")


def _member_misfits(value: Mapping[str, Any], shape: Mapping[str, Shape], where: str) -> Iterator[Finding]:
    if "*" in shape:
        shape = dict.fromkeys(filter(_NAME.fullmatch, value), shape["*"])
    for name in sorted(value.keys() - shape.keys()):
        plain = name.encode("ascii", "backslashreplace").decode()
        yield Finding(f"{where}.{plain}", "does not belong in a draw file")
    for name in sorted(shape.keys() - value.keys()):
        yield Finding(f"{where}.{name}", "is missing")
    for name in sorted(shape.keys() & value.keys()):
        yield from misfits(value[name], shape[name], f"{where}.{name}")
