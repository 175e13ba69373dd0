"""Reads what is shipped with the console as data: `packs/*.json`, the words that page and workbook say for codes."""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

_PACKS = resources.files("console_service") / "packs"


@cache
def shipped_words() -> Mapping[str, Mapping[str, Any]]:
    """By pack and language, the word of each code; `fact_fields` also says which fields are told how."""
    found = (each for each in _PACKS.iterdir() if each.name.endswith(".json"))
    return {each.name.removesuffix(".json"): json.loads(each.read_text(encoding="utf-8")) for each in found}
