"""The packs as YAML says them, without the service's reader."""

from importlib.resources import files
from typing import Any

import yaml

Row = dict[str, Any]
_SERVICE = files("profiling_service").joinpath("packs")
_VOCABULARY = files("vocabulary").joinpath("packs")


def _read(entry: Any) -> Any:
    return yaml.safe_load(entry.read_text(encoding="utf-8"))


def _rows(name: str, table: str) -> dict[str, Row]:
    return {row["code"]: row for row in _read(_VOCABULARY.joinpath(f"{name}.yaml"))[table]["rows"]}


def _coded(folder: str, table: str) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for entry in _SERVICE.joinpath(folder).iterdir():
        pack = _read(entry)
        found |= {row["code"]: {**pack.get("defaults", {}), **row} for row in pack[table]}
    return found


FORMS: dict[str, Row] = _read(_SERVICE.joinpath("facts.yaml"))["forms"]
"""How each type of fact is read."""
INDICATORS = _coded("indicators", "indicators")
"""Every indicator by its code."""
FAMILIES = _coded("signals", "families")
"""Every family of signals by its code."""
PLACES: list[str] = _read(_SERVICE.joinpath("positions.yaml"))["positions"]
"""The code at each place."""
RESULTS = _rows("result_codes", "national")
ENTITY_TYPES = _rows("entity_types", "types")
SECTORS = _rows("industries", "sectors")
