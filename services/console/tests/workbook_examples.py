"""An entity's file as the services tell it, and what they call things."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from console_service.upstream.entity import EntityFile

EXAMPLES = json.loads((Path(__file__).parent / "fact_texts.json").read_text(encoding="utf-8"))
NAMES: Mapping[str, Any] = {
    **EXAMPLES["names"],
    "sections": [{"code": "F", "zh": "批发和零售业", "en": "Wholesale and retail"}],
    "sectors": [{"code": "food", "zh": "食品", "en": "Food"}],
    "models": [{"code": "general@1", "zh": "通用模型", "en": "General model"}],
    "families": [{"code": "listed", "zh": "列入名录、名单", "en": "Entered on a list"}],
}
MADE = {"at": "2026-11-27T05:30:00Z", "by": "安娜"}
FILE = EntityFile(
    entity={
        "uscc": "91510104YY0000079X",
        "name": "虚构店",
        "status": "active",
        "area_code": "5101Z1",
        "industry": "",
        "inferred_industry": "F5212",
        "entity_type": "1150",
        "established_on": "2021-03-01",
        "capital_fen": 1_000_000_000,
        "address": "虚构路1号",
        "legal_person_ref": "p-1",
        "platforms": ["mall", "market"],
        "sectors": ["food"],
    },
    explained={
        "risk_class": "C",
        "score": 512.5,
        "flags": ["observed", "manual"],
        "model": "general@1",
        "decided_at": "2026-11-26T16:30:00Z",
        "sentence_zh": "该主体风险较高。",
        "sentence_en": "Its risk is elevated.",
        "indicators": [
            {
                "zh": "许可有效",
                "en": "Licensed",
                "unit": "yes_no",
                "value": 1,
                "points": -2,
                "sentence": "有许可",
            },
            {"zh": "合格率", "en": "Pass rate", "unit": "share", "value": 0.125, "points": 3.25},
            {"zh": "年限", "en": "Age", "unit": "year", "value": 5.0, "points": 0.0},
        ],
    },
    lists={
        "facts": [
            {
                "type": "licence_granted",
                "source": "registry",
                "fact_id": "F-1",
                "occurred_at": "2026-06-01T16:30:00Z",
                "counts": False,
                "particulars": {"licence_kind": "food_production", "valid_until_day": 21759},
            }
        ],
        "signals": [
            {
                "signal_id": "S-1",
                "family": "listed",
                "severity": "alarm",
                "suggested_step": "order_correction",
                "state": "open",
                "evidence": ["registry|F-1", "registry|F-2"],
            }
        ],
        "tasks": [
            {
                "draw_id": "D-1",
                "items": ["publicity", "registration"],
                "inspectors": ["i-1", "i-2"],
                "state": "assigned",
                "result_codes": ["no_problem"],
            }
        ],
        "records": [
            {
                "record_id": "007",
                "kind": "abnormal_listing",
                "tier": "listing",
                "reason": "unreachable",
                "state": "open",
                "published_on": "2026-06-01",
                "fine_fen": 0,
            },
            {
                "record_id": "008",
                "kind": "penalty",
                "tier": "never_published",
                "penalty_kinds": ["fine", "warning"],
                "violation": "hygiene",
                "state": "open",
                "published_on": None,
                "fine_fen": 150,
            },
        ],
        "notices": [
            {
                "title_zh": "信用修复告知书",
                "title_en": "Repair notice",
                "issued_on": "2026-06-02",
                "channel": "outbox_folder",
                "state": "delivered",
            }
        ],
    },
    cut=frozenset(),
    names={},
)
