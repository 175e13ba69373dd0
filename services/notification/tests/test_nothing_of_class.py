"""No risk class and no score can leave: not in a template, not in an event, not in a payload, not in an answer."""

import re
from importlib import resources
from typing import Any

import pytest
from contracts.notification import v1_pb2
from notification_service import consumer
from notification_service.http_api import clues as clue_routes
from notification_service.http_api import notices as notice_routes
from notification_service.http_api import platforms as platform_routes
from notification_service.model import Delivery, DeliveryKind, Secrets
from notification_service.rules import clues
from notification_service.rules.localised import Language
from pydantic import BaseModel

FORBIDDEN = re.compile(
    r"\bclass\b|\bclasses\b|risk[ _-]?class|\bscore|\brating|\bgrade|risk[ _-]?level|"
    r"风险等级|风险分类|信用等级|风险类别|评分|得分|分值|分级|[ABCD]\s*[类級级]",
    re.IGNORECASE,
)


def test_the_pattern_finds_what_it_must_find() -> None:
    """A net with holes would let every other test here pass."""
    for text in ("A类企业", "风险等级：高", "risk_class", "credit score", "D 级", "信用评分"):
        assert FORBIDDEN.search(text), text
    for text in ("classification-free", "telescope", "行政处罚"):
        assert not FORBIDDEN.search(text), text


def test_no_pack_speaks_of_class_or_score(packs: Any) -> None:
    """Letters, words, offices and clue kinds, in both languages."""
    folder = resources.files("notification_service") / "packs"
    files = [
        *(folder / "templates").iterdir(),
        *(folder / f"{n}.yaml" for n in ("words", "offices", "clues")),
    ]

    for file in files:
        assert not FORBIDDEN.search(file.read_text(encoding="utf-8")), file.name
    for template in packs.catalogue.all():
        for language in Language:
            assert not FORBIDDEN.search(template.text.text(language)), template.code


def test_no_event_has_a_field_for_it() -> None:
    """What has no field cannot be filled by mistake."""
    for name, message in v1_pb2.DESCRIPTOR.message_types_by_name.items():
        for field in message.fields:
            assert not FORBIDDEN.search(field.name), f"{name}.{field.name}"


def test_the_payload_of_a_clue_has_these_members_and_no_other(packs: Any, make: Any) -> None:
    """The least a platform needs; a new member must be a decision, not an accident."""
    (clue,) = clues.clues_of(make.signal(), [make.platform()], set(), packs.kinds, lambda: make.salt)
    payload = clues.payload(
        Delivery("m", DeliveryKind.CREATED, clue, "川味小馆", make.now, "", Secrets("whsec_x"), 1)
    )

    assert set(payload) == {"type", "timestamp", "data"}
    assert set(payload["data"]) == {  # type: ignore[call-overload]
        "clue_id",
        "uscc",
        "name",
        "kind",
        "severity",
        "legal_basis",
        "evidence_digest",
        "due_on",
    }
    assert not FORBIDDEN.search(str(payload))
    withdrawn = clues.payload(
        Delivery("m", DeliveryKind.WITHDRAWN, clue, "川味小馆", make.now, "", Secrets("whsec_x"), 1)
    )
    assert withdrawn["data"] == {"clue_id": clue.clue_id, "uscc": make.uscc}


@pytest.mark.parametrize("module", [clue_routes, notice_routes, platform_routes])
def test_no_answer_has_a_field_for_it(module: Any) -> None:
    """Staff's answers too: this service does not know the class at all."""
    models = [
        value for value in vars(module).values() if isinstance(value, type) and issubclass(value, BaseModel)
    ]

    assert models
    for model in models:
        for name in model.model_fields:
            assert not FORBIDDEN.search(name), f"{model.__name__}.{name}"


def test_classification_is_not_even_listened_to(packs: Any, make: Any) -> None:
    """What this service never learns, it can never tell."""
    assert "creditloop.classification.v1" not in consumer.TOPICS
    notifier = consumer.Notifier(dict, packs.guidance, lambda: make.now)  # type: ignore[arg-type]
    assert not [name for name in consumer.handlers(notifier) if "classification" in name]
