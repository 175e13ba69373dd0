"""Reads the rule data shipped with the service: YAML files in `packs/`, checked when it starts."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from notification_service.rules.clues import ClueKind, ClueKinds
from notification_service.rules.localised import Localised, read_words
from notification_service.rules.notices import check_supplied
from notification_service.rules.offices import Offices
from notification_service.rules.retries import RetrySchedule, RetrySchedules
from notification_service.rules.templates import NoticeTemplate, TemplateCatalogue
from notification_service.store.rendering import JinjaRenderer


@dataclass(frozen=True, slots=True)
class Packs:
    """The rule data of this service, read and checked."""

    catalogue: TemplateCatalogue
    renderer: JinjaRenderer
    kinds: ClueKinds
    schedules: RetrySchedules


def read_packs(retry_time_scale: float = 1.0) -> Packs:
    """The packs shipped with the service; every waiting time is multiplied by `retry_time_scale`.

    Raises:
        TemplateFault: one of them cannot be used; the service does not start.
    """
    folder = resources.files("notification_service") / "packs"
    texts = [template.read_bytes() for template in sorted((folder / "templates").iterdir(), key=_name)]
    words, offices = ((folder / f"{name}.yaml").read_bytes() for name in ("words", "offices"))
    catalogue, renderer = read_templates(texts, words, offices)
    check_supplied(catalogue)
    return Packs(
        catalogue,
        renderer,
        _kinds(yaml.safe_load((folder / "clues.yaml").read_bytes())),
        _schedules(yaml.safe_load((folder / "retries.yaml").read_bytes()), retry_time_scale),
    )


def read_templates(
    templates: Sequence[bytes], words: bytes, offices: bytes
) -> tuple[TemplateCatalogue, JinjaRenderer]:
    """The templates that YAML texts describe, and what renders them.

    Raises:
        TemplateFault: one of them cannot be used.
    """
    catalogue = TemplateCatalogue([NoticeTemplate.read(yaml.safe_load(text)) for text in templates])
    places = Offices.read(yaml.safe_load(offices))
    return catalogue, JinjaRenderer(catalogue, read_words(yaml.safe_load(words)), places)


def _name(entry: Traversable) -> str:
    return entry.name


def _kinds(document: Any) -> ClueKinds:
    return {
        family: ClueKind(
            Localised.read(entry["name"], f"clues.{family}"),
            str(entry["legal_basis"]),
            int(entry["answer_within_working_days"]),
        )
        for family, entry in document["families"].items()
    }


def _schedules(document: Any, scale: float) -> RetrySchedules:
    return RetrySchedules(_schedule(document["webhook"], scale), _schedule(document["letter"], scale))


def _schedule(entry: Any, scale: float) -> RetrySchedule:
    return RetrySchedule(tuple(float(delay) for delay in entry["delays_s"]), float(entry["jitter"]), scale)
