"""The plans, items and neighbours shipped with the service."""

from importlib.resources import files
from typing import Any

import yaml

from sampling_service.model.plans import Packs
from sampling_service.rules.packs import items_of, neighbours_of, plan_of

_PACKS = files("sampling_service").joinpath("packs")


def shipped() -> Packs:
    """Everything under `packs/`.

    Raises:
        InvalidPack: One of them contradicts itself or the law's floor.
    """
    names = sorted(entry.name for entry in _PACKS.joinpath("plans").iterdir() if entry.name.endswith(".yaml"))
    plans = [plan_of(_document(f"plans/{name}")) for name in names]
    return Packs(
        {plan.id: plan for plan in plans},
        items_of(_document("items.yaml")),
        neighbours_of(_document("neighbours.yaml")),
    )


def _document(name: str) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(_PACKS.joinpath(name).read_text(encoding="utf-8"))
    return document
