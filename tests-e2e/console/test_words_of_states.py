"""Whatever state a service may tell, each page that shows it has a word for it, so that no code is ever read."""

from collections.abc import Iterable

import pytest
from classification_service.model.governing import WentLive
from classification_service.model.intervention import InterventionKind, ObjectionState, Standing
from classification_service.model.risk_model import Kind
from ingestion_service.model.file import FileState, JobKind, JobState
from ingestion_service.model.verdict import Outcome
from notification_service.model.clues import ClueAction, ClueState
from notification_service.model.notices import NoticeState
from profiling_service.http_api.signal_lists import SeverityName, State
from profiling_service.model.work import Action
from reading import words
from repair_service.model import RecordKind, StopReason, Tier

_SHOWN = [
    ("floors/collection/text.ts", "", FileState),
    ("floors/collection/text.ts", "job_", JobKind),
    ("floors/collection/text.ts", "", JobState),
    ("floors/collection/text.ts", "", Outcome),
    ("floors/warnings/text.ts", "state_", State),
    ("floors/warnings/text.ts", "", SeverityName),
    ("floors/warnings/text.ts", "", Action),
    ("floors/repair/text.ts", "kind_", RecordKind),
    ("floors/repair/text.ts", "tier_", Tier),
    ("floors/repair/text.ts", "stop_", StopReason),
    ("floors/repair/text.ts", "", NoticeState),
    ("floors/repair/text.ts", "tab_", ObjectionState),
    ("floors/models/text.ts", "", Kind),
    ("floors/models/text.ts", "", WentLive),
    ("floors/models/interventions/interventionText.ts", "", InterventionKind),
    ("floors/models/interventions/interventionText.ts", "", Standing),
    ("floors/entity/relationText.ts", "notice_", NoticeState),
    ("floors/entity/supervisionText.ts", "notice_", NoticeState),
    ("floors/entity/supervisionText.ts", "clue_", ClueState),
    ("floors/entity/supervisionText.ts", "severity_", SeverityName),
    ("floors/entity/supervisionText.ts", "state_", State),
    ("floors/entity/supervisionText.ts", "kind_", RecordKind),
    ("floors/entity/supervisionText.ts", "tier_", Tier),
    ("floors/entity/peopleText.ts", "kind_", InterventionKind),
    ("floors/entity/peopleText.ts", "state_", Standing),
    ("floors/entity/peopleText.ts", "objection_", ObjectionState),
    ("floors/outside/text.ts", "", NoticeState),
    ("floors/outside/text.ts", "", RecordKind),
    ("floors/outside/text.ts", "", SeverityName),
    ("floors/outside/text.ts", "", ClueAction),
]


@pytest.mark.parametrize(("file", "prefix", "codes"), _SHOWN)
def test_every_code_a_page_shows_has_a_word(file: str, prefix: str, codes: Iterable[str]) -> None:
    """In Chinese; a dictionary whose English lacks one is not compiled."""
    known = words(file)

    assert [code for code in codes if f"{prefix}{code}" not in known] == []
